"""What is wrong with a SQLite file is called by its name, in one line that says what to do."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.integration.contracts.engines.reading import changes

from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.engines.sqlite_file import FAULTS, fault
from quantleap.adapters.store.engines.sqlite_schema import SCHEMA
from quantleap.adapters.store.engines.sqlite_statements import GET_INDEXES, drop_index
from quantleap.adapters.store.seam import (
    Item,
    Key,
    Put,
    StoreError,
    StoreUnavailableError,
    WriteConflictError,
)
from quantleap.ports.errors import CorruptDataError

KEY = Key("p", "s")
ITEM: Item = {"user_id": "p", "sort_key": "s"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def engine(file: Path) -> Iterator[SqliteEngine]:
    with closing(SqliteEngine(file, busy_timeout_ms=1)) as made:
        made.prepare()
        yield made


@pytest.fixture
def other(engine: SqliteEngine, file: Path) -> Iterator[sqlite3.Connection]:
    """Another program's connection to the same file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def one_line(error: Exception, file: Path, text: str) -> None:
    assert re.match(f"^{file} (?:{text})", str(error)), error
    assert "\n" not in str(error)


def test_a_damaged_file_is_named(engine: SqliteEngine, file: Path) -> None:
    for number in range(50):
        engine.write(Put({"user_id": "p", "sort_key": str(number), "filler": "x" * 2000}))
    engine.close()  # writes the log into the file
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with closing(SqliteEngine(file)) as second, pytest.raises(StoreUnavailableError, match="restore it from a backup"):
        second.scan()


def read_all(engine: SqliteEngine) -> None:
    engine.scan()
    engine.changes(None)


@pytest.mark.parametrize("bytes_left", [50, 4096 + 100, 20 * 4096, -4096])
def test_a_file_that_was_cut_short_is_named(engine: SqliteEngine, file: Path, bytes_left: int) -> None:
    for number in range(50):
        engine.write(Put({"user_id": "p", "sort_key": str(number), "filler": "x" * 2000}))
    engine.close()  # writes the log into the file
    file.write_bytes(file.read_bytes()[:bytes_left])
    with closing(SqliteEngine(file)) as second, pytest.raises(StoreUnavailableError) as raised:
        read_all(second)
    one_line(raised.value, file, "is damaged: restore it from a backup|is not a SQLite file|is no store of quantleap")


def test_an_item_that_is_no_longer_json_is_named_and_not_shown(engine: SqliteEngine, other: sqlite3.Connection) -> None:
    engine.write(Put(ITEM))
    for index, _ in other.execute(GET_INDEXES).fetchall():
        other.execute(drop_index(index))  # they would not admit it
    other.execute("UPDATE items SET item = '{\"email\": anita@example.com'")
    for use in (engine.scan, lambda: engine.get(KEY), lambda: engine.write(Put(ITEM))):
        with pytest.raises(CorruptDataError, match="an item of the store: is not JSON: restore the file") as raised:
            use()
        assert "anita" not in str(raised.value)


def test_text_that_is_no_longer_text_is_named_and_not_shown(
    engine: SqliteEngine, other: sqlite3.Connection, file: Path
) -> None:
    engine.write(Put(ITEM))
    for index, _ in other.execute(GET_INDEXES).fetchall():
        other.execute(drop_index(index))
    other.execute("UPDATE items SET item = CAST(x'616E697461ff' AS TEXT)")
    with pytest.raises(StoreUnavailableError) as raised:
        engine.get(KEY)
    one_line(raised.value, file, "cannot be used")
    assert "anita" not in str(raised.value)


BREAKS = {
    "no table of items": ["DROP TABLE items"],
    "no table of changes": ["DROP TABLE changes"],
    "a column less": ["DROP TABLE items", "CREATE TABLE items (user_id TEXT NOT NULL, sort_key TEXT NOT NULL)"],
    "another type": ["DROP TABLE changes", SCHEMA.tables[1].replace("old TEXT", "old BLOB")],
}


@pytest.mark.parametrize("change", BREAKS)
def test_a_file_without_the_tables_of_a_store_is_named_and_not_mended(
    engine: SqliteEngine, file: Path, other: sqlite3.Connection, change: str
) -> None:
    engine.write(Put(ITEM))
    for statement in BREAKS[change]:
        other.execute(statement)
    with pytest.raises(StoreUnavailableError) as raised:
        engine.prepare()
    one_line(raised.value, file, "has not the tables of a store: restore it from a backup$")


@pytest.mark.parametrize("change", ["no table of items", "no table of changes", "a column less"])
def test_a_write_to_a_file_without_its_tables_is_named(
    engine: SqliteEngine, file: Path, other: sqlite3.Connection, change: str
) -> None:
    for statement in BREAKS[change]:
        other.execute(statement)
    with pytest.raises(StoreUnavailableError) as raised:
        engine.write(Put(ITEM))
    one_line(raised.value, file, "has not the tables and indexes expected: run `quantleap init`")


def test_a_full_disk_is_named_and_nothing_of_the_transaction_is_there(engine: SqliteEngine) -> None:
    with engine._file.connection() as connection:
        connection.execute("PRAGMA max_page_count = 30")
    writes = [Put({"user_id": "p", "sort_key": str(number), "filler": "x" * 9000}) for number in range(9)]
    with pytest.raises(StoreUnavailableError, match="disk is full"):
        engine.transact(writes)
    with engine._file.connection() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    assert engine.scan().items == []
    assert changes(engine) == []
    engine.transact(writes)
    assert len(engine.scan().items) == 9


def test_a_file_that_may_only_be_read_is_named(engine: SqliteEngine) -> None:
    with engine._file.connection() as connection:
        connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailableError, match="permissions"):
        engine.write(Put(ITEM))


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_known_by_its_primary_code_and_says_what_to_do(code: int) -> None:
    for extended in (code, code | (7 << 8)):
        error = sqlite3.OperationalError("as SQLite has it")
        error.sqlite_errorcode = extended
        named = fault(error, Path("store.db"))
        assert type(named) is FAULTS[code].error
        assert str(named) == f"store.db {FAULTS[code].text} (as SQLite has it)"


def test_every_fault_that_is_nobody_s_turn_is_the_store_being_unavailable() -> None:
    conflicts = {code for code, named in FAULTS.items() if named.error is WriteConflictError}
    assert conflicts == {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
    kinds: set[type[StoreError]] = {WriteConflictError, StoreUnavailableError}
    assert {named.error for named in FAULTS.values()} == kinds


def test_any_other_fault_is_the_store_being_unavailable() -> None:
    error = sqlite3.ProgrammingError("as SQLite has it")
    error.sqlite_errorcode = sqlite3.SQLITE_MISUSE
    named: StoreError = fault(error, Path("store.db"))
    assert isinstance(named, StoreUnavailableError)
    assert str(named) == "store.db cannot be used (as SQLite has it)"


def test_a_fault_of_the_library_that_may_quote_what_is_stored_is_named_by_its_kind_alone() -> None:
    named: StoreError = fault(sqlite3.OperationalError("Could not decode 'anita@example.com'"), Path("store.db"))
    assert isinstance(named, StoreUnavailableError)
    assert str(named) == "store.db cannot be used (OperationalError)"
