"""What an update changes, makes, and cannot change."""

from typing import cast

import pytest
from msgspec.structs import replace
from tests.integration.contracts.engines.reading import changes

from quantleap.adapters.store.seam import (
    MAX_INTEGER,
    MAX_ITEM_BYTES,
    Delete,
    Engine,
    Equals,
    InvalidWriteError,
    Item,
    ItemPresent,
    Key,
    Put,
    Query,
    Update,
    Value,
    WriteRefusedError,
)

KEY = Key("p", "s")


def item(**attributes: Value) -> Item:
    return {"user_id": KEY.partition, "sort_key": KEY.sort, **attributes}


def test_an_update_does_its_four_parts_and_leaves_the_rest(engine: Engine) -> None:
    engine.write(Put(item(kept="k", old=1, count=5, history=["a"], gone=True)))
    update = Update(
        KEY,
        assign={"old": {"now": 2}, "new": "n"},
        add={"count": -7},
        append={"history": ["b", {"c": 1}]},
        remove=("gone",),
    )
    expected = item(kept="k", old={"now": 2}, new="n", count=-2, history=["a", "b", {"c": 1}])
    assert engine.write(update) == expected
    assert engine.get(KEY) == expected


def test_an_update_of_what_is_not_there_makes_it(engine: Engine) -> None:
    expected = item(a=1, count=3, history=["x"])
    assert (
        engine.write(Update(KEY, assign={"a": 1}, add={"count": 3}, append={"history": ["x"]}, remove=("b",)))
        == expected
    )
    assert engine.get(KEY) == expected


def test_an_update_of_nothing_makes_an_item_of_its_key_alone(engine: Engine) -> None:
    assert engine.write(Update(KEY)) == item()
    assert engine.get(KEY) == item()


def test_removing_what_is_not_there_is_no_error(engine: Engine) -> None:
    engine.write(Put(item(a=1)))
    assert engine.write(Update(KEY, remove=("b", "c"))) == item(a=1)


def test_adding_up_to_the_largest_and_down_to_the_smallest_integer_is_exact(engine: Engine) -> None:
    engine.write(Put(item(up=MAX_INTEGER - 1, down=-MAX_INTEGER)))
    assert engine.write(Update(KEY, add={"up": 1, "down": -1})) == item(up=MAX_INTEGER, down=-MAX_INTEGER - 1)
    for beyond in ({"up": 1}, {"down": -1}):
        with pytest.raises(InvalidWriteError):
            engine.write(Update(KEY, add=beyond))


NO_INDEX_TAKES = [
    Update(KEY, assign={"basket_id": 1}),
    Update(KEY, assign={"basket_id": ""}),
    Update(KEY, assign={"basket_id": None}),
    Update(KEY, assign={"basket_id": "b" * 2049}),
    Update(KEY, assign={"entity_type_priority": "nul \0"}),
    Update(KEY, assign={"entity_type_priority": "x" * 1025}),
    Update(KEY, assign={"subscriber_count": "7"}),
    Update(KEY, assign={"subscriber_count": True}),
    Update(KEY, append={"schedule_key": ["x"]}),
    Update(KEY, append={"subscriber_count": [1]}),
    Update(KEY, add={"schedule_key": 1}),
    Update(KEY, assign={"marketplace_category": "c"}, add={"partner_id": 0}),
]
"""Updates that leave in a key attribute of an index what it does not hold, whatever item is there."""


@pytest.mark.parametrize(
    "update",
    [
        Update(KEY, assign={"user_id": "p"}),
        Update(KEY, assign={"sort_key": "other"}),
        Update(KEY, add={"sort_key": 1}),
        Update(KEY, append={"user_id": []}),
        Update(KEY, remove=("sort_key",)),
        Update(KEY, assign={"a": 1}, add={"a": 1}),
        Update(KEY, assign={"a": 1}, append={"a": [1]}),
        Update(KEY, add={"a": 1}, remove=("a",)),
        Update(KEY, append={"a": [1]}, remove=("a",)),
        Update(KEY, remove=("a", "a")),
        Update(KEY, assign={"a": cast("Value", 1.5)}),
        Update(KEY, assign={"": 1}),
        Update(KEY, assign={"a": "x" * MAX_ITEM_BYTES}),
        Update(KEY, add={"a": cast("int", 1.5)}),
        Update(KEY, add={"a": cast("int", "1")}),
        Update(KEY, add={"a": True}),
        Update(KEY, add={"a": MAX_INTEGER + 1}),
        Update(KEY, append={"a": cast("list[Value]", "text")}),
        Update(KEY, append={"a": [cast("Value", 1.5)]}),
        Update(KEY, remove=("",)),
        *NO_INDEX_TAKES,
        Update(Key("", "s"), assign={"a": 1}),
        Update(Key("p", ""), assign={"a": 1}),
    ],
    ids=lambda update: repr(update)[:90],
)
def test_an_update_that_can_never_be_done_is_refused_and_writes_nothing(engine: Engine, update: Update) -> None:
    with pytest.raises(InvalidWriteError):
        engine.write(update)
    assert engine.scan().items == []
    assert changes(engine) == []


