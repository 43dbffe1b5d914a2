"""What has expired is removed: by the embedded engines when they are told to, on DynamoDB by the service."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TypeAlias
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.contracts.engines.reading import by_key, changes, end_of_feed
from tests.integration.contracts.stores import everything

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import MAX_INTEGER, Engine, InvalidWriteError, Item, Key, Put, Query, Update, Value
from quantleap.adapters.store.table import NOT_TOLD

EMBEDDED: dict[str, Callable[[Path], Engine]] = {
    "memory": lambda _: MemoryEngine(),
    "sqlite": lambda folder: SqliteEngine(folder / "store.db"),
}

Stored: TypeAlias = dict[tuple[str, str], Value]
"""The expiry of the item at each key."""


@pytest.fixture(params=EMBEDDED)
def embedded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with closing(EMBEDDED[request.param](tmp_path)) as made:
        made.prepare()
        yield made


@pytest.fixture(scope="module")
def all_embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    """Every one of them; what a test writes there is removed by the next."""
    with ExitStack() as stack:
        engines = [stack.enter_context(closing(make(tmp_path_factory.mktemp("expiry")))) for make in EMBEDDED.values()]
        for engine in engines:
            engine.prepare()
        yield engines


def item(sort: str, expires_at: Value, **attributes: Value) -> Item:
    return {"user_id": "p", "sort_key": sort, "expires_at": expires_at, **attributes}


def left(engine: Engine) -> list[str]:
    return [str(each["sort_key"]) for each in everything(engine)]


def test_what_expires_at_that_second_or_before_is_removed_and_nothing_else(embedded: Engine) -> None:
    for second in (9, 10, 11):
        embedded.write(Put(item(f"at {second}", second)))
    embedded.write(Put({"user_id": "p", "sort_key": "kept for ever"}))
    assert embedded.expire(10, limit=100) == 2
    assert left(embedded) == ["at 11", "kept for ever"]
    assert embedded.expire(10, limit=100) == 0


def test_no_more_go_at_once_than_the_limit_and_those_of_the_earliest_second_first(embedded: Engine) -> None:
    for sort, second in (("d", 1), ("a", 3), ("c", 2), ("b", 2)):
        embedded.write(Put(item(sort, second)))
    remaining = []
    while embedded.expire(10, limit=1):
        remaining.append(left(embedded))
    assert remaining == [["a", "b", "c"], ["a", "c"], ["a"], []]


@pytest.mark.parametrize("value", [True, False, "5", "", None, [], [5], {}, {"N": 5}], ids=repr)
def test_what_has_no_number_there_never_expires(embedded: Engine, value: Value) -> None:
    embedded.write(Put(item("a", value)))
    assert embedded.expire(MAX_INTEGER, limit=100) == 0
    assert left(embedded) == ["a"]


def test_an_item_whose_time_was_moved_on_is_kept_until_then(embedded: Engine) -> None:
    embedded.write(Put(item("a", 5)))
    embedded.write(Update(Key("p", "a"), assign={"expires_at": 20}))
    assert embedded.expire(10, limit=100) == 0
    embedded.write(Update(Key("p", "a"), remove=("expires_at",)))
    assert embedded.expire(20, limit=100) == 0


def test_what_is_removed_is_in_no_index_either(embedded: Engine) -> None:
    listed = {"partner_id": "zebu", "subscription_status_date": "ACTIVE#2025-10-10"}
    embedded.write(Put(item("a", 5, **listed)))
    assert embedded.expire(5, limit=100) == 1
    assert embedded.query(Query("zebu", index="PartnerSubscriptions")).items == []
    assert embedded.get(Key("p", "a")) is None


def test_a_removal_is_a_change_like_any_other(embedded: Engine) -> None:
    told, untold = item("a", 5), item("b", 5, entity_type=NOT_TOLD[0])
    embedded.write(Put(told))
    embedded.write(Put(untold))
    before = end_of_feed(embedded)
    assert embedded.expire(5, limit=100) == 2
    assert by_key(changes(embedded, before)) == {Key("p", "a"): [(told, None)]}


_SECONDS = st.sampled_from([-MAX_INTEGER - 1, -1, 0, 1, 2, 10**9, MAX_INTEGER])
_EXPIRIES: st.SearchStrategy[Value] = _SECONDS | st.sampled_from([True, "1", None, [1], {"N": 1}])
_STORED: st.SearchStrategy[Stored] = st.dictionaries(
    st.tuples(st.sampled_from("pq"), st.sampled_from("abcd")), _EXPIRIES
)


@given(stored=_STORED, at_s=_SECONDS, limit=st.integers(1, 4))
def test_the_same_items_go_from_every_engine(all_embedded: list[Engine], stored: Stored, at_s: int, limit: int) -> None:
    due = sorted((second, key) for key, second in stored.items() if type(second) is int and second <= at_s)[:limit]
    for engine in all_embedded:
        _empty(engine)
        for (partition, sort), second in stored.items():
            engine.write(Put({"user_id": partition, "sort_key": sort, "expires_at": second}))
        assert engine.expire(at_s, limit=limit) == len(due)
        there = {(str(each["user_id"]), str(each["sort_key"])) for each in everything(engine)}
        assert there == stored.keys() - {key for _, key in due}


def _empty(engine: Engine) -> None:
    for each in everything(engine):
        engine.write(Update(Key(str(each["user_id"]), str(each["sort_key"])), assign={"expires_at": 0}))
    engine.expire(0, limit=100)
    assert everything(engine) == []


def test_the_service_removes_them_itself_and_is_asked_for_nothing() -> None:
    with (
        closing(DynamoDbEngine("Table", region="ap-south-1")) as engine,
        patch.object(engine._client, "_make_api_call", side_effect=AssertionError("a request")),
    ):
        assert engine.expire(MAX_INTEGER, limit=100) == 0


@pytest.mark.parametrize(
    ("at_s", "limit"), [(5, 0), (5, -1), (5, 101), (True, 1), (1.5, 1), ("5", 1), (MAX_INTEGER + 1, 1)], ids=repr
)
def test_what_means_nothing_is_refused(engine: Engine, at_s: int, limit: int) -> None:
    with pytest.raises(InvalidWriteError):
        engine.expire(at_s, limit=limit)
