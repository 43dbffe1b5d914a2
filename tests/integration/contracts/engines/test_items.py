"""What is put is what is got: values of every type, copies, limits, reads of many, scans."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from enum import StrEnum
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.contracts.engines.reading import changes, written

from quantleap.adapters.store.seam import (
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_ITEM_BYTES,
    Delete,
    Engine,
    InvalidReadError,
    InvalidWriteError,
    Item,
    Key,
    Position,
    Put,
    Query,
    Update,
    Value,
)

KEY = Key("p", "s")
_FRESH = itertools.count()

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER - 1, MAX_INTEGER) | _TEXTS,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(_TEXTS.filter(bool), values, max_size=3),
    max_leaves=8,
)


class Colour(StrEnum):
    RED = "RED"


def item(**attributes: Value) -> Item:
    return {"user_id": KEY.partition, "sort_key": KEY.sort, **attributes}


def untyped(value: object) -> Value:
    """A value that a type checker would have refused."""
    return cast("Value", value)


def nested(depth: int) -> Value:
    value: Value = "leaf"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "plain",
        'quotes " and \\ and / and \n\t\r\b\f',
        "nul \0 and \x01 and \x7f and \u2028",
        "நிஃப்டி €  e\u0301",
        "beyond the plane \U0001f600\U0010ffff",
        0,
        -1,
        MAX_INTEGER,
        -MAX_INTEGER - 1,
        True,
        False,
        None,
        [],
        {},
        [1, True, "1", None, [], {}],
        {"b": {"a": [{"c": 1}]}, "a": 1},
        nested(MAX_DEPTH),
    ],
    ids=repr,
)
def test_a_value_of_every_type_comes_back_as_it_went_in(engine: Engine, value: Value) -> None:
    assert written(engine.write(Put(item(value=value)))) == written(item(value=value))
    assert written(engine.get(KEY, consistent=True)) == written(item(value=value))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example has a key of its own
@given(attributes=st.dictionaries(_TEXTS.map("x{}".format), _VALUES, max_size=5))  # "x": no name is a key attribute's
def test_any_item_comes_back_as_it_went_in(engine: Engine, attributes: dict[str, Value]) -> None:
    key = Key("any", str(next(_FRESH)))
    whole = {**attributes, "user_id": key.partition, "sort_key": key.sort}
    engine.write(Put(whole))
    # The order of a map's attributes is not kept by every engine; types are, which `==` alone would not see.
    assert engine.get(key) == whole
    assert {
        name: repr(value) for name, value in (engine.get(key) or {}).items() if not isinstance(value, dict | list)
    } == {name: repr(value) for name, value in whole.items() if not isinstance(value, dict | list)}


def test_a_member_of_an_enumeration_is_stored_as_its_text(engine: Engine) -> None:
    written = engine.write(Put(item(colour=Colour.RED, colours=[Colour.RED], by_colour={Colour.RED: 1})))
    for got in (written, engine.get(KEY)):
        assert got is not None
        assert repr(got["colour"]) == "'RED'"
        assert repr(got["colours"]) == "['RED']"
        assert repr(got["by_colour"]) == "{'RED': 1}"


def test_a_put_replaces_the_whole_item(engine: Engine) -> None:
    engine.write(Put(item(old=1)))
    engine.write(Put(item(new=2)))
    assert engine.get(KEY) == item(new=2)


def test_what_is_not_there_is_none_and_removing_it_is_no_error(engine: Engine) -> None:
    assert engine.get(KEY) is None
    assert engine.write(Delete(KEY)) is None
    engine.write(Put(item()))
    assert engine.write(Delete(KEY)) is None
    assert engine.get(KEY) is None


def test_keys_are_told_apart_to_the_byte(engine: Engine) -> None:
    keys = [
        Key(*pair) for pair in itertools.product(["a", "A", "é", "e\u0301", "a ", "'; DROP TABLE items; --"], repeat=2)
    ]
    for number, key in enumerate(keys):
        engine.write(Put({"user_id": key.partition, "sort_key": key.sort, "number": number}))
    assert [(got or {}).get("number") for got in engine.get_many(keys)] == list(range(len(keys)))


def test_changing_what_was_given_or_handed_out_changes_nothing_stored(engine: Engine) -> None:
    original = item(basket_id="b", entity_type_priority="x", list=[1, {"a": [2]}], map={"k": ["v"]})
    given_in = deepcopy(original)
    outs = [engine.write(Put(given_in))]
    outs.append(engine.write(Update(KEY, assign={"list": given_in["list"]})))
    outs.append(engine.get(KEY))
    outs += engine.get_many([KEY])
    outs += engine.query(Query(KEY.partition)).items
    outs += engine.query(Query("b", index="AllocationsByBasket")).items
    outs += engine.scan().items
    outs += [change.new for change in changes(engine)]
    for out in [given_in, *outs]:
        assert out == original
        cast("list[Value]", out["list"]).append("spoilt")
        cast("dict[str, list[Value]]", out["map"])["k"].append("spoilt")
    assert engine.get(KEY) == original
    assert engine.query(Query("b", index="AllocationsByBasket")).items == [original]
    assert [change.new for change in changes(engine)] == [original]


def test_many_are_got_in_the_order_asked_absent_ones_as_none(engine: Engine) -> None:
    for sort in ("a", "b"):
        engine.write(Put({"user_id": "p", "sort_key": sort}))
    asked = [Key("p", "b"), Key("p", "missing"), Key("p", "a")]
    assert engine.get_many(asked) == [{"user_id": "p", "sort_key": "b"}, None, {"user_id": "p", "sort_key": "a"}]
    assert engine.get_many([]) == []
    assert engine.get_many([Key("p", str(number)) for number in range(100)]) == [None] * 100


@pytest.mark.parametrize(
    "keys",
    [
        [Key("p", str(number)) for number in range(101)],
        [Key("p", "s"), Key("p", "s")],
        [Key("", "s")],
        [Key("p", "")],
        [Key("p", "\ud800")],
        [Key("p", "s" * 1025)],
    ],
    ids=["101", "one twice", "no partition", "no sort", "surrogate", "long"],
)
def test_keys_that_cannot_be_read_are_refused(engine: Engine, keys: list[Key]) -> None:
    with pytest.raises(InvalidReadError):
        engine.get_many(keys)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_a_scan_gives_every_item_once(engine: Engine, limit: int) -> None:
    keys = {Key(partition, sort) for partition in "abc" for sort in "xyz"}
    for key in keys:
        engine.write(Put({"user_id": key.partition, "sort_key": key.sort}))
    seen: list[Key] = []
    page = engine.scan(limit=limit)
    while True:
        assert len(page.items) <= limit
        seen += [Key(str(got["user_id"]), str(got["sort_key"])) for got in page.items]
        if page.next is None:
            break
        page = engine.scan(page.next, limit=limit)
    assert len(seen) == len(keys)
    assert set(seen) == keys


def test_a_scan_that_means_nothing_is_refused(engine: Engine) -> None:
    with pytest.raises(InvalidReadError):
        engine.scan(limit=0)
    positions: list[Position] = [{"user_id": "p"}, {"user_id": "p", "sort_key": 1}, {"user_id": "", "sort_key": "s"}]
    for position in positions:
        with pytest.raises(InvalidReadError):
            engine.scan(position)


@pytest.mark.parametrize(
    "bad",
    [
        {"sort_key": "s"},
        {"user_id": "p"},
        {"user_id": "", "sort_key": "s"},
        {"user_id": "p", "sort_key": ""},
        {"user_id": 1, "sort_key": "s"},
        {"user_id": "p", "sort_key": None},
        {"user_id": "p\0q", "sort_key": "s"},
        {"user_id": "p" * 2049, "sort_key": "s"},
        {"user_id": "p", "sort_key": "é" * 513},
        item(value=untyped(1.5)),
        item(value=untyped(1.0)),
        item(value=untyped(float("nan"))),
        item(value=untyped(b"bytes")),
        item(value=untyped((1, 2))),
        item(value=untyped({1, 2})),
        item(value=untyped([{"deep": 1.5}])),
        item(value=untyped({"deep": [object()]})),
        item(value=untyped({1: "a number for a name"})),
        item(value={"": "no name"}),
        item(**{"": "no name"}),
        item(value="half \ud800"),
        item(value={"\udfff": 1}),
        item(value=MAX_INTEGER + 1),
        item(value=-MAX_INTEGER - 2),
        item(value=nested(MAX_DEPTH + 1)),
        item(value="x" * MAX_ITEM_BYTES),
        item(basket_id=7),
        item(basket_id=""),
        item(basket_id=None),
        item(basket_id="b" * 2049),
        item(entity_type_priority=["x"]),
        item(entity_type_priority="nul \0"),
        item(entity_type_priority="x" * 1025),
        item(subscriber_count="7"),
        item(subscriber_count=True),
        item(subscriber_count=None),
    ],
    ids=lambda bad: repr(bad)[:60],
)
def test_an_item_that_may_not_be_stored_is_refused_and_nothing_written(engine: Engine, bad: Item) -> None:
    with pytest.raises(InvalidWriteError):
        engine.write(Put(bad))
    assert engine.scan().items == []
    assert changes(engine) == []


def test_a_refusal_names_the_attribute_and_never_its_value(engine: Engine) -> None:
    with pytest.raises(InvalidWriteError, match=r"^a\.b\[1\]: a float cannot be stored$"):
        engine.write(Put(item(a=untyped({"b": ["secret", 1.5]}))))


def test_the_largest_item_and_the_longest_keys_are_stored(engine: Engine) -> None:
    empty = len("user_id" + "sort_key" + "value")
    key = Key("p" * 2048, "é" * 512)
    largest: Item = {
        "user_id": key.partition,
        "sort_key": key.sort,
        "value": "x" * (MAX_ITEM_BYTES - 2048 - 1024 - empty),
    }
    engine.write(Put(largest))
    assert engine.get(key) == largest
    with pytest.raises(InvalidWriteError):
        engine.write(Put({**largest, "value": f"{largest['value']}x"}))


def test_threads_that_add_to_one_number_lose_nothing(engine: Engine) -> None:
    def add(_: int) -> None:
        engine.write(Update(KEY, add={"count": 1}))
        engine.get(KEY)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(200)))
    assert engine.get(KEY, consistent=True) == item(count=200)
    assert len(changes(engine)) == 200
