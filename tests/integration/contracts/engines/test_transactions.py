"""All of a transaction or none of it, and every refusal named."""

import pytest
from tests.integration.contracts.engines.reading import changes

from quantleap.adapters.store.seam import (
    MAX_TRANSACTION_BYTES,
    Check,
    Delete,
    Engine,
    Equals,
    InvalidWriteError,
    Item,
    ItemAbsent,
    ItemPresent,
    Key,
    Put,
    Refusal,
    Update,
    Write,
    WriteRefusedError,
)


def key(number: int) -> Key:
    return Key("p", f"{number:03d}")


def item(number: int, value: str) -> Item:
    return {"user_id": "p", "sort_key": f"{number:03d}", "value": value}


def test_a_transaction_does_every_kind_of_write_together(engine: Engine) -> None:
    for number in range(4):
        engine.write(Put(item(number, "old")))
    engine.transact(
        [
            Put(item(0, "new")),
            Update(key(1), assign={"value": "new"}),
            Delete(key(2)),
            Check(key(3), Equals("value", "old")),
            Put(item(4, "new"), ItemAbsent()),
        ]
    )
    assert engine.get_many([key(number) for number in range(5)]) == [
        item(0, "new"),
        item(1, "new"),
        None,
        item(3, "old"),
        item(4, "new"),
    ]


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("kind", ["put", "update", "delete", "check"])
def test_one_refused_write_at_any_place_undoes_all(engine: Engine, kind: str, size: int) -> None:
    for place in range(size):
        engine.write(Put(item(place, "old")))
    before = engine.scan().items
    for place in range(size):
        bad: dict[str, Write] = {
            "put": Put(item(place, "new"), ItemAbsent()),
            "update": Update(key(place), assign={"value": "new"}, condition=ItemAbsent()),
            "delete": Delete(key(place), ItemAbsent()),
            "check": Check(key(place), ItemAbsent()),
        }
        writes: list[Write] = [Put(item(number, "new")) for number in range(size)]
        writes[place] = bad[kind]
        with pytest.raises(WriteRefusedError) as raised:
            engine.transact(writes)
        assert raised.value.refusals == (Refusal(place, item(place, "old")),)
    assert engine.scan().items == before
    assert len(changes(engine)) == size


def test_every_refused_write_is_named_with_its_old_item(engine: Engine) -> None:
    engine.write(Put(item(1, "there")))
    engine.write(Put(item(4, "there")))
    with pytest.raises(WriteRefusedError) as raised:
        engine.transact(
            [
                Put(item(0, "new"), ItemAbsent()),
                Put(item(1, "new"), ItemAbsent()),
                Delete(key(2), ItemPresent()),
                Check(key(3), ItemPresent()),
                Update(key(4), assign={"value": "new"}, condition=Equals("value", "other")),
                Put(item(5, "new")),
            ]
        )
    assert raised.value.refusals == (
        Refusal(1, item(1, "there")),
        Refusal(2, None),
        Refusal(3, None),
        Refusal(4, item(4, "there")),
    )
    assert str(raised.value) == "conditions refused: [1, 2, 3, 4]"
    assert len(engine.scan().items) == 2


def test_what_cannot_be_done_at_any_place_undoes_all(engine: Engine) -> None:
    engine.write(Put(item(0, "text")))
    for place in range(3):
        writes: list[Write] = [Put(item(1, "new")), Put(item(2, "new"))]
        writes.insert(place, Update(key(0), add={"value": 1}))
        with pytest.raises(InvalidWriteError):
            engine.transact(writes)
    assert engine.scan().items == [item(0, "text")]
    assert len(changes(engine)) == 1


def test_a_condition_sees_the_table_as_before_the_transaction(engine: Engine) -> None:
    engine.transact([Put(item(0, "new")), Check(key(1), ItemAbsent())])
    with pytest.raises(WriteRefusedError):
        engine.transact([Put(item(1, "new")), Check(key(0), ItemAbsent())])


@pytest.mark.parametrize(
    "writes",
    [
        [Put(item(1, "a")), Put(item(1, "b"))],
        [Put(item(1, "a")), Update(key(1), assign={"value": "b"})],
        [Update(key(1)), Delete(key(1))],
        [Delete(key(1)), Check(key(1), ItemAbsent())],
        [Check(key(1), ItemAbsent()), Put(item(1, "a"))],
    ],
    ids=repr,
)
def test_a_key_written_or_checked_twice_is_refused(engine: Engine, writes: list[Write]) -> None:
    with pytest.raises(InvalidWriteError):
        engine.transact(writes)
    assert engine.scan().items == []


def test_a_hundred_writes_are_done_and_none_or_more_are_refused(engine: Engine) -> None:
    engine.transact([Put(item(number, "x")) for number in range(100)])
    assert len(engine.scan().items) == 100
    for writes in ([], [Put(item(number, "y")) for number in range(101)]):
        with pytest.raises(InvalidWriteError):
            engine.transact(writes)
    assert {got["value"] for got in engine.scan().items} == {"x"}


def test_items_too_large_together_are_refused(engine: Engine) -> None:
    share = MAX_TRANSACTION_BYTES // 16
    engine.transact([Put(item(number, "x" * (share - 100))) for number in range(16)])
    with pytest.raises(InvalidWriteError):
        engine.transact([Put(item(number, "x" * share)) for number in range(16)])
    engine.transact([Delete(key(number)) for number in range(16)])
    assert engine.scan().items == []


def test_items_too_large_together_are_refused_before_any_condition_is_asked(engine: Engine) -> None:
    share = "x" * (MAX_TRANSACTION_BYTES // 16)
    puts: list[Write] = [Put(item(number, share), ItemPresent()) for number in range(8)]
    updates: list[Write] = [
        Update(key(number), assign={"value": share}, condition=ItemPresent()) for number in range(8, 16)
    ]
    with pytest.raises(InvalidWriteError):
        engine.transact([*puts, *updates])


@pytest.mark.parametrize(
    "bad", [Delete(Key("", "s")), Check(Key("p", ""), ItemAbsent()), Delete(Key("p", "nul \0"))], ids=repr
)
def test_a_key_that_no_item_can_have_is_refused(engine: Engine, bad: Write) -> None:
    with pytest.raises(InvalidWriteError):
        engine.transact([bad])
