"""A store's SQLite file: made whole or not at all, recognised when opened, its faults named in the seam's terms."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from quantleap.adapters.store.engines.sqlite_statements import CREATE_TABLES, GET_INDEXES, create_indexes, drop_index
from quantleap.adapters.store.seam import StoreError, StoreUnavailableError, WriteConflictError

APPLICATION_ID = int.from_bytes(b"qlea")
"""Marks a file as a store of this package, in SQLite's header."""

SCHEMA_VERSION = 1
"""Version of the two tables. Indexes are derived data: `create` makes them those of the table's description."""

_MAX_IDLE_CONNECTIONS = 16


class _Fault(NamedTuple):
    error: type[StoreError]
    text: str


FAULTS: Mapping[int, _Fault] = {
    sqlite3.SQLITE_BUSY: _Fault(WriteConflictError, "is held by another writer: try again"),
    sqlite3.SQLITE_LOCKED: _Fault(WriteConflictError, "is held by another writer: try again"),
    sqlite3.SQLITE_PROTOCOL: _Fault(WriteConflictError, "is held by too many at once: try again"),
    sqlite3.SQLITE_NOTADB: _Fault(StoreUnavailableError, "is not a SQLite file: name another, or move this one away"),
    sqlite3.SQLITE_CORRUPT: _Fault(StoreUnavailableError, "is damaged: restore it from a backup"),
    sqlite3.SQLITE_READONLY: _Fault(
        StoreUnavailableError, "may not be written: mend the permissions of file and folder"
    ),
    sqlite3.SQLITE_PERM: _Fault(StoreUnavailableError, "may not be used: mend the permissions of file and folder"),
    sqlite3.SQLITE_FULL: _Fault(StoreUnavailableError, "cannot grow, the disk is full: make room and try again"),
    sqlite3.SQLITE_IOERR: _Fault(StoreUnavailableError, "cannot be read or written: look after the disk"),
    sqlite3.SQLITE_CANTOPEN: _Fault(
        StoreUnavailableError, "cannot be opened: create it with `quantleap init`, or mend the path"
    ),
    sqlite3.SQLITE_ERROR: _Fault(
        StoreUnavailableError, "has not the tables and indexes expected: run `quantleap init`"
    ),
}
"""SQLite's primary result codes (https://www.sqlite.org/rescode.html) as errors of the seam."""

_OTHER_FAULT = _Fault(StoreUnavailableError, "cannot be used")


def fault(error: sqlite3.Error, path: Path) -> StoreError:
    """The seam's error for one of SQLite's, in one line that says what to do."""
    # The code is missing on errors of the sqlite3 module itself; the low byte of an extended code is its primary one.
    code = getattr(error, "sqlite_errorcode", None)
    found = _OTHER_FAULT if code is None else FAULTS.get(code & 0xFF, _OTHER_FAULT)
    return found.error(f"{path} {found.text} ({error})")


class SqliteFile:
    """Connections to one file, each lent to one thread at a time. They are not carried across a fork."""

    def __init__(self, path: Path, busy_timeout_ms: int) -> None:
        self.path = path.absolute()
        self._busy_timeout_ms = busy_timeout_ms
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    def create(self) -> None:
        """Make the file where it is missing, and its indexes those of the description. Raises StoreUnavailableError."""
        if self.path.is_dir():
            raise StoreUnavailableError(f"{self.path} is a folder: name a file in it")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.path.exists():
                _build(self.path)
        except OSError as error:
            raise StoreUnavailableError(f"{self.path} cannot be created: {error.strerror}; mend the path") from error
        except sqlite3.Error as error:
            raise StoreUnavailableError(str(fault(error, self.path))) from error
        try:
            with self.connection() as connection:
                _align_indexes(connection)
        except WriteConflictError as error:
            raise StoreUnavailableError(str(error)) from error

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that is in no transaction. Raises StoreUnavailableError, WriteConflictError."""
        try:
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)
        except sqlite3.Error as error:
            raise fault(error, self.path) from error

    def close(self) -> None:
        """Close what is idle now, and what is lent when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._open()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            keep = not self._closed and not connection.in_transaction and len(self._idle) < _MAX_IDLE_CONNECTIONS
            if keep:
                self._idle.append(connection)
        if not keep:
            connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode=rw",  # never creates: half a store is none
            uri=True,
            timeout=self._busy_timeout_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            self._recognise(connection)
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _recognise(self, connection: sqlite3.Connection) -> None:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID or version < 1:
            raise StoreUnavailableError(
                f"{self.path} is no store of quantleap: name another file, or move this one away"
            )
        if version > SCHEMA_VERSION:
            raise StoreUnavailableError(
                f"{self.path} was written by a newer quantleap (its schema is {version}, not {SCHEMA_VERSION}): upgrade"
            )


def _build(path: Path) -> None:
    """Make the store under another name and link it into place: nobody sees half of it, and of two makers one wins."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")  # of mode 0600
    os.close(handle)
    try:
        with closing(sqlite3.connect(name, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            for statement in (*CREATE_TABLES, *create_indexes().values()):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise StoreUnavailableError(
                f"{path} cannot be created: its file system has no write-ahead log; name a local one"
            )
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _align_indexes(connection: sqlite3.Connection) -> None:
    wanted = create_indexes()
    if dict(connection.execute(GET_INDEXES).fetchall()) == wanted:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        there = dict(connection.execute(GET_INDEXES).fetchall())
        for name, statement in there.items():
            if wanted.get(name) != statement:
                connection.execute(drop_index(name))
        for name, statement in wanted.items():
            if there.get(name) != statement:
                connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        connection.rollback()
