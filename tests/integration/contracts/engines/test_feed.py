"""The feed of changes: those of an item in order of commit, with both images, from any position."""

import pytest
from tests.integration.contracts.engines.reading import batches, by_key, changes, end_of_feed, written

from quantleap.adapters.store.seam import (
    Check,
    Delete,
    Engine,
    InvalidReadError,
    Item,
    ItemAbsent,
    ItemPresent,
    Key,
    Put,
    Update,
    Value,
    WriteRefusedError,
)
from quantleap.adapters.store.table import NOT_TOLD


def key(sort: str) -> Key:
    return Key("p", sort)


def item(sort: str, **attributes: Value) -> Item:
    return {"user_id": "p", "sort_key": sort, **attributes}


def test_each_change_carries_both_images_and_those_of_an_item_come_in_order_of_commit(engine: Engine) -> None:
    assert changes(engine) == []
    engine.write(Put(item("a", n=1)))
    engine.write(Put(item("a", n=2)))
    engine.write(Update(key("a"), add={"n": 1}))
    engine.write(Update(key("b"), append={"l": [1]}))
    engine.write(Delete(key("a")))
    engine.write(Put(item("a", n=4)))
    assert by_key(changes(engine)) == {
        key("a"): [
            (None, item("a", n=1)),
            (item("a", n=1), item("a", n=2)),
            (item("a", n=2), item("a", n=3)),
            (item("a", n=3), None),
            (None, item("a", n=4)),
        ],
        key("b"): [(None, item("b", l=[1]))],
    }


def test_a_transaction_yields_one_change_for_each_item_changed(engine: Engine) -> None:
    engine.write(Put(item("d")))
    before = end_of_feed(engine)
    engine.transact(
        [Put(item("a")), Check(key("c"), ItemAbsent()), Update(key("b"), assign={"n": 1}), Delete(key("d"))]
    )
    assert by_key(changes(engine, before)) == {
        key("a"): [(None, item("a"))],
        key("b"): [(None, item("b", n=1))],
        key("d"): [(item("d"), None)],
    }


def test_what_leaves_an_item_as_it_was_yields_no_change(engine: Engine) -> None:
    engine.write(Put(item("a", n=1, l=[1], m={"x": 1, "y": 2})))
    engine.write(Put(item("a", m={"y": 2, "x": 1}, l=[1], n=1)))
    engine.write(Update(key("a"), assign={"n": 1}, remove=("missing",)))
    engine.write(Update(key("a"), add={"n": 0}, append={"l": []}))
    engine.write(Update(key("a")))
    engine.write(Delete(key("missing")))
    engine.transact([Check(key("a"), ItemPresent()), Delete(key("missing"))])
    assert len(changes(engine)) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [(1, True), (0, False), (1, "1"), (None, ""), ([], {}), ([1], [True]), ({"a": 1}, {"a": True}), ([1], [1, 1])],
    ids=repr,
)
def test_a_change_of_type_or_of_depth_is_a_change(engine: Engine, old: Value, new: Value) -> None:
    engine.write(Put(item("a", value=old)))
    engine.write(Put(item("a", value=new)))
    assert written(engine.get(key("a"))) == written(item("a", value=new))
    assert [repr((change.old or {}).get("value")) for change in changes(engine)] == ["None", repr(old)]


def test_a_refused_write_yields_no_change(engine: Engine) -> None:
    with pytest.raises(WriteRefusedError):
        engine.transact([Put(item("a")), Delete(key("b"), ItemPresent())])
    assert changes(engine) == []


@pytest.mark.parametrize("kind", NOT_TOLD)
def test_what_nobody_follows_is_not_told(engine: Engine, kind: str) -> None:
    engine.write(Put(item("a", entity_type=kind, n=1)))
    engine.write(Update(key("a"), add={"n": 1}))
    engine.transact([Put(item("b")), Put(item("c", entity_type=kind)), Update(key("a"), add={"n": 1})])
    engine.write(Delete(key("a")))
    assert by_key(changes(engine)) == {key("b"): [(None, item("b"))]}
    assert changes(engine, end_of_feed(engine)) == []


@pytest.mark.parametrize("kind", NOT_TOLD)
def test_a_change_of_which_one_image_is_told_is_told_with_both(engine: Engine, kind: str) -> None:
    untold, told = item("a", entity_type=kind), item("a", entity_type="SUBSCRIPTION")
    engine.write(Put(untold))
    engine.write(Put(told))
    engine.write(Put(untold))
    engine.write(Delete(key("a")))
    assert by_key(changes(engine)) == {key("a"): [(untold, told), (told, untold)]}


@pytest.mark.parametrize("kind", [None, True, 1, "", "RATE_LIMIT_ALERT", [], {}, list(NOT_TOLD)], ids=repr)
def test_what_is_of_no_such_kind_is_told(engine: Engine, kind: Value) -> None:
    engine.write(Put(item("a", entity_type=kind)))
    assert by_key(changes(engine)) == {key("a"): [(None, item("a", entity_type=kind))]}


def test_batches_end_among_changes_that_are_not_told_and_miss_none_that_is(engine: Engine) -> None:
    for number in range(6):
        engine.write(Put(item(str(number), entity_type=NOT_TOLD[0] if number % 3 else "SUBSCRIPTION")))
    for limit in (1, 2, 1000):
        assert by_key(changes(engine, limit=limit)).keys() == {key("0"), key("3")}


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_reading_on_from_the_position_of_any_batch_gives_exactly_the_rest(engine: Engine, limit: int) -> None:
    for number in range(7):
        engine.write(Put(item(str(number))))
    seen = list(batches(engine, limit=limit))
    assert by_key([change for batch in seen for change in batch.changes]) == by_key(changes(engine))
    for number, batch in enumerate(seen):
        rest = by_key([change for later in seen[number + 1 :] for change in later.changes])
        assert by_key(changes(engine, batch.position, limit=limit)) == rest


def test_the_position_of_the_end_gives_what_is_committed_later_and_may_be_read_again(engine: Engine) -> None:
    starts = [end_of_feed(engine)]
    for sort in ("a", "b"):
        engine.write(Put(item(sort)))
        starts.append(end_of_feed(engine, starts[-1]))
    for _ in range(2):
        assert [len(changes(engine, start)) for start in starts] == [2, 1, 0]
    assert by_key(changes(engine, starts[1])) == {key("b"): [(None, item("b"))]}


@pytest.mark.parametrize("position", ["", "x", "-1", "1.0", "\u0661", "9" * 40])
def test_a_position_of_another_feed_is_refused(engine: Engine, position: str) -> None:
    with pytest.raises(InvalidReadError):
        engine.changes(position)


def test_a_batch_of_no_changes_is_refused(engine: Engine) -> None:
    with pytest.raises(InvalidReadError):
        engine.changes(None, limit=0)
