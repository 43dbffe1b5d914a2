"""What each operation asks of SQLite: one statement a read, one transaction a write."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import Check, Delete, Item, ItemPresent, Key, Position, Put, Query, Update
from quantleap.adapters.store.table import NOT_TOLD

AFTER: Position = {"user_id": "p", "sort_key": "1", "marketplace_category": "c", "subscriber_count": 1}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SqliteEngine]:
    with closing(SqliteEngine(tmp_path / "store.db")) as made:
        made.prepare()
        for number in range(9):
            key: Item = {"user_id": "p", "sort_key": str(number)}
            made.write(Put({**key, "marketplace_category": "c", "subscriber_count": number % 2}))
        yield made


def statements(engine: SqliteEngine, call: Callable[[], object]) -> list[str]:
    """The first word of each statement of the call."""
    seen: list[str] = []
    with engine._file.connection() as connection:
        connection.set_trace_callback(seen.append)
    call()
    with engine._file.connection() as connection:
        connection.set_trace_callback(None)
    return [statement.split()[0] for statement in seen]


@pytest.mark.parametrize(
    "call",
    [
        lambda engine: engine.get(Key("p", "1")),
        lambda engine: engine.get_many([Key("p", str(number)) for number in range(100)]),
        lambda engine: engine.query(Query("p", limit=3)),
        lambda engine: engine.query(Query("p", limit=3, after={"user_id": "p", "sort_key": "1"})),
        lambda engine: engine.query(Query("c", index="MarketplaceDiscovery")),
        lambda engine: engine.query(Query("c", index="MarketplaceDiscovery", after=AFTER)),
        lambda engine: engine.scan(),
        lambda engine: engine.scan({"user_id": "p", "sort_key": "1"}),
    ],
    ids=["get", "get 100", "query", "next page", "query an index", "its next page", "scan", "scan on"],
)
def test_a_read_is_one_statement(engine: SqliteEngine, call: Callable[[SqliteEngine], object]) -> None:
    (word,) = statements(engine, lambda: call(engine))
    assert word in {"SELECT", "WITH"}


def test_a_read_of_no_keys_asks_nothing(engine: SqliteEngine) -> None:
    assert statements(engine, lambda: engine.get_many([])) == []


def test_a_write_is_one_transaction_that_reads_its_items_at_once(engine: SqliteEngine) -> None:
    asked = statements(engine, lambda: engine.write(Update(Key("p", "1"), add={"count": 1})))
    assert asked == ["BEGIN", "PRAGMA", "PRAGMA", "WITH", "INSERT", "INSERT", "COMMIT"]
    asked = statements(
        engine,
        lambda: engine.transact(
            [
                Put({"user_id": "p", "sort_key": "new"}),
                Delete(Key("p", "1")),
                *(Check(Key("p", str(number)), ItemPresent()) for number in range(2, 9)),
            ]
        ),
    )
    assert asked == ["BEGIN", "PRAGMA", "PRAGMA", "WITH", "INSERT", "INSERT", "DELETE", "INSERT", "COMMIT"]


@pytest.mark.parametrize("kind", NOT_TOLD)
def test_what_the_feed_does_not_tell_is_written_once(engine: SqliteEngine, kind: str) -> None:
    item: Item = {"user_id": "p", "sort_key": "new", "entity_type": kind}
    asked = statements(engine, lambda: engine.write(Put(item)))
    assert asked == ["BEGIN", "PRAGMA", "PRAGMA", "WITH", "INSERT", "COMMIT"]


def test_expired_items_are_found_by_one_statement_in_the_transaction_that_removes_them(engine: SqliteEngine) -> None:
    assert statements(engine, lambda: engine.expire(9, limit=100)) == ["BEGIN", "PRAGMA", "PRAGMA", "SELECT", "COMMIT"]
    engine.write(Update(Key("p", "1"), assign={"expires_at": 9}))
    asked = statements(engine, lambda: engine.expire(9, limit=100))
    assert asked == ["BEGIN", "PRAGMA", "PRAGMA", "SELECT", "DELETE", "INSERT", "COMMIT"]


def test_a_batch_of_the_feed_is_one_snapshot_of_its_ends_and_its_changes(engine: SqliteEngine) -> None:
    assert statements(engine, lambda: engine.changes(None)) == ["BEGIN", "SELECT", "SELECT", "ROLLBACK"]
