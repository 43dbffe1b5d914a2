"""A store's file is brought from version to version: whole steps, in order, once, and never by mere use."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve
from tests.integration.contracts.engines.reading import changes
from tests.integration.sqlite_child import LATER, NUMBERS

from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.engines.sqlite_file import SqliteFile
from quantleap.adapters.store.engines.sqlite_schema import APPLICATION_ID, SCHEMA, Schema
from quantleap.adapters.store.engines.sqlite_statements import GET_COLUMNS, GET_INDEXES
from quantleap.adapters.store.seam import Item, Key, Put, Query, StoreUnavailableError

CHILD = Path(__file__).with_name("sqlite_child.py")
KILLS = 200 if os.environ.get("QUANTLEAP_DEEP") == "1" else 8
VERSION = SCHEMA.version
KEY = Key("p", "s")
LISTED: Item = {"user_id": "p", "sort_key": "s", "partner_id": "zebu", "subscription_status_date": "ACTIVE#2025-10-10"}

FIRST_TABLES = (
    """CREATE TABLE items (
        user_id TEXT NOT NULL, sort_key TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (user_id, sort_key)
    ) WITHOUT ROWID""",
    """CREATE TABLE changes (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        user_id TEXT NOT NULL, sort_key TEXT NOT NULL, old TEXT, new TEXT
    )""",
)
"""The tables as version 1 had them. They are not to be changed: files like that are in use."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A store of today's version, with one item."""
    path = tmp_path / "store.db"
    with closing(SqliteEngine(path)) as engine:
        engine.prepare()
        engine.write(Put(LISTED))
    return path


@pytest.fixture
def later(file: Path) -> Iterator[SqliteFile]:
    """The same file as a quantleap two versions on has it."""
    with closing(SqliteFile(file, busy_timeout_ms=1, schema=LATER)) as opened:
        yield opened


def told_by(file: SqliteFile) -> list[str]:
    told: list[str] = []
    file.prepare(told.append)
    return told


