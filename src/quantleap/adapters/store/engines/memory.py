"""The engine in memory: the executable model of the seam, for tests and trials. It keeps nothing beyond the process."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import nsmallest
from threading import Lock
from typing import TypeAlias

from quantleap.adapters.store.engines.evaluation import copied, identical, outcomes
from quantleap.adapters.store.engines.feed import KEEP_CHANGES, due_trim, feed_position, reads_on_from
from quantleap.adapters.store.engines.pages import key_attributes, position_of, projected
from quantleap.adapters.store.engines.told import is_told
from quantleap.adapters.store.engines.valid_reads import check_keys, check_limit, check_query, check_scan
from quantleap.adapters.store.engines.valid_writes import check_expiry, check_writes, target
from quantleap.adapters.store.seam import (
    Change,
    ChangeBatch,
    Delete,
    Item,
    Key,
    Page,
    Position,
    Put,
    Query,
    Update,
    Value,
    Write,
)
from quantleap.adapters.store.table import INDEX_BY_NAME, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE

_Entry: TypeAlias = tuple[str | int, str, str]
"""Where an item stands in a partition: the sort key's value, then the table's key to part equal ones."""


class MemoryEngine:
    """Items in a dictionary, each partition of the table and of each index in a sorted list, one lock around all.

    A stored item is never changed in place: a write stores a new one. So only what comes in and goes out is copied.
    The newest `keep_changes` changes are kept, and up to a hundredth more.
    """

    def __init__(self, *, keep_changes: int = KEEP_CHANGES) -> None:
        self._lock = Lock()
        self._items: dict[Key, Item] = {}
        self._orders: dict[str | None, dict[str, list[_Entry]]] = {name: {} for name in (None, *INDEX_BY_NAME)}
        self._keep_changes = keep_changes
        self._changes: list[Change] = []
        self._dropped = 0

    def prepare(self, tell: Callable[[str], None] | None = None) -> None:
        """There is nothing to create."""

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:  # noqa: ARG002 - every read here is consistent
        """See `Engine.get`."""
        return self.get_many([key])[0]

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:  # noqa: ARG002 - as `get`
        """See `Engine.get_many`."""
        check_keys(keys)
        with self._lock:
            return [_copied(self._items.get(key)) for key in keys]

    def query(self, query: Query) -> Page:
        """See `Engine.query`. Ties come in order of the table's key."""
        check_query(query)
        with self._lock:
            entries = self._orders[query.index].get(query.partition, [])
            start, stop = _range(entries, query)
            limit = stop - start if query.limit is None else query.limit
            if query.descending:
                found = entries[max(start, stop - limit) : stop][::-1]
            else:
                found = entries[start : min(stop, start + limit)]
            items = [copied(self._items[Key(partition, sort)]) for _, partition, sort in found]
        return Page(
            [projected(item, query.index) for item in items],
            position_of(items[-1], query.index) if len(found) < stop - start else None,
        )

    def scan(self, after: Position | None = None, *, limit: int = 1000) -> Page:
        """See `Engine.scan`. The order is that of the table's keys."""
        check_scan(after, limit)
        with self._lock:
            keys = sorted(self._items)
            start = 0 if after is None else bisect_right(keys, Key(str(after[PARTITION_KEY]), str(after[SORT_KEY])))
            items = [copied(self._items[key]) for key in keys[start : start + limit]]
        return Page(items, position_of(items[-1], None) if start + limit < len(keys) else None)

    def write(self, write: Put | Update | Delete) -> Item | None:
        """See `Engine.write`."""
        return _copied(self._commit([write])[0])

    def transact(self, writes: Sequence[Write]) -> None:
        """See `Engine.transact`. It never meets a conflict: the lock is held throughout."""
        self._commit(writes)

    def expire(self, at_s: int, *, limit: int) -> int:
        """See `Engine.expire`. It looks at every item."""
        check_expiry(at_s, limit)
        with self._lock:
            due = nsmallest(limit, self._expired(at_s))
            for _, key in due:
                self._store(key, self._items[key], None)
        return len(due)

    def changes(self, after: str | None, *, limit: int = 1000) -> ChangeBatch:
        """See `Engine.changes`. They come in order of commit, each once."""
        check_limit(limit)
        seen = feed_position(after)
        with self._lock:
            newest = self._dropped + len(self._changes)
            start = reads_on_from(seen, oldest=self._dropped + 1, newest=newest)
            found = self._changes[start - self._dropped : start - self._dropped + limit]
        changes = [Change(change.key, _copied(change.old), _copied(change.new)) for change in found]
        end = start + len(changes)
        return ChangeBatch(changes, str(end), is_last=end == newest)

    def close(self) -> None:
        """There is nothing to give back."""

    def _commit(self, writes: Sequence[Write]) -> list[Item | None]:
        check_writes(writes)
        keys = [target(write) for write in writes]
        with self._lock:
            before = [self._items.get(key) for key in keys]
            after = [_copied(item) for item in outcomes(writes, [_copied(item) for item in before])]
            for key, old, new in zip(keys, before, after, strict=True):
                if not identical(old, new):
                    self._store(key, old, new)
        return after

    def _expired(self, at_s: int) -> Iterator[tuple[int, Key]]:
        for key, item in self._items.items():
            expires_at = item.get(TTL_ATTRIBUTE)
            if isinstance(expires_at, int) and not isinstance(expires_at, bool) and expires_at <= at_s:
                yield expires_at, key

    def _store(self, key: Key, old: Item | None, new: Item | None) -> None:
        for index, partitions in self._orders.items():
            _leave(partitions, old, index)
            _enter(partitions, new, index)
        if new is None:
            del self._items[key]
        else:
            self._items[key] = new
        if is_told(old, new):
            self._tell(Change(key, old, new))

    def _tell(self, change: Change) -> None:
        self._changes.append(change)
        drop = due_trim(self._dropped + len(self._changes), self._keep_changes)
        if drop > self._dropped:
            del self._changes[: drop - self._dropped]
            self._dropped = drop


