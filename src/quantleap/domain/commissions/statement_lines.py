"""The lines of a statement, and the one spelling of each that the Merkle tree is over. Amounts are in minor units."""

from attrs import field, frozen

from quantleap.domain import identifiers
from quantleap.domain.canonical import canonical_json
from quantleap.domain.money import MAX_MINOR
from quantleap.domain.periods import MAX_PERIOD_INDEX
from quantleap.domain.validation import checked_by, whole_number


@frozen(kw_only=True)
class ChargeLine:
    """One period of one subscription: what the month's postings charged, refunded, earned and clawed back of it.

    A refund of an earlier month's charge is a line with nothing charged.
    """

    subscription_id: str = field(validator=checked_by(identifiers.subscription_id))
    period_index: int = field(validator=whole_number(0, MAX_PERIOD_INDEX))
    charged_minor: int = field(validator=whole_number(0, MAX_MINOR))
    refunded_minor: int = field(validator=whole_number(0, MAX_MINOR))
    commission_minor: int = field(validator=whole_number(0, MAX_MINOR))
    clawed_back_minor: int = field(validator=whole_number(0, MAX_MINOR))

    @property
    def net_commission_minor(self) -> int:
        """What the partner earned by it: commission less what was clawed back; may be below zero."""
        return self.commission_minor - self.clawed_back_minor

    def canonical(self) -> bytes:
        """The line as RFC 8785 JSON in UTF-8."""
        return _spelled(
            {
                "kind": "CHARGE",
                "subscription_id": self.subscription_id,
                "period_index": self.period_index,
                "charged_minor": self.charged_minor,
                "refunded_minor": self.refunded_minor,
                "commission_minor": self.commission_minor,
                "clawed_back_minor": self.clawed_back_minor,
                "net_commission_minor": self.net_commission_minor,
            }
        )


@frozen(kw_only=True)
class AdjustmentLine:
    """A correction of the partner's balance: above zero in the partner's favour."""

    reference: str = field(validator=checked_by(identifiers.reference))
    reason: str
    amount_minor: int = field(validator=whole_number(-MAX_MINOR, MAX_MINOR))

    def canonical(self) -> bytes:
        """The line as RFC 8785 JSON in UTF-8."""
        return _spelled(
            {
                "kind": "ADJUSTMENT",
                "reference": self.reference,
                "reason": self.reason,
                "amount_minor": self.amount_minor,
            }
        )


@frozen(kw_only=True)
class PayoutLine:
    """A settlement: it lowers the partner's balance by `amount_minor`, above zero."""

    reference: str = field(validator=checked_by(identifiers.reference))
    amount_minor: int = field(validator=whole_number(1, MAX_MINOR))

    def canonical(self) -> bytes:
        """The line as RFC 8785 JSON in UTF-8."""
        return _spelled({"kind": "PAYOUT", "reference": self.reference, "amount_minor": self.amount_minor})


def _spelled(line: dict[str, object]) -> bytes:
    return canonical_json(line).encode()
