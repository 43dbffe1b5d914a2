"""The tables of a store's SQLite file and their versions: built new, recognised, brought up to date."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path

from attrs import frozen

from quantleap.adapters.store.engines.sqlite_statements import (
    GET_COLUMNS,
    GET_INDEXES,
    create_indexes,
    drop_index,
    write_transaction,
)
from quantleap.adapters.store.seam import StoreUnavailableError
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY

APPLICATION_ID = int.from_bytes(b"qlea")
"""Marks a file as a store of this package, in SQLite's header."""


@frozen
class Schema:
    """The tables of the newest version, and the statements that lead from each older version to the one after it.

    Version 1 is the first. The indexes are no part of it: they are derived data, made those of the table's description
    whatever the version.
    """

    tables: tuple[str, ...]
    migrations: Mapping[int, tuple[str, ...]]

    @property
    def version(self) -> int:
        """The newest version, as the file's header has it."""
        return 1 + len(self.migrations)


SCHEMA = Schema(
    tables=(
        f"""CREATE TABLE items (
            {PARTITION_KEY} TEXT NOT NULL, {SORT_KEY} TEXT NOT NULL, item TEXT NOT NULL,
            PRIMARY KEY ({PARTITION_KEY}, {SORT_KEY})
        ) WITHOUT ROWID""",
        f"""CREATE TABLE changes (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            {PARTITION_KEY} TEXT NOT NULL, {SORT_KEY} TEXT NOT NULL, old TEXT, new TEXT
        )""",
    ),
    migrations={},
)
"""An item is JSON text; so are its images in the outbox, whose positions are never used twice."""


def build(path: Path, schema: Schema) -> None:
    """Make a new store under another name and link it into place: nobody sees half of it, and of two makers one wins.

    Raises StoreUnavailableError, OSError, sqlite3.Error.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")  # of mode 0600
    os.close(handle)
    try:
        with closing(sqlite3.connect(name, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            for statement in (*schema.tables, *create_indexes().values()):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {schema.version}")
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


def check_version(connection: sqlite3.Connection, path: Path, schema: Schema) -> None:
    """Refuse by StoreUnavailableError a file that is no store, or has another version than the newest."""
    version = _version(connection, path, schema)
    if version < schema.version:
        raise StoreUnavailableError(
            f"{path} was written by an older quantleap (its schema is {version}, not {schema.version}): "
            "run `quantleap init`"
        )


def bring_up_to_date(connection: sqlite3.Connection, path: Path, schema: Schema, tell: Callable[[str], None]) -> None:
    """Migrate version by version, then make the indexes those of the description.

    Each step is one transaction, so that a kill leaves the version before it or after it, and of several processes one
    does it while the others wait. Raises StoreUnavailableError, sqlite3.Error.
    """
    while (version := _version(connection, path, schema)) < schema.version:
        with write_transaction(connection):
            # Another process may have done it while this one waited.
            if _version(connection, path, schema) == version:
                tell(f"bringing the schema from version {version} to {version + 1}")
                for statement in schema.migrations[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
    _check_tables(connection, path, schema)
    if _indexes(connection) != create_indexes():
        with write_transaction(connection):
            check_version(connection, path, schema)
            _align_indexes(connection, tell)


def _version(connection: sqlite3.Connection, path: Path, schema: Schema) -> int:
    """The file's version. Raises StoreUnavailableError for no store, or one of a version that is not known here."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID or version < 1:
        raise StoreUnavailableError(f"{path} is no store of quantleap: name another file, or move this one away")
    if version > schema.version:
        raise StoreUnavailableError(
            f"{path} was written by a newer quantleap (its schema is {version}, not {schema.version}): upgrade"
        )
    return int(version)


def _check_tables(connection: sqlite3.Connection, path: Path, schema: Schema) -> None:
    with closing(sqlite3.connect(":memory:")) as model:
        for statement in schema.tables:
            model.execute(statement)
        wanted = set(model.execute(GET_COLUMNS).fetchall())
    if not wanted <= set(connection.execute(GET_COLUMNS).fetchall()):
        raise StoreUnavailableError(f"{path} has not the tables of a store: restore it from a backup")


def _align_indexes(connection: sqlite3.Connection, tell: Callable[[str], None]) -> None:
    wanted, there = create_indexes(), _indexes(connection)
    for name, statement in there.items():
        if wanted.get(name) != statement:
            connection.execute(drop_index(name))
    for name, statement in wanted.items():
        if there.get(name) != statement:
            tell(f"building index {name}")
            connection.execute(statement)


def _indexes(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute(GET_INDEXES).fetchall())