def _copied(item: Item | None) -> Item | None:
    return None if item is None else copied(item)


def _place(item: Mapping[str, Value], index: str | None) -> tuple[str, _Entry] | None:
    """The partition and the entry of an item in the table (None) or an index; None where it is not in it."""
    partition, sort = (item.get(name) for name in key_attributes(index))
    if not isinstance(partition, str) or not isinstance(sort, str | int):
        return None
    return partition, (sort, str(item[PARTITION_KEY]), str(item[SORT_KEY]))


def _enter(partitions: dict[str, list[_Entry]], item: Item | None, index: str | None) -> None:
    place = None if item is None else _place(item, index)
    if place is not None:
        insort(partitions.setdefault(place[0], []), place[1])


def _leave(partitions: dict[str, list[_Entry]], item: Item | None, index: str | None) -> None:
    place = None if item is None else _place(item, index)
    if place is not None:
        entries = partitions[place[0]]
        del entries[bisect_left(entries, place[1])]
        if not entries:
            del partitions[place[0]]


def _range(entries: list[_Entry], query: Query) -> tuple[int, int]:
    """First entry the query may still give, and the one past the last."""
    start, stop = 0, len(entries)
    if query.begins_with is not None:
        prefix = query.begins_with
        start = bisect_left(entries, prefix, key=_text_of)
        stop = bisect_left(entries, 1, lo=start, key=lambda entry: not _text_of(entry).startswith(prefix))
    if query.between is not None:
        low, high = query.between
        start, stop = bisect_left(entries, low, key=_sort_of), bisect_right(entries, high, key=_sort_of)
    place = None if query.after is None else _place(dict(query.after), query.index)
    if place is None:
        return start, stop
    if query.descending:
        return start, max(start, min(stop, bisect_left(entries, place[1])))
    return min(stop, max(start, bisect_right(entries, place[1]))), stop


def _sort_of(entry: _Entry) -> str | int:
    return entry[0]


def _text_of(entry: _Entry) -> str:
    return str(entry[0])
