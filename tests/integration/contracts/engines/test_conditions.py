"""Each condition, true and false, of an item and of none: it holds in `write` and in `transact` alike."""

import pytest
from tests.integration.contracts.engines.reading import changes

from quantleap.adapters.store.seam import (
    MAX_INTEGER,
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Check,
    Condition,
    Delete,
    Engine,
    Equals,
    InvalidWriteError,
    Item,
    ItemAbsent,
    ItemPresent,
    Key,
    Missing,
    OneOf,
    Put,
    Refusal,
    ShorterThan,
    Update,
    Write,
    WriteRefusedError,
)

KEY = Key("p", "s")
ITEM: Item = {
    "user_id": "p",
    "sort_key": "s",
    "text": "ACTIVE",
    "one": 1,
    "zero": 0,
    "below": -1,
    "largest": MAX_INTEGER,
    "smallest": -MAX_INTEGER - 1,
    "digits": "1",
    "yes": True,
    "no": False,
    "null": None,
    "list": [1, 2],
    "empty": [],
    "map": {"a": 1},
}
YES, NO = ItemPresent(), ItemAbsent()

OF_THE_ITEM: list[tuple[Condition, bool]] = [
    (ItemAbsent(), False),
    (ItemPresent(), True),
    (Equals("text", "ACTIVE"), True),
    (Equals("text", "active"), False),
    (Equals("text", "ACTIV"), False),
    (Equals("user_id", "p"), True),
    (Equals("missing", "ACTIVE"), False),
    (Equals("null", ""), False),
    (Equals("one", 1), True),
    (Equals("one", value=True), False),
    (Equals("one", "1"), False),
    (Equals("zero", value=False), False),
    (Equals("yes", value=True), True),
    (Equals("yes", 1), False),
    (Equals("yes", "True"), False),
    (Equals("no", value=False), True),
    (Equals("no", 0), False),
    (Equals("no", ""), False),
    (Equals("list", 2), False),
    (OneOf("text", ("PAUSED", "ACTIVE")), True),
    (OneOf("text", ("PAUSED",)), False),
    (OneOf("missing", ("PAUSED",)), False),
    (OneOf("one", ("1",)), False),
    (OneOf("list", ("1",)), False),
    (OneOf("map", ("a",)), False),
    (Missing("missing"), True),
    (Missing("text"), False),
    (Missing("null"), False),
    (ShorterThan("list", 3), True),
    (ShorterThan("list", 2), False),
    (ShorterThan("empty", 1), True),
    (ShorterThan("empty", 0), False),
    (ShorterThan("missing", 9), False),
    (ShorterThan("text", 9), False),
    (ShorterThan("map", 9), False),
    (ShorterThan("null", 9), False),
    (AtLeast("one", 0), True),
    (AtLeast("one", 1), True),
    (AtLeast("one", 2), False),
    (AtLeast("below", -1), True),
    (AtLeast("below", 0), False),
    (AtLeast("largest", MAX_INTEGER), True),
    (AtLeast("largest", -MAX_INTEGER - 1), True),
    (AtLeast("smallest", -MAX_INTEGER), False),
    (AtLeast("missing", -1), False),
    (AtLeast("text", 0), False),
    (AtLeast("digits", 1), False),
    (AtLeast("digits", -MAX_INTEGER - 1), False),
    (AtLeast("yes", 1), False),
    (AtLeast("yes", 0), False),
    (AtLeast("null", 0), False),
    (AtLeast("list", 0), False),
    (AtLeast("map", 0), False),
    (AtMost("one", 2), True),
    (AtMost("one", 1), True),
    (AtMost("one", 0), False),
    (AtMost("below", -1), True),
    (AtMost("below", -2), False),
    (AtMost("smallest", -MAX_INTEGER - 1), True),
    (AtMost("smallest", MAX_INTEGER), True),
    (AtMost("largest", MAX_INTEGER - 1), False),
    (AtMost("missing", 1), False),
    (AtMost("digits", 1), False),
    (AtMost("digits", MAX_INTEGER), False),
    (AtMost("no", 0), False),
    (AtMost("no", 1), False),
    (AtMost("null", 0), False),
    (AtMost("empty", 0), False),
    (AllOf((AtLeast("one", 1), AtMost("one", 1))), True),
    (AllOf((AtLeast("one", 1), AtMost("one", 0))), False),
    (AnyOf((Missing("one"), AtMost("one", 1))), True),
    (AllOf((YES,)), True),
    (AllOf((YES, YES)), True),
    (AllOf((YES, NO)), False),
    (AllOf((NO, YES)), False),
    (AnyOf((NO,)), False),
    (AnyOf((NO, YES)), True),
    (AnyOf((YES, NO)), True),
    (AnyOf((NO, NO)), False),
    (AllOf((AnyOf((NO, Equals("one", 1))), AnyOf((Missing("missing"), NO)))), True),
    (AllOf((AnyOf((NO, Equals("one", 2))), AnyOf((Missing("missing"), NO)))), False),
    (AnyOf((AllOf((YES, NO)), AllOf((YES, OneOf("text", ("ACTIVE",)))))), True),
    (AnyOf((AllOf((YES, NO)), AllOf((YES, OneOf("text", ("PAUSED",)))))), False),
]

