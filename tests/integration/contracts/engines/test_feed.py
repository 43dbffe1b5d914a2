"""The feed of changes: in order of commit, with both images, from any position."""

import pytest

from quantleap.adapters.store.seam import (
    Change,
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


def key(sort: str) -> Key:
    return Key("p", sort)


def item(sort: str, **attributes: Value) -> Item:
    return {"user_id": "p", "sort_key": sort, **attributes}


def images(changes: list[Change]) -> list[tuple[Key, Item | None, Item | None]]:
    return [(change.key, change.old, change.new) for change in changes]


def test_each_change_carries_its_key_and_both_images_in_order_of_commit(engine: Engine) -> None:
    assert engine.changes(None) == []
    engine.write(Put(item("a", n=1)))
    engine.write(Put(item("a", n=2)))
    engine.write(Update(key("a"), add={"n": 1}))
    engine.write(Update(key("b"), append={"l": [1]}))
    engine.write(Delete(key("a")))
    assert images(engine.changes(None)) == [
        (key("a"), None, item("a", n=1)),
        (key("a"), item("a", n=1), item("a", n=2)),
        (key("a"), item("a", n=2), item("a", n=3)),
        (key("b"), None, item("b", l=[1])),
        (key("a"), item("a", n=3), None),
    ]


def test_a_transaction_yields_one_change_for_each_item_changed(engine: Engine) -> None:
    engine.write(Put(item("d")))
    engine.transact(
        [Put(item("a")), Check(key("c"), ItemAbsent()), Update(key("b"), assign={"n": 1}), Delete(key("d"))]
    )
    after_first = images(engine.changes(None))[1:]
    # An engine may order the changes of one commit as it likes.
    assert sorted(after_first, key=lambda image: image[0]) == [
        (key("a"), None, item("a")),
        (key("b"), None, item("b", n=1)),
        (key("d"), item("d"), None),
    ]


def test_what_leaves_an_item_as_it_was_yields_no_change(engine: Engine) -> None:
    engine.write(Put(item("a", n=1, l=[1], m={"x": 1, "y": 2})))
    engine.write(Put(item("a", m={"y": 2, "x": 1}, l=[1], n=1)))
    engine.write(Update(key("a"), assign={"n": 1}, remove=("missing",)))
    engine.write(Update(key("a"), add={"n": 0}, append={"l": []}))
    engine.write(Update(key("a")))
    engine.write(Delete(key("missing")))
    engine.transact([Check(key("a"), ItemPresent()), Delete(key("missing"))])
    assert len(engine.changes(None)) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [(1, True), (0, False), (1, "1"), (None, ""), ([], {}), ([1], [True]), ({"a": 1}, {"a": True}), ([1], [1, 1])],
    ids=repr,
)
def test_a_change_of_type_or_of_depth_is_a_change(engine: Engine, old: Value, new: Value) -> None:
    engine.write(Put(item("a", value=old)))
    engine.write(Put(item("a", value=new)))
    assert repr(engine.get(key("a"))) == repr(item("a", value=new))
    assert [repr((change.old or {}).get("value")) for change in engine.changes(None)] == ["None", repr(old)]


def test_a_refused_write_yields_no_change(engine: Engine) -> None:
    with pytest.raises(WriteRefusedError):
        engine.transact([Put(item("a")), Delete(key("b"), ItemPresent())])
    assert engine.changes(None) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_reading_on_from_any_position_gives_exactly_the_rest(engine: Engine, limit: int) -> None:
    for number in range(7):
        engine.write(Put(item(str(number))))
    whole = engine.changes(None)
    assert len({change.position for change in whole}) == 7
    for number, change in enumerate(whole):
        seen: list[Change] = []
        position = change.position
        while page := engine.changes(position, limit=limit):
            assert len(page) <= limit
            seen += page
            position = page[-1].position
        assert seen == whole[number + 1 :]
        assert engine.changes(position) == []


def test_the_same_position_may_be_read_again(engine: Engine) -> None:
    engine.write(Put(item("a")))
    first = engine.changes(None)
    engine.write(Put(item("b")))
    assert engine.changes(None)[:1] == first
    assert images(engine.changes(first[0].position)) == [(key("b"), None, item("b"))]


@pytest.mark.parametrize("position", ["", "x", "-1", "1.0", "\u0661", "9" * 40])
def test_a_position_of_another_feed_is_refused(engine: Engine, position: str) -> None:
    with pytest.raises(InvalidReadError):
        engine.changes(position)


def test_a_page_of_no_changes_is_refused(engine: Engine) -> None:
    with pytest.raises(InvalidReadError):
        engine.changes(None, limit=0)
