"""The feeds of the memory and the SQLite engine: one order of commit, each change once, the newest kept."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

import pytest
from tests.integration.contracts.engines.reading import batches, changes, end_of_feed

from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import Change, Check, Delete, Engine, Item, ItemPresent, Key, Put, WriteRefusedError
from quantleap.adapters.store.table import NOT_TOLD
from quantleap.ports.errors import FeedTrimmedError

Make: TypeAlias = Callable[[int], Engine]
"""Makes the test's engine, which keeps so many changes, prepared; made again, SQLite's is of the same file."""

ENGINES: dict[str, Callable[[Path, int], Engine]] = {
    "memory": lambda _, keep: MemoryEngine(keep_changes=keep),
    "sqlite": lambda folder, keep: SqliteEngine(folder / "store.db", keep_changes=keep),
}


@pytest.fixture(params=ENGINES)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    def made(keep: int) -> Engine:
        engine = ENGINES[request.param](tmp_path, keep)
        engine.prepare()
        request.addfinalizer(engine.close)
        return engine

    return made


def item(number: int) -> Item:
    return {"user_id": "p", "sort_key": str(number)}


def put(engine: Engine, *numbers: int) -> None:
    for number in numbers:
        engine.write(Put(item(number)))


def numbers(seen: list[Change]) -> list[int]:
    return [int(change.key.sort) for change in seen]


# Its order


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_changes_come_in_order_of_commit_each_once(make: Make, limit: int) -> None:
    engine, order = make(1000), [3, 1, 4, 5, 9, 2, 6]
    put(engine, *order)
    assert numbers(changes(engine, limit=limit)) == order
    assert [len(batch.changes) for batch in batches(engine, limit=2)] == [2, 2, 2, 1]


def test_a_batch_is_the_last_where_nothing_follows_it(make: Make) -> None:
    engine = make(1000)
    assert engine.changes(None).is_last
    put(engine, 1, 2)
    assert not engine.changes(None, limit=1).is_last
    assert engine.changes(None, limit=2).is_last
    assert engine.changes(engine.changes(None).position).is_last


# What it keeps


@pytest.mark.parametrize("keep", [1, 3, 10])
def test_the_newest_changes_are_kept_and_read_from_the_oldest_of_them(make: Make, keep: int) -> None:
    engine = make(keep)
    for number in range(1, 25):
        put(engine, number)
        assert numbers(changes(engine, limit=2)) == list(range(max(1, number - keep + 1), number + 1))


def test_old_changes_go_by_the_hundredth_part(make: Make) -> None:
    engine = make(500)
    kept = []
    for number in range(520):
        put(engine, number)
        kept.append(len(changes(engine)))
    assert kept == [*range(1, 505), 500, 501, 502, 503, 504, 500, 501, 502, 503, 504, 500, 501, 502, 503, 504, 500]


def test_a_position_is_good_as_long_as_all_that_follows_it_is_kept(make: Make) -> None:
    engine = make(3)
    put(engine, 0)
    position = end_of_feed(engine)
    put(engine, 1, 2, 3)
    assert numbers(changes(engine, position)) == [1, 2, 3]
    put(engine, 4)
    with pytest.raises(FeedTrimmedError, match=r"^the change feed has passed by: changes 2 to 2 are no longer kept$"):
        engine.changes(position)


def test_the_end_of_a_feed_without_changes_is_a_position_too(make: Make) -> None:
    engine = make(3)
    position = engine.changes(None).position
    put(engine, 1, 2, 3)
    assert numbers(changes(engine, position)) == [1, 2, 3]
    put(engine, 4)
    with pytest.raises(FeedTrimmedError):
        engine.changes(position)


def test_a_position_beyond_the_end_tells_of_an_older_copy(make: Make) -> None:
    engine = make(3)
    put(engine, 1, 2)
    with pytest.raises(FeedTrimmedError, match="ends at change 2, before the last one seen, 3: the store is an older"):
        engine.changes("3")
    assert engine.changes("2").changes == []


def test_a_transaction_of_more_changes_than_are_kept_leaves_the_newest_of_its_own(make: Make) -> None:
    engine = make(2)
    put(engine, 0)
    engine.transact([Put(item(number)) for number in range(1, 6)])
    assert numbers(changes(engine)) == [4, 5]
    assert len(engine.scan().items) == 6


def test_a_write_that_changes_nothing_drops_nothing(make: Make) -> None:
    engine = make(2)
    put(engine, 1, 2, 3)
    put(engine, 3)
    engine.write(Delete(Key("p", "missing")))
    with pytest.raises(WriteRefusedError):
        engine.transact([Put(item(4)), Put(item(5)), Check(Key("p", "missing"), ItemPresent())])
    assert numbers(changes(engine)) == [2, 3]


def test_changes_that_are_not_told_drop_none(make: Make) -> None:
    engine = make(2)
    put(engine, 1, 2)
    position = end_of_feed(engine)
    for number in range(10):
        engine.write(Put({**item(3), "entity_type": NOT_TOLD[0], "number": number}))
    assert numbers(changes(engine)) == [1, 2]
    assert end_of_feed(engine) == position


def test_a_file_with_too_many_changes_is_trimmed_a_little_at_each_write(tmp_path: Path) -> None:
    with closing(SqliteEngine(tmp_path / "store.db")) as engine:
        engine.prepare()
        put(engine, *range(100))
    with closing(SqliteEngine(tmp_path / "store.db", keep_changes=10)) as engine:
        kept = []
        for number in range(100, 200):
            put(engine, number)
            kept.append(len(changes(engine)))
    assert kept == [*range(99, 10, -1), *[10] * 11]
