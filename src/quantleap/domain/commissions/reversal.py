"""What a refund takes back from partner and platform, counted over all refunds of the charge so far.

Rounding each refund alone would be wrong: ten refunds of 1 paisa of a 10-paisa charge at 50 % would take back 10 paise
of a commission of 5.
"""

from attrs import field, frozen

from quantleap.domain.errors import InvalidInputError, RefundExceedsChargeError
from quantleap.domain.money import Money, divide_half_up
from quantleap.domain.validation import require


@frozen
class Reversal:
    """A refund, above zero, and the part of it that the partner gives back (from zero to all of it)."""

    refund: Money = field()
    clawback: Money = field()

    @refund.validator
    def _something(self, _: object, value: Money) -> None:
        require(value.minor > 0, "amount", "must be more than zero")

    @clawback.validator
    def _a_part_of_the_refund(self, _: object, value: Money) -> None:
        within = Money.zero(value.currency) <= value <= self.refund
        require(within, "clawback", "must be from zero to the refund")

    @property
    def platform_share(self) -> Money:
        """The rest of the refund, which the platform gives back."""
        return self.refund - self.clawback


def clawback_due(*, charged: Money, commission: Money, refunded: Money) -> Money:
    """Commission to be given back in all once `refunded` of the charge (above zero) is: its share, rounded half-up."""
    return Money(divide_half_up(commission.minor * refunded.minor, charged.minor), charged.currency)


def reverse(
    *, charge_id: str, charged: Money, commission: Money, refunded: Money, clawed_back: Money, refund: Money
) -> Reversal:
    """What `refund` takes back of a charge of which `refunded` was refunded and `clawed_back` given back before.

    A refund in another currency is a CurrencyMismatchError, one of zero or less an InvalidInputError, one above what is
    left a RefundExceedsChargeError. `clawed_back` that is not what `refunded` claws back is an InvalidInputError: the
    charge's past is not known, and nothing is guessed.
    """
    if refund <= Money.zero(charged.currency):
        raise InvalidInputError("amount", "must be more than zero")
    left = charged - refunded
    if left < refund:
        raise RefundExceedsChargeError(charge_id, left.minor)
    if clawed_back != clawback_due(charged=charged, commission=commission, refunded=refunded):
        raise InvalidInputError("clawed_back", "is not what the refunds so far claw back")
    due = clawback_due(charged=charged, commission=commission, refunded=refunded + refund)
    return Reversal(refund, due - clawed_back)
