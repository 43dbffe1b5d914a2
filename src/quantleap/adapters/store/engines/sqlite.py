"""The engine in one SQLite file: the embedded default. One writer at a time; what was committed survives a kill."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from quantleap.adapters.store.engines.evaluation import identical, outcomes
from quantleap.adapters.store.engines.pages import position_of, projected
from quantleap.adapters.store.engines.sqlite_file import SqliteFile
from quantleap.adapters.store.engines.sqlite_statements import (
    ADD_CHANGE,
    DELETE_ITEM,
    GET_CHANGES,
    GET_ITEM,
    PUT_ITEM,
    SCAN_AFTER,
    SCAN_ALL,
    page_statements,
)
from quantleap.adapters.store.engines.valid_reads import (
    check_keys,
    check_limit,
    check_query,
    check_scan,
    feed_position,
)
from quantleap.adapters.store.engines.valid_writes import check_writes, target
from quantleap.adapters.store.seam import (
    Change,
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


class SqliteEngine:
    """Items as JSON text in one file, with a write-ahead log that is forced to the disk at every commit.

    A writer that waits longer than `busy_timeout_ms` gives up by WriteConflictError; readers wait for nobody.
    """

    def __init__(self, path: Path, *, busy_timeout_ms: int = 5_000) -> None:
        self._file = SqliteFile(path, busy_timeout_ms)
        self._busy_timeout_s = busy_timeout_ms / 1000
        # Writers of this process queue here, where waking is prompt; SQLite's own waiting is by polling.
        self._writing = Lock()

    def prepare(self) -> None:
        """Create the file (readable by its owner alone) and folder where missing. Raises StoreUnavailableError."""
        self._file.create()

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:  # noqa: ARG002 - every read here is consistent
        """See `Engine.get`."""
        return self.get_many([key])[0]

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:  # noqa: ARG002 - as `get`
        """See `Engine.get_many`."""
        check_keys(keys)
        with self._file.connection() as connection:
            return [_get(connection, key) for key in keys]

    def query(self, query: Query) -> Page:
        """See `Engine.query`. A page is one snapshot; ties come in order of the table's key."""
        check_query(query)
        rows: list[tuple[str]] = []
        with self._snapshot() as connection:
            for statement, values in page_statements(query):
                rows += connection.execute(statement, (*values, query.limit + 1 - len(rows))).fetchall()
        items = [_item(text) for (text,) in rows[: query.limit]]
        return Page(
            [projected(item, query.index) for item in items],
            position_of(items[-1], query.index) if len(rows) > query.limit else None,
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

    def changes(self, after: str | None, *, limit: int = 1000) -> list[Change]:
        """See `Engine.changes`. Every change since the file was made is kept."""
        check_limit(limit)
        start = feed_position(after)
        with self._file.connection() as connection:
            rows = connection.execute(GET_CHANGES, (start, limit)).fetchall()
        return [
            Change(str(position), Key(partition, sort), old and _item(old), new and _item(new))
            for position, partition, sort, old, new in rows
        ]

    def close(self) -> None:
        """See `Engine.close`."""
        self._file.close()

    def _commit(self, writes: Sequence[Write]) -> list[Item | None]:
        check_writes(writes)
        keys = [target(write) for write in writes]
        with self._transaction() as connection:
            before = [_get(connection, key) for key in keys]
            after = outcomes(writes, before)
            for key, old, new in zip(keys, before, after, strict=True):
                if not identical(old, new):
                    _store(connection, key, old, new)
        return after

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
        """What is read and written inside is all committed at its end, or by any exception none of it."""
        if not self._writing.acquire(timeout=self._busy_timeout_s):
            raise WriteConflictError(f"{self._file.path} is held by other writers of this process: try again")
        try:
            with self._file.connection() as connection:
                # Locked before the first read: what the conditions are asked of cannot change until the commit.
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    connection.rollback()
        finally:
            self._writing.release()


def _get(connection: sqlite3.Connection, key: Key) -> Item | None:
    row = connection.execute(GET_ITEM, (key.partition, key.sort)).fetchone()
    return None if row is None else _item(row[0])


def _store(connection: sqlite3.Connection, key: Key, old: Item | None, new: Item | None) -> None:
    new_text = None if new is None else _text(new)
    if new_text is None:
        connection.execute(DELETE_ITEM, (key.partition, key.sort))
    else:
        connection.execute(PUT_ITEM, (key.partition, key.sort, new_text))
    connection.execute(ADD_CHANGE, (key.partition, key.sort, None if old is None else _text(old), new_text))


def _text(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _item(text: str) -> Item:
    item: Item = json.loads(text)
    return item