@pytest.mark.parametrize(
    "update",
    [
        *NO_INDEX_TAKES,
        Update(KEY, assign={"a": "x" * (MAX_ITEM_BYTES // 2)}, append={"b": ["x" * (MAX_ITEM_BYTES // 2)]}),
    ],
    ids=lambda update: repr(update)[:90],
)
def test_what_no_item_admits_is_refused_before_any_condition_is_asked(engine: Engine, update: Update) -> None:
    conditional = replace(update, condition=ItemPresent())
    with pytest.raises(InvalidWriteError):
        engine.write(conditional)
    with pytest.raises(InvalidWriteError):
        engine.transact([Delete(Key("p", "missing"), ItemPresent()), conditional])


@pytest.mark.parametrize("value", ["1", True, None, [1], {"a": 1}], ids=repr)
def test_only_a_number_can_be_added_to(engine: Engine, value: Value) -> None:
    engine.write(Put(item(value=value)))
    with pytest.raises(InvalidWriteError):
        engine.write(Update(KEY, add={"value": 1}))
    assert engine.get(KEY) == item(value=value)


@pytest.mark.parametrize("value", ["text", 1, False, None, {"a": 1}], ids=repr)
def test_only_a_list_can_be_appended_to(engine: Engine, value: Value) -> None:
    engine.write(Put(item(value=value)))
    with pytest.raises(InvalidWriteError):
        engine.write(Update(KEY, append={"value": [1]}))
    assert engine.get(KEY) == item(value=value)


def test_an_update_cannot_grow_an_item_over_its_limit(engine: Engine) -> None:
    engine.write(Put(item(value=["x" * (MAX_ITEM_BYTES // 2)])))
    with pytest.raises(InvalidWriteError):
        engine.write(Update(KEY, append={"value": ["x" * (MAX_ITEM_BYTES // 2)]}))


def test_a_refused_condition_is_named_before_what_cannot_be_done_on_that_item(engine: Engine) -> None:
    engine.write(Put(item(value="text")))
    with pytest.raises(WriteRefusedError):
        engine.write(Update(KEY, add={"value": 1}, condition=Equals("value", "other")))


def test_an_item_enters_leaves_and_enters_an_index_again_by_updates(engine: Engine) -> None:
    def listed() -> list[Item]:
        return engine.query(Query("b", index="AllocationsByBasket")).items

    engine.write(Put(item(basket_id="b")))
    assert listed() == []
    engine.write(Update(KEY, assign={"entity_type_priority": "1"}))
    assert listed() == [item(basket_id="b", entity_type_priority="1")]
    engine.write(Update(KEY, remove=("basket_id",)))
    assert listed() == []
    engine.write(Update(KEY, assign={"basket_id": "b", "note": "back"}))
    assert listed() == [item(basket_id="b", entity_type_priority="1", note="back")]
    engine.write(Update(KEY, assign={"basket_id": "other"}))
    assert listed() == []


def test_adding_to_an_indexes_number_moves_the_item_in_its_order(engine: Engine) -> None:
    for sort, count in (("x", 1), ("y", 2)):
        engine.write(Put({"user_id": "p", "sort_key": sort, "marketplace_category": "c", "subscriber_count": count}))
    engine.write(Update(Key("p", "x"), add={"subscriber_count": 5}))
    page = engine.query(Query("c", index="MarketplaceDiscovery", descending=True))
    assert [(got["sort_key"], got["subscriber_count"]) for got in page.items] == [("x", 6), ("y", 2)]
