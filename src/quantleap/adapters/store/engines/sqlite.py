"""The engine in one SQLite file: the embedded default. One writer at a time; what was committed survives a kill."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any

from quantleap.adapters.store.engines.evaluation import identical, outcomes
from quantleap.adapters.store.engines.feed import KEEP_CHANGES, due_trim, feed_position, reads_on_from, trim_step
from quantleap.adapters.store.engines.pages import key_attributes, position_of, projected
from quantleap.adapters.store.engines.sqlite_file import SqliteFile
from quantleap.adapters.store.engines.sqlite_statements import (
    ADD_CHANGE,
    DELETE_ITEM,
    GET_CHANGES,
    GET_FEED_ENDS,
    PUT_ITEM,
    SCAN_AFTER,
    SCAN_ALL,
    TRIM_CHANGES,
    get_expired,
    get_items,
    page_statement,
    write_transaction,
)
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
    Write,
    WriteConflictError,
)
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY
from quantleap.ports.errors import CorruptDataError

PAGE = 5_000
"""Items of a query's page that has no limit of its own."""


class SqliteEngine:
    """Items as JSON text in one file, with a write-ahead log that is forced to the disk at every commit.

    A writer that waits longer than `busy_timeout_ms` gives up by WriteConflictError; readers wait for nobody. The
    newest `keep_changes` changes are kept, and up to a hundredth more.
    """

    def __init__(self, path: Path, *, busy_timeout_ms: int = 5_000, keep_changes: int = KEEP_CHANGES) -> None:
        self._file = SqliteFile(path, busy_timeout_ms)
        self._busy_timeout_s = busy_timeout_ms / 1000
        self._keep_changes = keep_changes
        # Writers of this process queue here, where waking is prompt; SQLite's own waiting is by polling.
        self._writing = Lock()

    def prepare(self, tell: Callable[[str], None] | None = None) -> None:
        """See `Engine.prepare`. The file is readable by its owner alone; a folder that is missing is made too."""
        self._file.prepare(tell or _say_nothing)

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:  # noqa: ARG002 - every read here is consistent
        """See `Engine.get`."""
        return self.get_many([key])[0]

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:  # noqa: ARG002 - as `get`
        """See `Engine.get_many`."""
        check_keys(keys)
        with self._file.connection() as connection:
            return _get_many(connection, keys)

    def query(self, query: Query) -> Page:
        """See `Engine.query`. A page is one snapshot; ties come in order of the table's key."""
        check_query(query)
        limit = PAGE if query.limit is None else query.limit
        statement, values = page_statement(query, limit + 1)
        with self._file.connection() as connection:
            found = [_item(text) for (text,) in connection.execute(statement, values)]
        found.sort(key=_place(query.index), reverse=query.descending)
        items = found[:limit]
        return Page(
            [projected(item, query.index) for item in items],
            position_of(items[-1], query.index) if len(found) > limit else None,
        )

    def scan(self, after: Position | None = None, *, limit: int = 1000) -> Page:
        """See `Engine.scan`. The order is that of the table's keys."""
        check_scan(after, limit)
        with self._file.connection() as connection:
            if after is None:
                rows = connection.execute(SCAN_ALL, (limit + 1,)).fetchall()
            else:
                rows = connection.execute(SCAN_AFTER, (after[PARTITION_KEY], after[SORT_KEY], limit + 1)).fetchall()
        items = [_item(text) for (text,) in rows[:limit]]
        return Page(items, position_of(items[-1], None) if len(rows) > limit else None)

    def write(self, write: Put | Update | Delete) -> Item | None:
        """See `Engine.write`."""
        after = self._commit([write])[0]
        return None if after is None else _item(_text(after))

    def transact(self, writes: Sequence[Write]) -> None:
        """See `Engine.transact`."""
        self._commit(writes)

    def expire(self, at_s: int, *, limit: int) -> int:
        """See `Engine.expire`. One transaction; its index holds what expires and nothing else."""
        check_expiry(at_s, limit)
        with self._transaction() as connection:
            due = connection.execute(get_expired(), (at_s, limit)).fetchall()
            for partition, sort, text in due:
                self._store(connection, Key(partition, sort), _item(text), None)
        return len(due)

    def changes(self, after: str | None, *, limit: int = 1000) -> ChangeBatch:
        """See `Engine.changes`. They come in order of commit, each once."""
        check_limit(limit)
        seen = feed_position(after)
        with self._snapshot() as connection:
            oldest, newest = connection.execute(GET_FEED_ENDS).fetchone()
            newest = newest or 0
            start = reads_on_from(seen, oldest=newest + 1 if oldest is None else oldest, newest=newest)
            rows = connection.execute(GET_CHANGES, (start, limit)).fetchall()
        end = rows[-1][0] if rows else start
        changes = [
            Change(Key(partition, sort), old and _item(old), new and _item(new))
            for _, partition, sort, old, new in rows
        ]
        return ChangeBatch(changes, str(end), is_last=end == newest)

    def close(self) -> None:
        """See `Engine.close`."""
        self._file.close()

    def _commit(self, writes: Sequence[Write]) -> list[Item | None]:
        check_writes(writes)
        keys = [target(write) for write in writes]
        with self._transaction() as connection:
            before = _get_many(connection, keys)
            after = outcomes(writes, before)
            for key, old, new in zip(keys, before, after, strict=True):
                if not identical(old, new):
                    self._store(connection, key, old, new)
        return after

    def _store(self, connection: sqlite3.Connection, key: Key, old: Item | None, new: Item | None) -> None:
        new_text = None if new is None else _text(new)
        if new_text is None:
            connection.execute(DELETE_ITEM, (key.partition, key.sort))
        else:
            connection.execute(PUT_ITEM, (key.partition, key.sort, new_text))
        if is_told(old, new):
            self._tell(connection, key, None if old is None else _text(old), new_text)

    def _tell(self, connection: sqlite3.Connection, key: Key, old: str | None, new: str | None) -> None:
        position = connection.execute(ADD_CHANGE, (key.partition, key.sort, old, new)).lastrowid or 0
        drop = due_trim(position, self._keep_changes)
        if drop > 0:
            connection.execute(TRIM_CHANGES, (drop, 2 * trim_step(self._keep_changes)))

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """What is read inside is of one instant."""
        with self._file.connection() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """See `write_transaction`; the writers of this process come one by one."""
        if not self._writing.acquire(timeout=self._busy_timeout_s):
            raise WriteConflictError(f"{self._file.path} is held by other writers of this process: try again")
        try:
            with self._file.connection() as connection, write_transaction(connection):
                # A newer quantleap may have migrated the file since it was opened.
                self._file.check_version(connection)
                yield connection
        finally:
            self._writing.release()


def _get_many(connection: sqlite3.Connection, keys: Sequence[Key]) -> list[Item | None]:
    if not keys:
        return []
    values = [part for key in keys for part in (key.partition, key.sort)]
    rows = connection.execute(get_items(len(keys)), values)
    found = {Key(partition, sort): _item(text) for partition, sort, text in rows}
    return [found.get(key) for key in keys]


def _place(index: str | None) -> Callable[[Item], tuple[Any, ...]]:
    """Where an item stands in a partition of the table (None) or an index: its sort key, then the table's key."""
    return itemgetter(key_attributes(index)[1], PARTITION_KEY, SORT_KEY)


def _text(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _item(text: str) -> Item:
    try:
        item: Item = json.loads(text)
    except ValueError as error:
        raise CorruptDataError("an item of the store", "is not JSON: restore the file from a backup") from error
    return item


def _say_nothing(_: str) -> None:
    """Nobody is listening."""
