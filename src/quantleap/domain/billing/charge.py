"""The charge of one period of a subscription, what was refunded of it, and the bounds that keep it safe."""

import re
from datetime import datetime

from attrs import evolve, field, frozen, validators

from quantleap.domain import identifiers
from quantleap.domain.commissions.commission import CommissionSplit, split_charge
from quantleap.domain.commissions.reversal import Reversal, clawback_due, reverse
from quantleap.domain.errors import InvalidInputError, PeriodNotChargeableError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.money import Money
from quantleap.domain.periods import BillingPeriod, kolkata_date
from quantleap.domain.rates import Rate
from quantleap.domain.validation import checked_by, checked_int, instance_of, instant, require

_CHARGE_ID = re.compile(r"chg_(sub_[a-z0-9]+_[A-Za-z0-9]+)_([0-9]{4})")


def charge_id(subscription_id: str, period_index: int) -> str:
    """The id of that period's charge: `chg_sub_zebu_0190a3f2_0003`."""
    return f"chg_{subscription_id}_{period_index:04d}"


def parse_charge_id(spelled: object, *, field: str = "charge_id") -> tuple[str, int]:
    """The subscription id and period index that a charge id names."""
    match = _CHARGE_ID.fullmatch(spelled) if isinstance(spelled, str) else None
    if match is None:
        raise InvalidInputError(field, "must be a charge id such as chg_sub_zebu_0190a3f2_0003")
    return identifiers.subscription_id(match[1], field), int(match[2])


@frozen(kw_only=True)
class Charge:
    """What one period cost, at the rate agreed, and what was given back since.

    `commission` is `rate` of `amount` (at least 0), rounded half-up; a direct subscription (no partner) has none.
    `clawed_back_minor` is always what `refunded_minor` claws back; both are minor units of the amount's currency.
    A subscription's periods tile from one first day, which never changes: no two of its charges are for the same day.
    """

    subscription_id: str = field(validator=checked_by(identifiers.subscription_id))
    partner_id: PartnerId | None = field(validator=validators.optional(instance_of(PartnerId)))
    basket_id: str = field(validator=checked_by(identifiers.template_id))
    period: BillingPeriod = field(validator=instance_of(BillingPeriod))
    amount: Money = field(validator=instance_of(Money))
    rate: Rate = field(validator=instance_of(Rate))
    commission: Money
    posted_at: datetime = field(validator=instant)
    refunded_minor: int = 0
    clawed_back_minor: int = 0

    def __attrs_post_init__(self) -> None:
        require(self.partner_id is not None or self.rate.bps == 0, "rate", "must be 0% without a partner")
        require(self.commission == self.split.partner, "commission", "must be the rate's share of the amount")
        checked_int(self.refunded_minor, "refunded_minor", 0, self.amount.minor)
        due = self._clawed_back_at(self.refunded_minor)
        require(self.clawed_back_minor == due, "clawed_back_minor", "must be what refunded_minor claws back")

    @classmethod
    def of_period(
        cls,
        *,
        subscription_id: str,
        partner_id: PartnerId | None,
        basket_id: str,
        period: BillingPeriod,
        amount: Money,
        rate: Rate,
        posted_at: datetime,
    ) -> "Charge":
        """The charge of a period. Before its first day (Asia/Kolkata) it is a PeriodNotChargeableError."""
        if kolkata_date(posted_at) < period.start:
            reason = f"it is not due before {period.start.isoformat()}"
            raise PeriodNotChargeableError(subscription_id, period.index, reason)
        return cls(
            subscription_id=subscription_id,
            partner_id=partner_id,
            basket_id=basket_id,
            period=period,
            amount=amount,
            rate=rate,
            commission=split_charge(amount, rate).partner,
            posted_at=posted_at,
        )

    @property
    def charge_id(self) -> str:
        """`chg_{subscription_id}_{index}`: a period of a subscription has one charge."""
        return charge_id(self.subscription_id, self.period.index)

    @property
    def split(self) -> CommissionSplit:
        """The charge's two parts, as the ledger posts them."""
        return split_charge(self.amount, self.rate)

    @property
    def platform_share(self) -> Money:
        """The platform's part: the amount less the commission."""
        return self.amount - self.commission

    @property
    def refundable(self) -> Money:
        """What is left to refund."""
        return self.amount - self._money(self.refunded_minor)

    def refund(self, amount: Money) -> tuple["Charge", Reversal]:
        """The charge after that refund, and what the refund takes back of each part.

        Another currency is a CurrencyMismatchError, zero or less an InvalidInputError, more than is left a
        RefundExceedsChargeError.
        """
        reversal = reverse(
            charge_id=self.charge_id,
            charged=self.amount,
            commission=self.commission,
            refunded=self._money(self.refunded_minor),
            clawed_back=self._money(self.clawed_back_minor),
            refund=amount,
        )
        refunded_minor = self.refunded_minor + reversal.refund.minor
        clawed_back_minor = self.clawed_back_minor + reversal.clawback.minor
        return evolve(self, refunded_minor=refunded_minor, clawed_back_minor=clawed_back_minor), reversal

    def _money(self, minor: int) -> Money:
        return Money(minor, self.amount.currency)

    def _clawed_back_at(self, refunded_minor: int) -> int:
        if refunded_minor == 0:
            return 0
        refunded = self._money(refunded_minor)
        return clawback_due(charged=self.amount, commission=self.commission, refunded=refunded).minor
