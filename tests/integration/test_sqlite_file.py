"""The SQLite file itself: how it is made, recognised, locked and closed."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from attrs import evolve
from tests.integration.contracts.engines.reading import changes, end_of_feed

from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.engines.sqlite_file import SqliteFile
from quantleap.adapters.store.engines.sqlite_schema import SCHEMA
from quantleap.adapters.store.seam import (
    Item,
    Key,
    Put,
    Query,
    StoreUnavailableError,
    Update,
    WriteConflictError,
)

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
    page, batch = engine.query(Query("p", limit=1)), engine.changes(None, limit=1)
    engine.close()
    with closing(SqliteEngine(file)) as second:
        assert [item["sort_key"] for item in second.query(Query("p", after=page.next)).items] == ["b", "c"]
        assert [change.key.sort for change in changes(second, batch.position)] == ["b", "c"]


def test_no_position_of_the_feed_is_used_twice(engine: SqliteEngine, other: sqlite3.Connection) -> None:
    engine.write(Put(ITEM))
    seen = end_of_feed(engine)
    other.execute("DELETE FROM changes")
    assert changes(engine, seen) == []
    engine.write(Put(LISTED))
    assert [change.new for change in changes(engine, seen)] == [LISTED]


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


def test_a_file_that_cannot_be_made_whole_leaves_nothing(file: Path) -> None:
    impossible = evolve(SCHEMA, tables=(*SCHEMA.tables, "CREATE NONSENSE"))
    with pytest.raises(StoreUnavailableError):
        SqliteFile(file, busy_timeout_ms=1, schema=impossible).prepare(pytest.fail)
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
        connection.execute(f"PRAGMA user_version = {SCHEMA.version + 1}")


def without_version(file: Path) -> None:
    with closing(SqliteEngine(file)) as engine:
        engine.prepare()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 0")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (foreign, "is no store of quantleap"),
        (newer, rf"newer quantleap \(its schema is {SCHEMA.version + 1}, not {SCHEMA.version}\): upgrade$"),
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


def test_a_store_that_is_closed_refuses_every_use_and_can_be_opened_again(engine: SqliteEngine, file: Path) -> None:
    engine.write(Put(ITEM))
    engine.close()
    uses: list[Callable[[], object]] = [
        engine.prepare,
        engine.scan,
        lambda: engine.get(KEY),
        lambda: engine.query(Query("p")),
        lambda: engine.changes(None),
        lambda: engine.write(Put(ITEM)),
        lambda: engine.transact([Put(ITEM)]),
    ]
    for use in uses:
        with pytest.raises(StoreUnavailableError, match=f"^{file} is closed: open the store again$"):
            use()
    engine.close()
    with closing(SqliteEngine(file)) as second:
        assert second.get(KEY) == ITEM


def test_a_store_that_is_closed_is_not_made(file: Path) -> None:
    engine = SqliteEngine(file)
    engine.close()
    with pytest.raises(StoreUnavailableError, match="is closed"):
        engine.prepare()
    assert not file.exists()
