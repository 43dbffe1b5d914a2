"""A pass over every record, by a scan of the table."""

from collections.abc import Callable, Iterator

from quantleap.adapters.store.records.values import Reading
from quantleap.adapters.store.repositories.whole_records import COUNTED, READERS
from quantleap.adapters.store.seam import Engine, Item
from quantleap.domain.errors import QuantleapError
from quantleap.ports.verification import CountedRecord, LiveHolder, Record, StoredCount, Unreadable


class ScannedStore:
    """See `quantleap.ports.verification.WholeStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def records(self) -> Iterator[Record]:
        """The pages of a scan. What is of no known kind is unreadable."""
        for item in self._items():
            yield from _read(item)

    def counted(self) -> Iterator[CountedRecord]:
        """The same; whatever else there is, is not read."""
        for item in self._items():
            if item.get("entity_type") in COUNTED:
                for record in _read(item):
                    if isinstance(record, LiveHolder | StoredCount | Unreadable):
                        yield record

    def _items(self) -> Iterator[Item]:
        page = self._engine.scan()
        yield from page.items
        while page.next is not None:
            page = self._engine.scan(page.next)
            yield from page.items


def _read(item: Item) -> Iterator[Record]:
    """What the item says up to where it cannot be read, and why it cannot."""
    try:
        yield from _reader(item)(item)
    except QuantleapError as error:
        yield Unreadable(error)


def _reader(item: Item) -> Callable[[Item], Iterator[Record]]:
    entity_type = Reading(item).text("entity_type")
    reader = READERS.get(entity_type)
    if reader is None:
        raise Reading(item).corrupt("entity_type", f"is {entity_type}, which this library does not write")
    return reader
