"""The seam between repositories and engines: reads, conditions and writes as data.

It serves this project's table and its access patterns, and promises no more than DynamoDB can keep.
Refusals are `StoreError`s of this module, which repositories turn into errors of the domain. Faults are the ports'
UnavailableError as well, so that they pass through to whoever called a repository.

Its values check nothing, so that they are msgspec's: those cost a start nothing, where attrs compiles methods for each.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, Union

from msgspec import Struct

from quantleap.ports.errors import BusyError, UnavailableError

Value: TypeAlias = Union[str, int, bool, "list[Value]", "dict[str, Value]", None]
"""What an attribute may hold. Integers only, of 64 bits: an exact decimal is stored as text or in scaled units."""

Item: TypeAlias = dict[str, Value]
"""One record: its two key attributes and whatever else. An engine never hands out an item it keeps."""

MAX_TRANSACTION_WRITES = 100
"""Writes one transaction may hold. Source: DynamoDB, TransactWriteItems."""

MAX_ITEM_BYTES = 400 * 1024
"""Largest item. Source: DynamoDB, item size limit."""

MAX_TRANSACTION_BYTES = 4 * 1024 * 1024
"""Largest sum of the items a transaction leaves behind. Source: DynamoDB, TransactWriteItems."""

MAX_PARTITION_BYTES = 2048
"""Longest partition key, of the table and of an index. Source: DynamoDB, partition key length."""

MAX_SORT_BYTES = 1024
"""Longest sort key, of the table and of an index. Source: DynamoDB, sort key length."""

MAX_DEPTH = 31
"""Lists and maps inside one another; what is in the innermost is level 32. Source: DynamoDB, nested depth."""

MAX_INTEGER = 2**63 - 1
"""Largest integer, and its negative less one the smallest. Source: SQLite, INTEGER (DynamoDB keeps 38 digits)."""

MAX_READ_KEYS = 100
"""Keys one `get_many` may ask for. Source: DynamoDB, BatchGetItem."""


class Key(Struct, frozen=True, order=True):
    """Where an item is: the values of the table's partition and sort key, neither empty, neither with a NUL in it."""

    partition: str
    sort: str


# Conditions: each is asked of the item at the write's key, as it is at the instant of the commit.


class ItemAbsent(Struct, frozen=True):
    """There is no item."""


class ItemPresent(Struct, frozen=True):
    """There is an item."""


class Equals(Struct, frozen=True):
    """The attribute is there and equals the value, type included (1 is not True). False where there is no item."""

    attribute: str
    value: str | int | bool


class OneOf(Struct, frozen=True):
    """The attribute is there and equals one of the values. False where there is no item."""

    attribute: str
    values: tuple[str, ...]


class Missing(Struct, frozen=True):
    """The item lacks the attribute. True where there is no item."""

    attribute: str


class ShorterThan(Struct, frozen=True):
    """The attribute is a list of fewer than `length` elements. False where it is absent."""

    attribute: str
    length: int


class AtLeast(Struct, frozen=True):
    """The attribute is a number of at least `bound` (64 bits). False of anything else, and where it is absent."""

    attribute: str
    bound: int


class AtMost(Struct, frozen=True):
    """The attribute is a number of at most `bound` (64 bits). False of anything else, and where it is absent."""

    attribute: str
    bound: int


class AllOf(Struct, frozen=True):
    """Every condition holds (at least one is given)."""

    conditions: tuple["Condition", ...]


class AnyOf(Struct, frozen=True):
    """At least one condition holds (at least one is given)."""

    conditions: tuple["Condition", ...]


OfAttribute: TypeAlias = Equals | OneOf | Missing | ShorterThan | AtLeast | AtMost
Condition: TypeAlias = ItemAbsent | ItemPresent | OfAttribute | AllOf | AnyOf


# Writes


class Put(Struct, frozen=True):
    """Write the whole item, replacing what is at its key."""

    item: Item
    condition: Condition | None = None


class Update(Struct, frozen=True):
    """Change attributes of the item at `key`; where there is none it is made, so a condition says when that is wrong.

    `assign` sets attributes, `add` adds to numbers (from 0), `append` extends lists (from an empty one), `remove`
    drops attributes. An attribute stands in at most one of the four, and never in the key.
    """

    key: Key
    assign: Mapping[str, Value] = {}
    add: Mapping[str, int] = {}
    append: Mapping[str, list[Value]] = {}
    remove: tuple[str, ...] = ()
    condition: Condition | None = None


class Delete(Struct, frozen=True):
    """Remove the item at `key`; removing what is not there is no error unless the condition says so."""

    key: Key
    condition: Condition | None = None


class Check(Struct, frozen=True):
    """Only the condition: part of a transaction, writes nothing."""

    key: Key
    condition: Condition


Write: TypeAlias = Put | Update | Delete | Check


# Reads


