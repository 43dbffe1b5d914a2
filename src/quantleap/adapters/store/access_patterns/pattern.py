"""One way in which the table is read or written, as data."""

from enum import StrEnum

from attrs import frozen

from quantleap.adapters.store.entities import Entity
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY, Index


class Operation(StrEnum):
    """A request, by the service's name for it. EXPIRE is none there: its service removes by itself."""

    GET = "GetItem"
    BATCH_GET = "BatchGetItem"
    QUERY = "Query"
    SCAN = "Scan"
    PUT = "PutItem"
    UPDATE = "UpdateItem"
    TRANSACT = "TransactWriteItems"
    READ_STREAM = "GetRecords"
    EXPIRE = "time to live"


@frozen
class AccessPattern:
    """One way in which items are read or written.

    It touches an item of each of `entities`, and of some of `at_times`; a transaction that only checks an item touches
    it too. A Query asks the `index` (None: the table) for one partition of its only entity, narrowed where
    `begins_with` gives the beginning of the sort key or `between` the form of its two bounds. `requests` is how many
    one call of a use case sends, conflicts and throttling aside.
    """

    name: str
    operation: Operation
    entities: tuple[Entity, ...]
    used_by: tuple[str, ...]
    at_times: tuple[Entity, ...] = ()
    index: Index | None = None
    begins_with: str | None = None
    between: str | None = None
    consistent: bool = False
    requests: str = "1"

    @property
    def partition(self) -> str | None:
        """The form of the partition that a Query asks for; None of every other request."""
        if self.operation is not Operation.QUERY:
            return None
        return self.entities[0].pattern_of(PARTITION_KEY if self.index is None else self.index.partition)

    @property
    def key_condition(self) -> tuple[str, ...]:
        """What a Query asks of the keys, as the service spells it; of every other request nothing."""
        if self.operation is not Operation.QUERY:
            return ()
        keys = (PARTITION_KEY, SORT_KEY) if self.index is None else (self.index.partition, self.index.sort)
        narrowed = () if self.begins_with is None else (f"begins_with({keys[1]}, {self.begins_with})",)
        spanned = () if self.between is None else (f"{keys[1]} BETWEEN {self.between} AND {self.between}",)
        return (f"{keys[0]} = {self.partition}", *narrowed, *spanned)
