"""What an expression means to the service is what its condition or update means to the engines that hold items."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.integration.dynamodb.conftest import Watched
from tests.integration.dynamodb_local import needs_dynamodb_local

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.engines.evaluation import holds, identical, outcomes
from quantleap.adapters.store.seam import (
    MAX_INTEGER,
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Check,
    Condition,
    Delete,
    Equals,
    InvalidWriteError,
    Item,
    ItemAbsent,
    ItemPresent,
    Key,
    Missing,
    OneOf,
    Put,
    ShorterThan,
    Update,
    Value,
    WriteRefusedError,
)
from quantleap.adapters.store.table import INDEXES

pytestmark = needs_dynamodb_local

# What an expression's grammar would read as its own: functions, references, paths, words that it reserves.
AWKWARD = ["size", "#0", ":0", "#x", ":y", "a.b", "a[0]", "status", "SET", "and", "a b", "'", '"', "é", "-", "0"]
# Whole numbers, texts and maps that a wrong comparison could confuse.
_VALUES: st.SearchStrategy[Value] = st.recursive(
    st.sampled_from([0, 1, -5, MAX_INTEGER, -MAX_INTEGER - 1, True, False, None, "", "A", "B", "0", "#0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(AWKWARD), inner, max_size=3),
    max_leaves=4,
)
_KEYS = {"user_id", "sort_key"} | {name for index in INDEXES for name in (index.partition, index.sort)}
_NAMES = st.sampled_from(AWKWARD) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda name: name not in _KEYS
)
_ATTRIBUTES = st.dictionaries(_NAMES, _VALUES, max_size=4)
_FRESH = itertools.count()


def _conditions(names: st.SearchStrategy[str]) -> st.SearchStrategy[Condition]:
    texts = st.sampled_from(["", "A", "B", "0", "#0"])
    scalars = texts | st.sampled_from([0, 1, -5, MAX_INTEGER, True, False])
    bounds = st.integers(-6, 3) | st.sampled_from([MAX_INTEGER, -MAX_INTEGER - 1])
    parts: st.SearchStrategy[Condition] = (
        st.just(ItemAbsent())
        | st.just(ItemPresent())
        | st.builds(Equals, names, scalars)
        | st.builds(OneOf, names, st.lists(texts, min_size=1, max_size=3).map(tuple))
        | st.builds(Missing, names)
        | st.builds(ShorterThan, names, st.integers(0, 3))
        | st.builds(AtLeast, names, bounds)
        | st.builds(AtMost, names, bounds)
    )
    return st.recursive(
        parts,
        lambda inner: (
            st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
            | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
        ),
        max_leaves=6,
    )


@st.composite
def _items_and_conditions(draw: st.DrawFn) -> tuple[dict[str, Value] | None, Condition]:
    """Conditions are mostly about attributes that are there."""
    attributes = draw(st.none() | _ATTRIBUTES)
    names = st.sampled_from(sorted(attributes)) | _NAMES if attributes else _NAMES
    return attributes, draw(_conditions(names))


@st.composite
def _items_and_updates(draw: st.DrawFn) -> tuple[dict[str, Value] | None, Update]:
    attributes = draw(st.none() | _ATTRIBUTES)
    there = st.sampled_from(sorted(attributes)) | _NAMES if attributes else _NAMES
    names = draw(st.lists(there, max_size=4, unique=True))
    update = Update(Key("", ""), condition=draw(st.none() | _conditions(there)))
    for name in names:
        match draw(st.sampled_from(["assign", "add", "append", "remove"])):
            case "assign":
                update = replace(update, assign={**update.assign, name: draw(_VALUES)})
            case "add":
                amount = draw(st.integers(-3, 3) | st.sampled_from([MAX_INTEGER, -MAX_INTEGER - 1]))
                update = replace(update, add={**update.add, name: amount})
            case "append":
                update = replace(update, append={**update.append, name: draw(st.lists(_VALUES, max_size=2))})
            case _:
                update = replace(update, remove=(*update.remove, name))
    return attributes, update


def _placed(engine: DynamoDbEngine, attributes: dict[str, Value] | None) -> tuple[Key, Item | None]:
    """A key that no other example has, and the item there."""
    key = Key("expressions", str(next(_FRESH)))
    if attributes is None:
        return key, None
    item: Item = {**attributes, "user_id": key.partition, "sort_key": key.sort}
    engine.write(Put(item))
    return key, item


def _is_held(engine: DynamoDbEngine, key: Key, condition: Condition) -> bool:
    try:
        engine.transact([Check(key, condition)])
    except WriteRefusedError:
        return False
    return True


@given(example=_items_and_conditions())
def test_a_condition_holds_for_the_service_just_when_it_holds(
    shared: DynamoDbEngine, example: tuple[dict[str, Value] | None, Condition]
) -> None:
    attributes, condition = example
    key, item = _placed(shared, attributes)

    assert _is_held(shared, key, condition) is holds(condition, item)


@given(example=_items_and_updates())
def test_an_update_leaves_for_the_service_what_it_means(
    shared: DynamoDbEngine, example: tuple[dict[str, Value] | None, Update]
) -> None:
    attributes, update = example
    key, item = _placed(shared, attributes)
    update = replace(update, key=key)
    try:
        expected = outcomes([update], [item])[0]
    except (WriteRefusedError, InvalidWriteError) as refusal:
        with pytest.raises(type(refusal)):
            shared.write(update)
        expected = item
    else:
        assert identical(shared.write(update), expected)
    assert identical(shared.get(key, consistent=True), expected)


HOLDING, OTHER = Equals("size", 1), Equals("size", 2)
NESTED: list[tuple[Condition, bool]] = [
    (AllOf((HOLDING,)), True),
    (AnyOf((HOLDING,)), True),
    (AllOf((AllOf((AnyOf((HOLDING,)),)),)), True),
    (AnyOf((AllOf((AnyOf((OTHER,)),)),)), False),
    (AllOf((AnyOf((OTHER, HOLDING)), AllOf((HOLDING,)))), True),
    (AllOf((AnyOf((OTHER, HOLDING)), AllOf((HOLDING, OTHER)))), False),
    (AnyOf((AllOf((HOLDING, OTHER)), AnyOf((OTHER, AllOf((HOLDING, Missing("a.b"))))))), True),
    (AllOf((ShorterThan("a[0]", 2), ShorterThan("a[0]", 3))), True),
    (AnyOf((ShorterThan("a[0]", 1), ShorterThan("a[0]", 0))), False),
]


@pytest.mark.parametrize(("condition", "expected"), NESTED)
def test_conditions_nest(watched: Watched, partition: str, condition: Condition, *, expected: bool) -> None:
    watched.engine.write(Put({"user_id": partition, "sort_key": "1", "size": 1, "a[0]": [1]}))

    assert _is_held(watched.engine, Key(partition, "1"), condition) is expected


def test_one_of_takes_a_hundred_values(watched: Watched, partition: str) -> None:
    watched.engine.write(Put({"user_id": partition, "sort_key": "1", "a": "99"}))

    assert _is_held(watched.engine, Key(partition, "1"), OneOf("a", tuple(map(str, range(100)))))


@pytest.mark.parametrize("name", AWKWARD)
def test_a_name_of_the_grammar_s_own_is_an_attribute_like_any(watched: Watched, partition: str, name: str) -> None:
    key = Key(partition, "1")
    item: Item = {"user_id": partition, "sort_key": "1", name: 1}
    watched.engine.write(Put(item, Missing(name)))

    assert watched.engine.write(Update(key, assign={name: "two"}, condition=Equals(name, 1))) == {**item, name: "two"}
    assert watched.engine.write(Update(key, remove=(name,))) == {"user_id": partition, "sort_key": "1"}
    assert watched.engine.write(Update(key, add={name: 1})) == item
    assert (
        watched.engine.write(Delete(key, AllOf((Equals(name, 1), AnyOf((OneOf(name, ("1",)), ItemPresent())))))) is None
    )
