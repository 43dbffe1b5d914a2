"""One partition of the table or of an index: its order, its bounds, its pages, its projection."""

import itertools
from collections.abc import Callable
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quantleap.adapters.store.seam import (
    MAX_INTEGER,
    Delete,
    Engine,
    InvalidReadError,
    Item,
    Key,
    Position,
    Put,
    Query,
)
from quantleap.adapters.store.table import INDEXES, Index

_FRESH = itertools.count()
_OWN_PARTITION = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example has its own

_SORTS = st.text(st.sampled_from("aAbé\ud7ff\ue000\U0010ffff"), min_size=1, max_size=3)
_RANGES = st.tuples(_SORTS, _SORTS).map(lambda pair: (min(pair), max(pair)))
_COUNTS = st.sampled_from([-MAX_INTEGER - 1, -10, -9, -1, 0, 1, 2, 9, 10, 11, 100, MAX_INTEGER])


def walk(engine: Engine, query: Query) -> list[Item]:
    """Every item of the query, page by page."""
    items: list[Item] = []
    while True:
        page = engine.query(query)
        assert query.limit is None or len(page.items) <= query.limit
        items += page.items
        if page.next is None:
            return items
        query = replace(query, after=page.next)


def sorts_of(items: list[Item]) -> list[str]:
    return [str(item["sort_key"]) for item in items]


def put_sorts(engine: Engine, partition: str, sorts: list[str] | set[str]) -> None:
    for sort in sorts:
        engine.write(Put({"user_id": partition, "sort_key": sort}))


def put_listing(engine: Engine, category: str, key: Key, count: int) -> None:
    engine.write(
        Put(
            {
                "user_id": key.partition,
                "sort_key": key.sort,
                "marketplace_category": category,
                "subscriber_count": count,
            }
        )
    )


def test_text_is_ordered_by_its_utf8_bytes(engine: Engine) -> None:
    sorts = ["a", "B", "aa", "a\x01", "a ", "é", "e\u0301", "\ud7ff", "\ue000", "\uffff", "\U00010000", "10", "9", "~"]
    put_sorts(engine, "p", sorts)
    expected = sorted(sorts, key=lambda sort: sort.encode())
    assert sorts_of(walk(engine, Query("p"))) == expected
    assert sorts_of(walk(engine, Query("p", descending=True, limit=3))) == expected[::-1]


def test_an_index_of_numbers_is_ordered_numerically(engine: Engine) -> None:
    counts = [10, 9, -1, 100, 0, -20, MAX_INTEGER, -MAX_INTEGER - 1]
    for number, count in enumerate(counts):
        put_listing(engine, "c", Key("p", str(number)), count)
    got = walk(engine, Query("c", index="MarketplaceDiscovery", limit=3))
    assert [item["subscriber_count"] for item in got] == sorted(counts)


def test_only_the_partition_asked_for_is_given(engine: Engine) -> None:
    for partition in ("p", "P", "pp", "p#"):
        put_sorts(engine, partition, ["s"])
    assert engine.query(Query("p", consistent=True)).items == [{"user_id": "p", "sort_key": "s"}]
    assert engine.query(Query("other")).items == []
    assert engine.query(Query("other", index="PartnerSubscriptions")).next is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query("p", begins_with="b"), ["b", "b#1", "b#2", "bb"]),
        (Query("p", begins_with="b#"), ["b#1", "b#2"]),
        (Query("p", begins_with="b#2"), ["b#2"]),
        (Query("p", begins_with="b%"), []),
        (Query("p", begins_with="B"), []),
        (Query("p", between=("b", "b#1")), ["b", "b#1"]),
        (Query("p", between=("a~", "b#2")), ["b", "b#1", "b#2"]),
        (Query("p", between=("bb", "zz")), ["bb", "c"]),
        (Query("p", between=("b", "b")), ["b"]),
        (Query("p", between=("d", "e")), []),
    ],
    ids=repr,
)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_begins_with_and_between_narrow_the_sort_key(
    engine: Engine, query: Query, expected: list[str], descending: bool, limit: int
) -> None:
    put_sorts(engine, "p", ["a", "b", "b#1", "b#2", "bb", "c"])
    got = walk(engine, replace(query, descending=descending, limit=limit))
    assert sorts_of(got) == (expected[::-1] if descending else expected)


