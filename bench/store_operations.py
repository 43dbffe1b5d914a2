"""Four operations of the store, the same for every engine and every peer."""

from collections.abc import Sequence
from typing import Protocol

from bench.store_sample import PARTNER, SINCE, Subscribed, key_of
from quantleap.adapters.store.records.values import instant_text
from quantleap.adapters.store.seam import (
    AllOf,
    Engine,
    Equals,
    Item,
    ItemAbsent,
    Missing,
    OneOf,
    Put,
    Query,
    Update,
    Value,
)
from quantleap.adapters.store.table import PARTNER_SUBSCRIPTIONS
from quantleap.domain.subscriptions.status import LIVE_STATUSES

TABLE = "Bench"
PAGE = 100
PARTITION, STATUS_PREFIX = str(PARTNER), "ACTIVE#"
CHARGED_AT = instant_text(SINCE)


class Operations(Protocol):
    """What is timed: from the same plain values to the service, and from its answer to what the library gives."""

    def get(self) -> object:
        """A subscription, read consistently."""

    def page(self) -> Sequence[object]:
        """The first 100 active subscriptions of a partner, by its index, newest status first."""

    def update(self) -> object:
        """Charge the next period of a live subscription that is not parked; gives the item as it is after it."""

    def transact(self) -> object:
        """Subscribe one more: its marker, subscription and location, none of which may be there, and its allocation."""

    def plain(self, record: object) -> Item:
        """What the library gave for a record, in plain values. Never timed."""


class EngineOperations:
    """By an engine of the store."""

    def __init__(self, engine: Engine, own: Subscribed, to_write: Sequence[Subscribed]) -> None:
        self._engine = engine
        self._key = own.key
        self._charged = 0
        self._to_write = iter(to_write)

    def get(self) -> Item | None:
        """See `Operations.get`."""
        return self._engine.get(self._key, consistent=True)

    def page(self) -> list[Item]:
        """See `Operations.page`."""
        query = Query(
            PARTITION, index=PARTNER_SUBSCRIPTIONS.name, begins_with=STATUS_PREFIX, limit=PAGE, descending=True
        )
        return self._engine.query(query).items

    def update(self) -> Item | None:
        """See `Operations.update`."""
        charged, self._charged = self._charged, self._charged + 1
        still_due = AllOf((OneOf("status", LIVE_STATUSES), Missing("parked"), Equals("periods_charged", charged)))
        assign: dict[str, Value] = {"periods_charged": charged + 1, "charged_at": CHARGED_AT}
        return self._engine.write(Update(self._key, assign=assign, add={"version": 1}, condition=still_due))

    def transact(self) -> None:
        """See `Operations.transact`."""
        new = next(self._to_write)
        self._engine.transact(
            [
                Put(new.marker, ItemAbsent()),
                Put(new.subscription, ItemAbsent()),
                Put(new.location, ItemAbsent()),
                Put(new.allocation),
            ]
        )

    def plain(self, record: object) -> Item:
        """It is plain."""
        assert isinstance(record, dict)
        return record


def check(operations: Operations, engine: Engine, own: Subscribed, first_to_write: Subscribed) -> None:
    """That one call of each does what it must, as an engine of the store sees it; the call is spent."""
    partners = EngineOperations(engine, own, ())
    item = operations.plain(operations.get())
    assert item == own.subscription
    assert list(map(operations.plain, operations.page())) == partners.page()
    charged = {**item, "periods_charged": 1, "charged_at": CHARGED_AT, "version": 2}
    assert operations.plain(operations.update()) == charged
    assert engine.get(own.key, consistent=True) == charged
    operations.transact()
    written = engine.get_many([key_of(record) for record in first_to_write.items], consistent=True)
    assert written == list(first_to_write.items)
