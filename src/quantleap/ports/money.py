"""Charges and the ledger."""

from collections.abc import Iterator
from typing import Protocol

from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.ledger import LedgerTransaction
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.periods import Month
from quantleap.ports.unit_of_work import Write


class Charges(Protocol):
    """What was charged, one a subscription and period."""

    def get(self, mode: Mode, charge_id: str) -> Charge | None:
        """The charge, seeing every commit that returned before."""

    def posting(self, mode: Mode, charge: Charge) -> list[Write]:
        """Stage a new charge. Refused with PeriodNotChargeableError when that period was charged before."""

    def refunding(self, mode: Mode, before: Charge, after: Charge) -> list[Write]:
        """Stage what was refunded of it. Refused with ConcurrentUpdateError when it is no longer `before`."""


class Ledger(Protocol):
    """Append-only double entry, kept by partner (direct subscriptions apart) and month of posting."""

    def of_month(self, partner_id: PartnerId | None, month: Month) -> Iterator[LedgerTransaction]:
        """Everything posted in that month (Asia/Kolkata) in order, seeing every commit that returned before.

        Raises CorruptDataError, LedgerCorruptError when what is stored is not what was posted.
        """

    def posted(self, transaction_id: str) -> LedgerTransaction | None:
        """The transaction with a reference that was posted under that id, seeing every commit that returned before."""

    def appending(self, transaction: LedgerTransaction) -> list[Write]:
        """Stage a transaction.

        One with a reference is refused with ConcurrentUpdateError when its id was posted: read it with `posted`. A
        charge is kept single by its Charge, staged beside it.
        """