def test_a_page_holds_the_first_items_and_says_whether_there_are_more(engine: Engine) -> None:
    put_sorts(engine, "p", ["a", "b", "c"])
    page = engine.query(Query("p", limit=2))
    assert sorts_of(page.items) == ["a", "b"]
    assert page.next == {"user_id": "p", "sort_key": "b"}
    assert engine.query(Query("p", limit=4)).next is None


def test_a_position_whose_item_is_gone_still_goes_on_from_its_place(engine: Engine) -> None:
    put_sorts(engine, "p", ["a", "b", "c"])
    page = engine.query(Query("p", limit=2))
    engine.write(Delete(Key("p", "b")))
    assert sorts_of(engine.query(Query("p", after=page.next)).items) == ["c"]


@_OWN_PARTITION
@given(
    sorts=st.sets(_SORTS, max_size=12),
    query=st.builds(Query, st.just("p"), begins_with=_SORTS, limit=st.integers(1, 5), descending=st.booleans())
    | st.builds(Query, st.just("p"), between=st.none() | _RANGES, limit=st.integers(1, 5), descending=st.booleans()),
)
def test_pages_of_the_table_give_each_item_once_and_in_order(engine: Engine, sorts: set[str], query: Query) -> None:
    partition = f"p{next(_FRESH)}"
    put_sorts(engine, partition, sorts)
    wanted = [
        sort
        for sort in sorted(sorts, key=str.encode, reverse=query.descending)
        if (query.begins_with is None or sort.startswith(query.begins_with))
        and (query.between is None or str(query.between[0]).encode() <= sort.encode() <= str(query.between[1]).encode())
    ]
    assert sorts_of(walk(engine, replace(query, partition=partition))) == wanted


@_OWN_PARTITION
@given(
    counts=st.dictionaries(st.tuples(st.sampled_from("xyz"), st.sampled_from("123")), _COUNTS, max_size=9),
    limit=st.integers(1, 4),
    descending=st.booleans(),
    between=st.none() | st.tuples(_COUNTS, _COUNTS).map(lambda pair: (min(pair), max(pair))),
)
def test_pages_of_an_index_neither_skip_nor_repeat_where_sort_keys_tie(
    engine: Engine,
    counts: dict[tuple[str, str], int],
    limit: int,
    descending: bool,
    between: tuple[int, int] | None,
) -> None:
    space = next(_FRESH)
    for (partition, sort), count in counts.items():
        put_listing(engine, f"c{space}", Key(f"{space}{partition}", sort), count)
    query = Query(f"c{space}", index="MarketplaceDiscovery", between=between, limit=limit, descending=descending)
    got = walk(engine, query)
    inside = {
        (f"{space}{partition}", sort): count
        for (partition, sort), count in counts.items()
        if between is None or between[0] <= count <= between[1]
    }
    assert {(item["user_id"], item["sort_key"]): item["subscriber_count"] for item in got} == inside
    assert [item["subscriber_count"] for item in got] == sorted(inside.values(), reverse=descending)
    # Ties come in an order of the engine's own, the same whatever the page.
    assert got == walk(engine, replace(query, limit=1000))


@_OWN_PARTITION
@given(dates=st.lists(st.sampled_from("ABC"), max_size=9), limit=st.integers(1, 4), descending=st.booleans())
def test_pages_of_an_index_by_the_table_s_own_partition_are_whole_too(
    engine: Engine, dates: list[str], limit: int, descending: bool
) -> None:
    partition = f"u{next(_FRESH)}"
    for number, date in enumerate(dates):
        engine.write(Put({"user_id": partition, "sort_key": str(number), "subscription_status_date": date}))
    got = walk(engine, Query(partition, index="UserSubscriptions", limit=limit, descending=descending))
    assert [item["subscription_status_date"] for item in got] == sorted(dates, reverse=descending)
    assert sorted(sorts_of(got)) == [str(number) for number in range(len(dates))]


