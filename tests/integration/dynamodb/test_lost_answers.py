"""A write whose answer is lost on the way is sent again, and done once."""

import pytest
from tests.integration.dynamodb.conftest import Watched
from tests.integration.dynamodb.wire import LIBRARY_ATTEMPTS, Play, answers_with_a_fault, breaks_off, fails
from tests.integration.dynamodb_local import needs_dynamodb_local

from quantleap.adapters.store.seam import (
    Delete,
    Equals,
    Item,
    ItemAbsent,
    ItemPresent,
    Key,
    Put,
    StoreUnavailableError,
    Update,
    WriteRefusedError,
)

pytestmark = needs_dynamodb_local

CONFLICT = fails("TransactionConflictException")
FAULT = fails("InternalServerError", status=500)
"""The service did nothing."""

lost = pytest.mark.parametrize("lose", [breaks_off, answers_with_a_fault])


def item(partition: str, **attributes: str | int) -> Item:
    return {"user_id": partition, "sort_key": "1", **attributes}


@lost
def test_a_put_that_finds_its_own_item_was_done(watched: Watched, partition: str, lose: Play) -> None:
    watched.wire.play(lose)

    assert watched.engine.write(Put(item(partition, a=1), ItemAbsent())) == item(partition, a=1)

    assert watched.wire.operations == ["PutItem", "PutItem"]
    assert watched.engine.get(Key(partition, "1"), consistent=True) == item(partition, a=1)


@lost
def test_a_put_whose_repeats_met_others_before_it_found_its_own_item_was_done(
    watched: Watched, partition: str, lose: Play
) -> None:
    watched.wire.play(lose, CONFLICT, CONFLICT)

    assert watched.engine.write(Put(item(partition, a=1), ItemAbsent())) == item(partition, a=1)


def test_a_put_is_refused_where_its_answer_was_lost_and_another_s_item_is_there(
    watched: Watched, partition: str
) -> None:
    watched.engine.write(Put(item(partition, a=2)))
    watched.wire.play(FAULT)

    with pytest.raises(WriteRefusedError) as refusal:
        watched.engine.write(Put(item(partition, a=1), ItemAbsent()))

    assert [found.old for found in refusal.value.refusals] == [item(partition, a=2)]


def test_a_put_is_refused_where_the_same_item_is_there_and_no_answer_was_lost(watched: Watched, partition: str) -> None:
    watched.engine.write(Put(item(partition, a=1)))
    watched.wire.play(CONFLICT)

    with pytest.raises(WriteRefusedError):
        watched.engine.write(Put(item(partition, a=1), ItemAbsent()))


def test_an_item_of_equal_numbers_and_other_types_is_not_its_own(watched: Watched, partition: str) -> None:
    watched.engine.write(Put({**item(partition), "a": True}))
    watched.wire.play(FAULT)

    with pytest.raises(WriteRefusedError):
        watched.engine.write(Put(item(partition, a=1), ItemAbsent()))


@lost
def test_a_transaction_is_done_once_for_its_token(watched: Watched, partition: str, lose: Play) -> None:
    watched.wire.play(lose)

    watched.engine.transact(
        [Put(item(partition), ItemAbsent()), Update(Key(partition, "2"), add={"n": 1}, append={"list": [1]})]
    )

    first, second = watched.wire.sent
    assert first == second
    assert first.body["ClientRequestToken"]
    assert watched.engine.get(Key(partition, "2"), consistent=True) == {
        "user_id": partition,
        "sort_key": "2",
        "n": 1,
        "list": [1],
    }


@lost
def test_a_transaction_whose_repeat_met_another_is_done_once(watched: Watched, partition: str, lose: Play) -> None:
    watched.wire.play(
        lose, fails("TransactionCanceledException", CancellationReasons=[{"Code": "TransactionConflict"}])
    )

    watched.engine.transact([Put(item(partition), ItemAbsent())])

    assert len({sent.body["ClientRequestToken"] for sent in watched.wire.sent}) == 1


@lost
def test_a_conditional_update_is_done_once_and_its_refusal_shows_what_it_did(
    watched: Watched, partition: str, lose: Play
) -> None:
    watched.engine.write(Put(item(partition, version=1, n=0)))
    watched.wire.play(lose)

    with pytest.raises(WriteRefusedError) as refusal:
        watched.engine.write(
            Update(Key(partition, "1"), assign={"version": 2}, add={"n": 1}, condition=Equals("version", 1))
        )

    assert [found.old for found in refusal.value.refusals] == [item(partition, version=2, n=1)]
    assert watched.engine.get(Key(partition, "1"), consistent=True) == item(partition, version=2, n=1)


@lost
def test_an_update_without_a_condition_leaves_what_it_assigns(watched: Watched, partition: str, lose: Play) -> None:
    watched.wire.play(lose)

    assert watched.engine.write(Update(Key(partition, "1"), assign={"a": 1})) == item(partition, a=1)


@lost
def test_a_delete_without_a_condition_leaves_nothing(watched: Watched, partition: str, lose: Play) -> None:
    watched.engine.write(Put(item(partition)))
    watched.wire.play(lose)

    assert watched.engine.write(Delete(Key(partition, "1"))) is None

    assert watched.engine.get(Key(partition, "1"), consistent=True) is None


@lost
def test_a_conditional_delete_is_refused_by_its_own_effect(watched: Watched, partition: str, lose: Play) -> None:
    watched.engine.write(Put(item(partition)))
    watched.wire.play(lose)

    with pytest.raises(WriteRefusedError) as refusal:
        watched.engine.write(Delete(Key(partition, "1"), ItemPresent()))

    assert [found.old for found in refusal.value.refusals] == [None]


@lost
def test_a_write_whose_every_answer_is_lost_may_have_been_done(watched: Watched, partition: str, lose: Play) -> None:
    watched.wire.play(*[lose] * LIBRARY_ATTEMPTS)

    with pytest.raises(StoreUnavailableError, match="try again"):
        watched.engine.write(Put(item(partition)))

    assert watched.engine.get(Key(partition, "1"), consistent=True) == item(partition)