def version_in(file: Path) -> int:
    """The version in the header, once what is there was found to be just that version's."""
    with closing(sqlite3.connect(file)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        columns = [row[1] for row in connection.execute(GET_COLUMNS).fetchall() if row[0] == "numbers"]
        assert columns == ["number", "doubled"][: version - VERSION]
        if version > VERSION:
            assert connection.execute("SELECT count(*), sum(number) FROM numbers").fetchone() == (
                NUMBERS,
                NUMBERS * (NUMBERS + 1) // 2,
            )
        if version == LATER.version:
            assert connection.execute("SELECT count(*) FROM numbers WHERE doubled = 2 * number").fetchone() == (
                NUMBERS,
            )
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (1,)
        return int(version)


def test_every_version_but_the_newest_has_its_step() -> None:
    assert set(SCHEMA.migrations) == set(range(1, VERSION))
    assert all(SCHEMA.migrations.values())


def test_a_file_of_the_first_version_becomes_the_same_as_a_new_one(tmp_path: Path, file: Path) -> None:
    first = tmp_path / "first.db"
    with closing(sqlite3.connect(first)) as connection:
        for statement in FIRST_TABLES:
            connection.execute(statement)
        connection.execute('INSERT INTO items VALUES (\'p\', \'s\', \'{"user_id":"p","sort_key":"s"}\')')
        connection.execute('INSERT INTO changes VALUES (7, \'p\', \'s\', NULL, \'{"user_id":"p","sort_key":"s"}\')')
        connection.commit()
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("PRAGMA journal_mode = WAL")
    with closing(SqliteEngine(first)) as engine:
        engine.prepare()
        assert engine.get(KEY) == {"user_id": "p", "sort_key": "s"}
        engine.write(Put(LISTED))
        assert [change.new for change in changes(engine, "7")] == [LISTED]
        assert engine.query(Query("zebu", index="PartnerSubscriptions")).items == [LISTED]
    schemas = []
    for path in (first, file):
        with closing(sqlite3.connect(path)) as connection:
            version = connection.execute("PRAGMA user_version").fetchall()
            schemas.append((version, *(set(connection.execute(ask).fetchall()) for ask in (GET_COLUMNS, GET_INDEXES))))
    assert schemas[0] == schemas[1]


def test_an_older_file_is_refused_by_use_and_left_as_it_is(file: Path, later: SqliteFile) -> None:
    expected = (
        rf"{file} was written by an older quantleap \(its schema is {VERSION}, not {VERSION + 2}\): "
        r"run `quantleap init`$"
    )
    with pytest.raises(StoreUnavailableError, match=expected), later.connection():
        pass
    assert version_in(file) == VERSION


def test_prepare_does_each_step_in_order_says_so_and_then_has_nothing_to_do(file: Path, later: SqliteFile) -> None:
    assert told_by(later) == [
        f"bringing the schema from version {VERSION} to {VERSION + 1}",
        f"bringing the schema from version {VERSION + 1} to {VERSION + 2}",
    ]
    assert version_in(file) == LATER.version
    with later.connection() as connection:
        assert connection.execute("SELECT count(*) FROM numbers").fetchone() == (NUMBERS,)
    assert told_by(later) == []


def test_a_new_file_has_the_newest_version_without_a_step(tmp_path: Path) -> None:
    with closing(SqliteFile(tmp_path / "new.db", busy_timeout_ms=1, schema=LATER)) as made:
        assert told_by(made) == []
        with made.connection() as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (LATER.version,)
            assert connection.execute("SELECT * FROM numbers").fetchall() == []


@pytest.mark.parametrize("broken", [VERSION, VERSION + 1])
def test_a_step_that_fails_leaves_the_version_before_it_whole(file: Path, later: SqliteFile, broken: int) -> None:
    steps = {**LATER.migrations, broken: (*LATER.migrations[broken], "CREATE NONSENSE")}
    with closing(SqliteFile(file, busy_timeout_ms=1, schema=evolve(LATER, migrations=steps))) as failing:
        with pytest.raises(StoreUnavailableError, match=str(file)) as raised:
            told_by(failing)
        assert "\n" not in str(raised.value)
    assert version_in(file) == broken
    assert len(told_by(later)) == LATER.version - broken
    assert version_in(file) == LATER.version


def test_a_migration_that_makes_a_table_anew_gets_its_indexes_back(file: Path) -> None:
    steps = {
        **SCHEMA.migrations,
        VERSION: (
            "ALTER TABLE items RENAME TO before",
            SCHEMA.tables[0],
            "INSERT INTO items SELECT * FROM before",
            "DROP TABLE before",
        ),
    }
    with closing(SqliteFile(file, busy_timeout_ms=1, schema=Schema(SCHEMA.tables, steps))) as renewed:
        told = told_by(renewed)
        with renewed.connection() as connection:
            indexes = [name for name, _ in connection.execute(GET_INDEXES).fetchall()]
    assert "building index PartnerSubscriptions" in told
    assert len(told) == 1 + len(indexes)


def test_an_older_quantleap_no_longer_writes_to_a_file_that_was_migrated_beneath_it(
    file: Path, later: SqliteFile
) -> None:
    with closing(SqliteEngine(file)) as engine:
        assert engine.get(KEY) == LISTED
        told_by(later)
        newer = rf"newer quantleap \(its schema is {LATER.version}, not {VERSION}\): upgrade"
        with pytest.raises(StoreUnavailableError, match=newer):
            engine.write(Put({"user_id": "p", "sort_key": "t"}))
        with pytest.raises(StoreUnavailableError, match=newer):
            engine.prepare()
    assert version_in(file) == LATER.version


def test_a_migration_that_another_keeps_waiting_too_long_is_refused_and_can_be_repeated(
    file: Path, later: SqliteFile
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="held by another writer"):
            told_by(later)
        other.execute("ROLLBACK")
    assert version_in(file) == VERSION
    assert len(told_by(later)) == 2


@pytest.mark.parametrize("step", [1, 2])
def test_a_kill_amid_a_step_leaves_the_version_before_or_after_it(file: Path, tmp_path: Path, step: int) -> None:
    chance = random.Random(20251010 + step)  # noqa: S311 - the moments of the kills are to repeat
    for number in range(KILLS // 2):
        copy = tmp_path / f"copy {number}.db"
        copy.write_bytes(file.read_bytes())
        with subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, str(CHILD), "migrate"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{copy}\n")
            process.stdin.flush()
            lines = [process.stdout.readline() for _ in range(1 + step)]
            moment = time.perf_counter_ns() + chance.randrange(10_000_000)
            while time.perf_counter_ns() < moment:
                pass
            process.kill()
            assert process.wait(60) == -signal.SIGKILL
        assert lines[-1].startswith("bringing the schema")
        version = version_in(copy)
        assert version >= VERSION + step - 1
        with closing(SqliteFile(copy, busy_timeout_ms=1, schema=LATER)) as later:
            assert len(told_by(later)) == LATER.version - version
        assert version_in(copy) == LATER.version
