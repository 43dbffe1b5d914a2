"""The SQLite file itself: how it is made, recognised, indexed and locked, and what its faults are called."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import product
from pathlib import Path

import pytest

from quantleap.adapters.store.engines import sqlite_file
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.engines.sqlite_file import FAULTS, fault
from quantleap.adapters.store.engines.sqlite_statements import CREATE_TABLES, page_statements
from quantleap.adapters.store.seam import (
    Item,
    Key,
    Position,
    Put,
    Query,
    StoreError,
    StoreUnavailableError,
    Update,
    WriteConflictError,
)
from quantleap.adapters.store.table import INDEXES, Index

KEY = Key("p", "s")
ITEM: Item = {"user_id": "p", "sort_key": "s"}
LISTED: Item = {**ITEM, "partner_id": "zebu", "subscription_status_date": "ACTIVE#2025-10-10"}


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


# How it is made


def test_a_new_file_and_its_logs_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "made" / "for it" / "store #1?.db"
    with closing(SqliteEngine(file)) as engine:
        engine.prepare()
        engine.write(Put(ITEM))
        modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert modes == {"store #1?.db": 0o600, "store #1?.db-wal": 0o600, "store #1?.db-shm": 0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_preparing_again_keeps_what_is_there(engine: SqliteEngine, file: Path) -> None:
    engine.write(Put(ITEM))
    engine.prepare()
    with closing(SqliteEngine(file)) as second:
        second.prepare()
        assert second.get(KEY) == ITEM
    assert not list(file.parent.glob(".*"))


def test_a_commit_is_forced_to_the_disk_through_a_write_ahead_log(engine: SqliteEngine) -> None:
    with engine._file.connection() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_positions_outlive_the_process_that_was_given_them(engine: SqliteEngine, file: Path) -> None:
    for sort in ("a", "b", "c"):
        engine.write(Put({"user_id": "p", "sort_key": sort}))
    page, change = engine.query(Query("p", limit=1)), engine.changes(None, limit=1)[0]
    engine.close()
    with closing(SqliteEngine(file)) as second:
        assert [item["sort_key"] for item in second.query(Query("p", after=page.next)).items] == ["b", "c"]
        assert [later.key.sort for later in second.changes(change.position)] == ["b", "c"]


def test_no_position_of_the_feed_is_used_twice(engine: SqliteEngine, other: sqlite3.Connection) -> None:
    engine.write(Put(ITEM))
    (seen,) = engine.changes(None)
    other.execute("DELETE FROM changes")
    engine.write(Put(LISTED))
    assert [change.new for change in engine.changes(seen.position)] == [LISTED]


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOSPC])
def test_a_file_that_cannot_be_put_in_place_leaves_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(StoreUnavailableError, match=f"cannot be created: {os.strerror(code)}"):
        SqliteEngine(file).prepare()
    assert list(file.parent.iterdir()) == []


def test_a_file_that_cannot_be_made_whole_leaves_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "CREATE_TABLES", (*CREATE_TABLES, "CREATE NONSENSE"))
    with pytest.raises(StoreUnavailableError):
        SqliteEngine(file).prepare()
    assert list(file.parent.iterdir()) == []


def test_a_place_without_a_write_ahead_log_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_memory(**_: object) -> tuple[int, str]:
        return os.open(os.devnull, os.O_RDONLY), ":memory:"  # where SQLite has no such log

    monkeypatch.setattr(tempfile, "mkstemp", in_memory)
    with pytest.raises(StoreUnavailableError, match="no write-ahead log"):
        SqliteEngine(file).prepare()
    assert not file.exists()


def test_the_file_another_made_in_the_meantime_is_used(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(SqliteEngine(file)) as first:
        first.prepare()
        first.write(Put(ITEM))
    monkeypatch.setattr(Path, "exists", lambda _: False)
    with closing(SqliteEngine(file)) as second:
        second.prepare()
        assert second.get(KEY) == ITEM


# How it is recognised


def test_a_store_that_was_never_made_is_named_and_not_made_by_use(file: Path) -> None:
    with closing(SqliteEngine(file)) as engine, pytest.raises(StoreUnavailableError, match="quantleap init"):
        engine.write(Put(ITEM))
    assert list(file.parent.iterdir()) == []


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE items (user_id TEXT)")


def newer(file: Path) -> None:
    with closing(SqliteEngine(file)) as engine:
        engine.prepare()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 2")


def without_version(file: Path) -> None:
    with closing(SqliteEngine(file)) as engine:
        engine.prepare()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 0")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (foreign, "is no store of quantleap"),
        (newer, r"was written by a newer quantleap \(its schema is 2, not 1\): upgrade"),
        (without_version, "is no store of quantleap"),
        (lambda file: file.write_bytes(b""), "is no store of quantleap"),
        (lambda file: file.write_text("the notes of somebody else\n" * 40), "is not a SQLite file"),
        (lambda file: file.mkdir(), "is a folder: name a file in it|cannot be opened"),
    ],
    ids=["foreign", "newer", "no version", "empty", "no database", "folder"],
)
def test_a_file_that_is_no_store_is_refused_in_one_line_and_left_as_it_was(file: Path, make: object, text: str) -> None:
    assert callable(make)
    make(file)
    before = file.read_bytes() if file.is_file() else None
    with closing(SqliteEngine(file)) as engine:
        for use in (engine.prepare, engine.scan):
            with pytest.raises(StoreUnavailableError, match=text) as raised:
                use()
            assert "\n" not in str(raised.value)
            assert str(raised.value).startswith(str(file))
    assert (file.read_bytes() if file.is_file() else None) == before


def test_a_folder_that_cannot_be_made_is_named(file: Path) -> None:
    file.write_text("no folder")
    with pytest.raises(StoreUnavailableError, match="cannot be created"):
        SqliteEngine(file / "store.db").prepare()


# What its faults are called


def test_a_damaged_file_is_named(engine: SqliteEngine, file: Path) -> None:
    for number in range(50):
        engine.write(Put({"user_id": "p", "sort_key": str(number), "filler": "x" * 2000}))
    engine.close()  # writes the log into the file
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with closing(SqliteEngine(file)) as second, pytest.raises(StoreUnavailableError, match="restore it from a backup"):
        second.scan()


def test_a_full_disk_is_named_and_nothing_of_the_transaction_is_there(engine: SqliteEngine) -> None:
    with engine._file.connection() as connection:
        connection.execute("PRAGMA max_page_count = 30")
    writes = [Put({"user_id": "p", "sort_key": str(number), "filler": "x" * 9000}) for number in range(9)]
    with pytest.raises(StoreUnavailableError, match="disk is full"):
        engine.transact(writes)
    with engine._file.connection() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    assert engine.scan().items == []
    assert engine.changes(None) == []
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


@pytest.mark.parametrize("code", [None, sqlite3.SQLITE_MISUSE])
def test_any_other_fault_is_the_store_being_unavailable(code: int | None) -> None:
    error = sqlite3.ProgrammingError("as SQLite has it")
    if code is not None:
        error.sqlite_errorcode = code
    named: StoreError = fault(error, Path("store.db"))
    assert isinstance(named, StoreUnavailableError)
    assert str(named) == "store.db cannot be used (as SQLite has it)"


# How it is locked


def test_a_writer_that_waited_too_long_gives_up_by_a_conflict_and_may_try_again(
    engine: SqliteEngine, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(WriteConflictError, match="try again"):
        engine.write(Put(ITEM))
    with pytest.raises(WriteConflictError, match="try again"):
        engine.transact([Update(KEY, add={"count": 1})])
    other.execute("ROLLBACK")
    assert engine.write(Put(ITEM)) == ITEM


def test_a_reader_does_not_wait_for_a_writer(engine: SqliteEngine, other: sqlite3.Connection) -> None:
    engine.write(Put(ITEM))
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM items")
    assert engine.get(KEY, consistent=True) == ITEM
    assert engine.query(Query("p")).items == [ITEM]


def test_writers_of_one_process_give_up_too(engine: SqliteEngine) -> None:
    with engine._writing, pytest.raises(WriteConflictError, match="other writers of this process"):
        engine.write(Put(ITEM))
    assert engine.write(Put(ITEM)) == ITEM


def test_a_connection_that_comes_back_in_a_transaction_is_not_lent_again(engine: SqliteEngine) -> None:
    with engine._file.connection() as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO items VALUES ('p', 's', '{}')")
    assert engine.get(KEY) is None
    assert engine.write(Put(ITEM)) == ITEM


def test_connections_are_kept_for_use_again_but_not_without_end(engine: SqliteEngine) -> None:
    with ExitStack() as stack:
        lent = [stack.enter_context(engine._file.connection()) for _ in range(40)]
        assert len(set(map(id, lent))) == 40
    assert len(engine._file._idle) == 16


def test_a_connection_lent_at_the_close_is_closed_when_it_comes_back(engine: SqliteEngine) -> None:
    with engine._file.connection() as connection:
        engine.close()
        connection.execute("SELECT 1")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


# How it is indexed


def plans(file: Path, query: Query) -> list[list[str]]:
    with closing(sqlite3.connect(file)) as connection:
        return [
            [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", (*values, 10)).fetchall()]
            for statement, values in page_statements(query)
        ]


def queries(index: Index | None) -> Iterator[Query]:
    """Every shape of query of the table (None) or an index."""
    numeric = index is not None and index.numeric_sort
    after: Position = {"user_id": "p", "sort_key": "k"}
    if index is not None:
        after = {"sort_key": "s", "user_id": "p", index.partition: "p", index.sort: 5 if numeric else "k"}
    name = None if index is None else index.name
    for position, descending in product((None, after), (False, True)):
        yield Query("p", name, after=position, descending=descending)
        yield Query("p", name, between=(1, 9) if numeric else ("a", "z"), after=position, descending=descending)
        if not numeric:
            yield Query("p", name, begins_with="k", after=position, descending=descending)
            yield Query("p", name, begins_with="\U0010ffff", descending=descending)


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_every_query_of_an_index_is_a_search_of_it_in_its_own_order(
    engine: SqliteEngine, file: Path, index: Index
) -> None:
    partition = "user_id=?" if index.partition == "user_id" else "<expr>=?"
    for query in queries(index):
        for plan in plans(file, query):
            (step,) = plan  # a second would be a sorting
            assert step.startswith(f"SEARCH items USING INDEX {index.name} ({partition}")
            if query.after or query.between or query.begins_with:
                assert step.count("<expr>") > partition.count("<expr>"), "the sort key is not searched by"


def test_every_query_of_the_table_is_a_search_of_its_key(engine: SqliteEngine, file: Path) -> None:
    for query in queries(None):
        for plan in plans(file, query):
            (step,) = plan
            assert step.startswith("SEARCH items USING PRIMARY KEY (user_id=?")
            assert ("sort_key" in step) == bool(query.after or query.between or query.begins_with)


def test_an_index_that_is_missing_is_named_never_replaced_by_a_scan_and_made_by_prepare(
    engine: SqliteEngine, other: sqlite3.Connection
) -> None:
    query = Query("zebu", index="PartnerSubscriptions")
    engine.write(Put(LISTED))
    other.execute("DROP INDEX PartnerSubscriptions")
    with pytest.raises(StoreUnavailableError, match="run `quantleap init`"):
        engine.query(query)
    engine.prepare()
    assert engine.query(query).items == [LISTED]


def test_an_index_made_otherwise_is_made_anew_and_one_not_described_is_dropped(
    engine: SqliteEngine, other: sqlite3.Connection
) -> None:
    def definitions() -> list[tuple[str, str]]:
        return other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name").fetchall()

    described = definitions()
    other.execute("DROP INDEX PartnerSubscriptions")
    other.execute("CREATE INDEX PartnerSubscriptions ON items (sort_key)")
    other.execute('CREATE INDEX "of ""yore" ON items (sort_key)')
    engine.prepare()
    assert definitions() == described


def test_preparing_while_another_holds_the_file_is_the_store_being_unavailable(
    engine: SqliteEngine, other: sqlite3.Connection
) -> None:
    other.execute("DROP INDEX PartnerSubscriptions")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="held by another writer"):
        engine.prepare()
    other.execute("ROLLBACK")
    engine.prepare()
    assert engine.query(Query("zebu", index="PartnerSubscriptions")).items == []
