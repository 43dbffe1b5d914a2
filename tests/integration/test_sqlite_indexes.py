"""The indexes of a SQLite file: every query is a search of one, and preparing makes them what is described."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.engines.sqlite_statements import get_expired, get_items, page_statement
from quantleap.adapters.store.seam import (
    Item,
    Position,
    Put,
    Query,
    StoreUnavailableError,
)
from quantleap.adapters.store.table import INDEXES, Index

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


def searches(file: Path, query: Query) -> list[str]:
    """How the ranges of the query are read: there is a search for each, and no sorting."""
    statement, values = page_statement(query, 10)
    with closing(sqlite3.connect(file)) as connection:
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()]
    assert not any("TEMP B-TREE" in step or step == "SCAN items" for step in steps)
    return [step for step in steps if "items" in step]


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
        found = searches(file, query)
        assert len(found) == (2 if query.after else 1)
        for step in found:
            assert step.startswith(f"SEARCH items USING INDEX {index.name} ({partition}")
            if query.after or query.between or query.begins_with:
                assert step.count("<expr>") > partition.count("<expr>"), "the sort key is not searched by"


def test_every_query_of_the_table_is_a_search_of_its_key(engine: SqliteEngine, file: Path) -> None:
    for query in queries(None):
        (step,) = searches(file, query)
        assert step.startswith("SEARCH items USING PRIMARY KEY (user_id=?")
        assert ("sort_key" in step) == bool(query.after or query.between or query.begins_with)


def test_a_read_of_many_keys_is_a_search_for_each(engine: SqliteEngine, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {get_items(3)}", ["a"] * 6).fetchall()
    steps = [row[3] for row in plan if "items" in row[3]]
    assert steps == ["SEARCH items USING PRIMARY KEY (user_id=? AND sort_key=?)"]


def test_what_has_expired_is_found_by_a_search_of_its_index_in_its_own_order(engine: SqliteEngine, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {get_expired()}", (9, 100)).fetchall()
    assert [row[3] for row in plan] == ["SEARCH items USING INDEX Expiry (<expr><?)"]


def test_a_file_without_the_index_of_expiry_serves_all_else_until_prepare_makes_it(
    engine: SqliteEngine, other: sqlite3.Connection
) -> None:
    expiring: Item = {**LISTED, "expires_at": 9}
    other.execute("DROP INDEX Expiry")
    engine.write(Put(expiring))
    assert engine.query(Query("zebu", index="PartnerSubscriptions")).items == [LISTED]
    with pytest.raises(StoreUnavailableError, match="run `quantleap init`"):
        engine.expire(9, limit=100)
    told: list[str] = []
    engine.prepare(told.append)
    assert told == ["building index Expiry"]
    assert engine.expire(9, limit=100) == 1
    assert engine.scan().items == []


def test_an_index_that_is_missing_is_named_never_replaced_by_a_scan_and_made_by_prepare(
    engine: SqliteEngine, other: sqlite3.Connection
) -> None:
    query = Query("zebu", index="PartnerSubscriptions")
    engine.write(Put(LISTED))
    other.execute("DROP INDEX PartnerSubscriptions")
    with pytest.raises(StoreUnavailableError, match="run `quantleap init`"):
        engine.query(query)
    told: list[str] = []
    engine.prepare(told.append)
    engine.prepare(told.append)
    assert told == ["building index PartnerSubscriptions"]
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
