"""The split of a charge between partner and platform."""

from attrs import frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.money import Money, divide_half_up
from quantleap.domain.rates import BASIS_POINTS_PER_WHOLE, Rate


@frozen
class CommissionSplit:
    """The two parts of a charge, in minor units of `currency`, neither below zero; together they are the charge.

    Held as whole numbers because every charge of a billing run makes one;
    `partner` and `platform` give them as Money.
    """

    partner_minor: int
    platform_minor: int
    currency: str

    def __attrs_post_init__(self) -> None:
        if self.partner_minor < 0 or self.platform_minor < 0:
            raise InvalidInputError("amount", "must not be negative")

    @property
    def partner(self) -> Money:
        """The partner's commission."""
        return Money(self.partner_minor, self.currency)

    @property
    def platform(self) -> Money:
        """The platform's revenue."""
        return Money(self.platform_minor, self.currency)


def split_charge(amount: Money, rate: Rate) -> CommissionSplit:
    """Commission is the rate's share of the charge, rounded half-up to the minor unit; the platform takes the rest.

    A negative amount is an InvalidInputError.
    """
    charged = amount.minor
    commission = divide_half_up(charged * rate.bps, BASIS_POINTS_PER_WHOLE)
    return CommissionSplit(commission, charged - commission, amount.currency)
