"""A store's SQLite file: its connections, recognised when opened, and its faults in the seam's terms."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from quantleap.adapters.store.engines.sqlite_schema import SCHEMA, Schema, bring_up_to_date, build, check_version
from quantleap.adapters.store.seam import StoreError, StoreUnavailableError, WriteConflictError

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
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # An error of the sqlite3 module itself, whose text may quote what is stored.
        return _OTHER_FAULT.error(f"{path} {_OTHER_FAULT.text} ({type(error).__name__})")
    # The low byte of an extended code is its primary one.
    found = FAULTS.get(code & 0xFF, _OTHER_FAULT)
    return found.error(f"{path} {found.text} ({error})")


class SqliteFile:
    """Connections to one file, each lent to one thread at a time. They are not carried across a fork."""

    def __init__(self, path: Path, busy_timeout_ms: int, schema: Schema = SCHEMA) -> None:
        self.path = path.absolute()
        self._busy_timeout_ms = busy_timeout_ms
        self._schema = schema
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    def prepare(self, tell: Callable[[str], None]) -> None:
        """Make the file where it is missing, and bring it up to date; `tell` is given a line for each step.

        Raises StoreUnavailableError.
        """
        self._refuse_if_closed()
        if self.path.is_dir():
            raise StoreUnavailableError(f"{self.path} is a folder: name a file in it")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.path.exists():
                build(self.path, self._schema)
            with closing(self._connect()) as connection:
                bring_up_to_date(connection, self.path, self._schema, tell)
        except OSError as error:
            raise StoreUnavailableError(f"{self.path} cannot be created: {error.strerror}; mend the path") from error
        except sqlite3.Error as error:
            raise StoreUnavailableError(str(fault(error, self.path))) from error

    def check_version(self, connection: sqlite3.Connection) -> None:
        """Raise StoreUnavailableError where the file is no longer of the version it was opened at."""
        check_version(connection, self.path, self._schema)

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
        self._refuse_if_closed()
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
        connection = self._connect()
        try:
            self.check_version(connection)
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self.path.as_uri()}?mode=rw",  # never creates: half a store is none
            uri=True,
            timeout=self._busy_timeout_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
        )

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StoreUnavailableError(f"{self.path} is closed: open the store again")