class Query(Struct, frozen=True):
    """Items of one partition, of the table or (where `index` names one) of an index, in order of the sort key.

    `begins_with` and `between` (inclusive) narrow the sort key; at most one of them. `limit` bounds the page (None:
    as much as the engine reads at once), and an engine may return less with a `next` position; where it returns all
    there is, `next` is None. `after` is a position an earlier page gave. An index read gives
    projected attributes only and may be stale; a table read is consistent where `consistent` is set. Ties of an
    index's sort key come in an order of the engine's own, the same at every read.
    """

    partition: str
    index: str | None = None
    begins_with: str | None = None
    between: tuple[str, str] | tuple[int, int] | None = None
    limit: int | None = None
    after: "Position | None" = None
    descending: bool = False
    consistent: bool = False


Position: TypeAlias = Mapping[str, str | int]
"""Where a page ended: the key attributes of its last item (the index's too)."""


class Page(Struct, frozen=True):
    """One page of items, and the position to go on from (None: there is no more)."""

    items: list[Item]
    next: Position | None


class Change(Struct, frozen=True):
    """One committed change of one item: its images before and after (None: it was not there)."""

    key: Key
    old: Item | None
    new: Item | None


class ChangeBatch(Struct, frozen=True):
    """Some changes, the position the next batch goes on from (None: from the oldest kept), and if these are the last.

    `is_last` says that nothing more was there when it was read.
    """

    changes: list[Change]
    position: str | None
    is_last: bool


# Errors


class StoreError(Exception):
    """Anything an engine refuses or fails at."""


class Refusal(Struct, frozen=True):
    """Write number `index` of a transaction was refused by its condition; `old` is the item as it was, if any."""

    index: int
    old: Item | None


class WriteRefusedError(StoreError):
    """At least one condition did not hold; nothing was written. Every refused write is named."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(f"conditions refused: {[refusal.index for refusal in refusals]}")
        self.refusals = tuple(refusals)


class WriteConflictError(StoreError, BusyError):
    """Others held what it needed until the engine's own waiting and repeats were used up. Nothing was written."""


class InvalidWriteError(StoreError):
    """The write can never succeed, or not on the item that is there. Nothing was written.

    Never: an item too large, too many writes, one key twice, an update of a key attribute, a value of another type, a
    key attribute (of the table or of an index) that is empty, too long or of the wrong type, a condition of no parts,
    a bound that is no whole number of 64 bits.
    Not on that item: adding to what is no number, appending to what is no list; a refused condition is named before.
    """


class InvalidReadError(StoreError):
    """The read can never be answered: an unknown index, bounds of the wrong type or order, another query's position."""


class StoreUnavailableError(StoreError, UnavailableError):
    """The engine cannot be reached or used; the text says what to do. Whether a write went through may be unknown."""


class StoreMissingError(StoreUnavailableError):
    """There is no such table: it was never made, or is at another place."""


class Engine(Protocol):
    """What every engine does, and promises.

    Atomicity: `write` and `transact` are all or nothing, and serialisable with every other write.
    Durability: what returned is not lost by a crash of the process (the memory engine keeps nothing beyond it).
    Isolation: `get` and `get_many` with `consistent`, and a consistent table query, see every write that returned
    before they began.
    Threads: any method may be called from any thread at once.
    Faults: any method may raise StoreUnavailableError, and WriteConflictError while others hold all of the store.
    """

    def prepare(self, tell: Callable[[str], None] | None = None) -> None:
        """Create the table or file where it is missing, and bring an older one up to date; safe to repeat.

        `tell` is given a line for each step that may take long. Raises StoreUnavailableError.
        """

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        """The item at the key. Raises InvalidReadError (every read may)."""

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
        """The items at up to 100 different keys, in the order asked; each by itself, so a write may fall in between.

        May be stale unless `consistent`.
        """

    def query(self, query: Query) -> Page:
        """One page of a partition."""

    def scan(self, after: Position | None = None, *, limit: int = 1000) -> Page:
        """One page of the whole table, in an order of the engine's own. For `verify` and `recount` alone."""

    def write(self, write: Put | Update | Delete) -> Item | None:
        """Do one write; returns the item as it is after it.

        Raises WriteRefusedError (with the old item), InvalidWriteError.
        """

    def transact(self, writes: Sequence[Write]) -> None:
        """Do all of 1 to 100 writes on different keys, or none.

        Raises WriteRefusedError, WriteConflictError, InvalidWriteError.
        """

    def expire(self, at_s: int, *, limit: int) -> int:
        """Remove items whose expiry attribute is a number of at most that second (Unix time); returns how many.

        At most `limit` (1 to 100) at once, all or none; those of the earliest second first, ties in order of the
        table's key. Each is a change like any other. Where the service removes them, in its own time, this does nothing
        and returns 0. Raises InvalidWriteError.
        """

    def changes(self, after: str | None, *, limit: int = 1000) -> ChangeBatch:
        """At most `limit` committed changes after that position (None: from the oldest kept), at least once.

        The changes of one item come in order of commit. A write that leaves an item exactly as it was yields none, and
        neither does one of a kind that is not told (`table.NOT_TOLD`): a batch may hold none and not be the last.
        Raises InvalidReadError for a position that is not one of this feed, and FeedTrimmedError (of the ports) when
        some of what follows it is no longer kept.
        """

    def close(self) -> None:
        """Give back what the engine holds; it is not used afterwards."""