OF_NO_ITEM: list[tuple[Condition, bool]] = [
    (ItemAbsent(), True),
    (ItemPresent(), False),
    (Equals("text", "ACTIVE"), False),
    (Equals("user_id", "p"), False),
    (OneOf("text", ("ACTIVE",)), False),
    (Missing("text"), True),
    (ShorterThan("list", 3), False),
    (AtLeast("one", -1), False),
    (AtMost("one", 1), False),
    (AnyOf((Missing("one"), AtMost("one", 0))), True),
    (AllOf((ItemAbsent(), Missing("text"))), True),
    (AllOf((ItemAbsent(), Equals("one", 1))), False),
    (AnyOf((ItemPresent(), Missing("text"))), True),
    (AnyOf((ItemPresent(), Equals("one", 1))), False),
]


def writes_on(condition: Condition) -> list[Write]:
    return [
        Put({"user_id": "p", "sort_key": "s", "new": 1}, condition),
        Update(KEY, assign={"new": 1}, condition=condition),
        Delete(KEY, condition),
        Check(KEY, condition),
    ]


def refused(engine: Engine, write: Write) -> bool:
    """Whether the write was refused; where it was, the refusal gives the old item and nothing has changed."""
    before = engine.get(KEY, consistent=True)
    try:
        engine.transact([write])
    except WriteRefusedError as error:
        refusals = error.refusals
    else:
        return False
    assert refusals == (Refusal(0, before),)
    assert engine.get(KEY, consistent=True) == before
    return True


@pytest.mark.parametrize(("condition", "holds"), OF_THE_ITEM, ids=repr)
def test_a_condition_is_asked_of_the_item_by_every_kind_of_write(
    engine: Engine, condition: Condition, holds: bool
) -> None:
    for write in writes_on(condition):
        engine.write(Put(ITEM))
        assert refused(engine, write) is not holds


@pytest.mark.parametrize(("condition", "holds"), OF_NO_ITEM, ids=repr)
def test_a_condition_is_asked_where_there_is_no_item(engine: Engine, condition: Condition, holds: bool) -> None:
    for write in writes_on(condition):
        engine.write(Delete(KEY))
        assert refused(engine, write) is not holds


def test_a_single_write_that_is_refused_gives_the_old_item_and_writes_nothing(engine: Engine) -> None:
    engine.write(Put(ITEM))
    for write in (
        Put({"user_id": "p", "sort_key": "s"}, NO),
        Update(KEY, remove=("text",), condition=NO),
        Delete(KEY, NO),
    ):
        with pytest.raises(WriteRefusedError) as raised:
            engine.write(write)
        assert raised.value.refusals == (Refusal(0, ITEM),)
    assert engine.get(KEY, consistent=True) == ITEM
    assert len(changes(engine)) == 1


def test_a_refusal_where_there_is_no_item_says_so(engine: Engine) -> None:
    with pytest.raises(WriteRefusedError) as raised:
        engine.write(Update(KEY, assign={"a": 1}, condition=YES))
    assert raised.value.refusals == (Refusal(0, None),)
    assert engine.get(KEY, consistent=True) is None


def test_changing_the_old_item_of_a_refusal_changes_nothing_stored(engine: Engine) -> None:
    engine.write(Put(ITEM))
    with pytest.raises(WriteRefusedError) as raised:
        engine.write(Delete(KEY, NO))
    old = raised.value.refusals[0].old
    assert old is not None
    old["list"] = "spoilt"
    assert isinstance(old["map"], dict)
    old["map"]["a"] = "spoilt"
    assert engine.get(KEY) == ITEM


@pytest.mark.parametrize(
    "condition", [AllOf(()), AnyOf(()), OneOf("text", ()), AllOf((YES, AnyOf((NO, AllOf(())))))], ids=repr
)
def test_a_condition_of_no_parts_is_refused(engine: Engine, condition: Condition) -> None:
    for write in writes_on(condition):
        with pytest.raises(InvalidWriteError):
            engine.transact([write])


@pytest.mark.parametrize("bound", [True, "1", 1.0, None, MAX_INTEGER + 1, -MAX_INTEGER - 2], ids=repr)
@pytest.mark.parametrize("comparison", [AtLeast, AtMost])
def test_a_bound_that_is_no_whole_number_of_64_bits_is_refused(
    engine: Engine, comparison: type[AtLeast | AtMost], bound: int
) -> None:
    for condition in (comparison("one", bound), AllOf((YES, AnyOf((NO, comparison("one", bound)))))):
        for write in writes_on(condition):
            with pytest.raises(InvalidWriteError, match="one: "):
                engine.transact([write])
