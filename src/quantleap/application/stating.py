"""Partners' monthly statements, from the ledger and from nothing else."""

from collections.abc import Iterator

from quantleap.domain.commissions.statement import Statement, state_month
from quantleap.domain.errors import InvalidInputError, NotTheOwnerError, PartnerNotFoundError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.periods import Month, kolkata_date
from quantleap.domain.principals import PartnerBackend, Principal, require_admin, require_permission
from quantleap.domain.validation import checked_instance
from quantleap.ports.money import Ledger
from quantleap.ports.partners import Partners
from quantleap.ports.system import Clock

DEFAULT_CURRENCY = "INR"


class Stating:
    """Reads statements. A partner reads its own, an admin any."""

    def __init__(self, partners: Partners, ledger: Ledger, clock: Clock) -> None:
        self._partners = partners
        self._ledger = ledger
        self._clock = clock

    def statement(
        self, by: Principal, partner_id: PartnerId, month: Month, *, currency: str = DEFAULT_CURRENCY
    ) -> Statement:
        """The open statement of that month (Asia/Kolkata), its opening balance carried over from every month before.

        Raises PartnerNotFoundError, NotTheOwnerError, InvalidInputError for a month that has not begun.
        """
        checked_instance(partner_id, PartnerId, "partner_id")
        checked_instance(month, Month, "month")
        _require_reader(by, partner_id)
        partner = self._partners.get(partner_id)
        if partner is None:
            raise PartnerNotFoundError(str(partner_id))
        if month > Month.of(kolkata_date(self._clock.now())):
            raise InvalidInputError("month", "has not begun yet")
        opening = 0
        for earlier in _months(Month.of(kolkata_date(partner.created_at)), month):
            opening = self._state(partner_id, earlier, currency, opening).closing_minor
        return self._state(partner_id, month, currency, opening)

    def _state(self, partner_id: PartnerId, month: Month, currency: str, opening_minor: int) -> Statement:
        postings = self._ledger.of_month(partner_id, month)
        return state_month(partner_id, month, currency, postings, opening_minor=opening_minor)


def _require_reader(by: Principal, partner_id: PartnerId) -> None:
    match by:
        case PartnerBackend(partner_id=own):
            require_permission(by, Permission.ANALYTICS_READ)
            if own != partner_id:
                raise NotTheOwnerError
        case _:
            require_admin(by)


def _months(first: Month, before: Month) -> Iterator[Month]:
    """From that month to the one before the other."""
    month = first
    while month < before:
        yield month
        month = month.following