def full_item(index: Index) -> Item:
    item: Item = {"user_id": "u", "sort_key": "s", "hidden": "h", index.partition: "u"}
    item[index.sort] = 1 if index.numeric_sort else "k"
    for attribute in index.include or ():
        item.setdefault(attribute, attribute)
    for other in INDEXES:  # an attribute that is a key elsewhere has its type there
        if other.numeric_sort and other.sort in item:
            item[other.sort] = 1
    return item


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_an_index_gives_what_it_projects_and_nothing_else(engine: Engine, index: Index) -> None:
    whole = full_item(index)
    engine.write(Put(whole))
    (got,) = engine.query(Query("u", index=index.name)).items
    if index.include is None:
        assert got == whole
    else:
        assert got == {name: value for name, value in whole.items() if name != "hidden"}


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_an_item_that_lacks_a_key_attribute_of_an_index_is_not_in_it(engine: Engine, index: Index) -> None:
    for attribute in {index.partition, index.sort} - {"user_id"}:
        engine.write(Put({name: value for name, value in full_item(index).items() if name != attribute}))
        assert engine.query(Query("u", index=index.name)).items == []
    engine.write(Put(full_item(index)))
    assert len(engine.query(Query("u", index=index.name)).items) == 1
    engine.write(Delete(Key("u", "s")))
    assert engine.query(Query("u", index=index.name)).items == []


_POSITION: Position = {"user_id": "p", "sort_key": "s"}
_INDEX_POSITION: Position = {**_POSITION, "marketplace_category": "p", "subscriber_count": 5}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Query(""),
        lambda: Query(cast("str", 1)),
        lambda: Query("\ud800"),
        lambda: Query("p", limit=0),
        lambda: Query("p", limit=-1),
        lambda: Query("p", limit=2**31),
        lambda: Query("p", index="Nothing"),
        lambda: Query("p", index="UserSubscriptions", consistent=True),
        lambda: Query("p", begins_with="a", between=("a", "b")),
        lambda: Query("p", begins_with=""),
        lambda: Query("p", begins_with="\ud800"),
        lambda: Query("p", between=("b", "a")),
        lambda: Query("p", between=("", "a")),
        lambda: Query("p", between=(1, 2)),
        lambda: Query("p", index="MarketplaceDiscovery", begins_with="1"),
        lambda: Query("p", index="MarketplaceDiscovery", between=("1", "2")),
        lambda: Query("p", index="MarketplaceDiscovery", between=(2, 1)),
        lambda: Query("p", index="MarketplaceDiscovery", between=(False, True)),
        lambda: Query("p", index="MarketplaceDiscovery", between=(0, MAX_INTEGER + 1)),
        lambda: Query("p", after={}),
        lambda: Query("p", after={"user_id": "p"}),
        lambda: Query("p", after={"user_id": "other", "sort_key": "s"}),
        lambda: Query("p", after={"user_id": "p", "sort_key": ""}),
        lambda: Query("p", after={"user_id": "p", "sort_key": 1}),
        lambda: Query("p", after=_INDEX_POSITION),
        lambda: Query("p", after=_POSITION, begins_with="t"),
        lambda: Query("p", after=_POSITION, between=("a", "b")),
        lambda: Query("p", index="MarketplaceDiscovery", after=_POSITION),
        lambda: Query("p", index="MarketplaceDiscovery", after={**_INDEX_POSITION, "subscriber_count": "5"}),
        lambda: Query("p", index="MarketplaceDiscovery", after={**_INDEX_POSITION, "marketplace_category": "q"}),
        lambda: Query("p", index="MarketplaceDiscovery", after=_INDEX_POSITION, between=(6, 9)),
    ],
)
def test_a_query_that_means_nothing_is_refused(engine: Engine, make: Callable[[], Query]) -> None:
    with pytest.raises(InvalidReadError):
        engine.query(make())
