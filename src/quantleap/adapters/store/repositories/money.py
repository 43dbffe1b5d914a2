"""Charges and the ledger over any engine."""

from collections.abc import Iterator

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.money import (
    charge_item,
    ledger_item,
    posted_item,
    read_charge,
    read_ledger_item,
    read_posted_key,
)
from quantleap.adapters.store.repositories.paging import every_item
from quantleap.adapters.store.seam import AllOf, Engine, Equals, Item, ItemAbsent, Put, Query, Update
from quantleap.adapters.store.unit_of_work import StagedWrite
from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.ledger import LedgerTransaction, TransactionKind
from quantleap.domain.errors import ConcurrentUpdateError, DomainError, PeriodNotChargeableError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.periods import Month
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.unit_of_work import Write


class StoredCharges:
    """See `quantleap.ports.money.Charges`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, mode: Mode, charge_id: str) -> Charge | None:
        """One consistent get."""
        item = self._engine.get(keys.charge(mode, charge_id), consistent=True)
        return None if item is None else read_charge(item)

    def posting(self, mode: Mode, charge: Charge) -> list[Write]:
        """One put that must find nothing."""

        def charged(_: Item | None) -> DomainError:
            return PeriodNotChargeableError(charge.subscription_id, charge.period.index, "it was charged before")

        return [StagedWrite(Put(charge_item(mode, charge), ItemAbsent()), charged)]

    def refunding(self, mode: Mode, before: Charge, after: Charge) -> list[Write]:
        """One update, conditional on what was refunded before: two refunds at once cannot both count from there."""

        def changed(_: Item | None) -> DomainError:
            return ConcurrentUpdateError(f"charge {before.charge_id}")

        update = Update(
            keys.charge(mode, before.charge_id),
            assign={"refunded_minor": after.refunded_minor, "clawed_back_minor": after.clawed_back_minor},
            add={"version": 1},
            condition=AllOf(
                (
                    Equals("refunded_minor", before.refunded_minor),
                    Equals("clawed_back_minor", before.clawed_back_minor),
                )
            ),
        )
        return [StagedWrite(update, changed)]


class StoredLedger:
    """See `quantleap.ports.money.Ledger`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_month(self, partner_id: PartnerId | None, month: Month) -> Iterator[LedgerTransaction]:
        """The pages of one consistent query."""
        book = keys.ledger_month(None if partner_id is None else str(partner_id), month)
        return map(read_ledger_item, every_item(self._engine, Query(book, consistent=True)))

    def posted(self, transaction_id: str) -> LedgerTransaction | None:
        """Two consistent gets."""
        where = self._engine.get(keys.posted_transaction(transaction_id), consistent=True)
        if where is None:
            return None
        item = self._engine.get(read_posted_key(where), consistent=True)
        if item is None:
            raise CorruptDataError(f"transaction {transaction_id}", "it was posted and is not in its book")
        return read_ledger_item(item)

    def appending(self, transaction: LedgerTransaction) -> list[Write]:
        """A put into the book that must find nothing; and for one with a reference, the put that keeps it single."""

        def posted(_: Item | None) -> DomainError:
            return ConcurrentUpdateError(f"transaction {transaction.transaction_id}")

        writes: list[Write] = [StagedWrite(Put(ledger_item(transaction), ItemAbsent()), posted)]
        if transaction.kind is not TransactionKind.CHARGE:
            writes.append(StagedWrite(Put(posted_item(transaction), ItemAbsent()), posted))
        return writes
