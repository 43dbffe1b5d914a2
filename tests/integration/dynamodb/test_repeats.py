"""What the service leaves undone, keeps off or fails at is asked for again, a bounded number of times."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from tests.integration.dynamodb.conftest import Watched
from tests.integration.dynamodb.wire import LIBRARY_ATTEMPTS, Play, answers, cancels, fails, says

from quantleap.adapters.store.engines.dynamodb import ATTEMPTS, DynamoDbEngine
from quantleap.adapters.store.seam import (
    Delete,
    InvalidWriteError,
    ItemAbsent,
    Key,
    Put,
    Query,
    StoreError,
    StoreUnavailableError,
    Update,
    Write,
    WriteConflictError,
    WriteRefusedError,
)

FIRST, SECOND = Key("p", "1"), Key("p", "2")
PUT = Put({"user_id": "p", "sort_key": "1"}, ItemAbsent())
SINGLE: list[Put | Update | Delete] = [PUT, Update(FIRST, assign={"a": 1}), Delete(FIRST)]
CONFLICT = "TransactionConflictException"
THROTTLINGS = ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"]
TRANSACTION: list[Write] = [PUT, Delete(SECOND)]
LONGEST_PAUSE_S = 0.5
DONE = answers({"Attributes": {"user_id": {"S": "p"}, "sort_key": {"S": "1"}}})
"""What an update answers; of a put or a delete nothing of it is read."""


def stored(key: Key) -> dict[str, Any]:
    return {"user_id": {"S": key.partition}, "sort_key": {"S": key.sort}}


def item(key: Key) -> dict[str, Any]:
    return {"user_id": key.partition, "sort_key": key.sort}


def read_in_part(table: str, found: list[Key], left: list[Key]) -> Play:
    body: dict[str, Any] = {"Responses": {table: list(map(stored, found))}}
    if left:
        body["UnprocessedKeys"] = {table: {"Keys": list(map(stored, left)), "ConsistentRead": True}}
    return answers(body)


def test_keys_that_are_left_unprocessed_are_asked_for_again(alone: Watched) -> None:
    table = alone.engine._table
    alone.wire.play(read_in_part(table, [SECOND], [FIRST]), read_in_part(table, [FIRST], []))

    assert alone.engine.get_many([FIRST, SECOND], consistent=True) == [item(FIRST), item(SECOND)]

    asked = [sent.body["RequestItems"][table] for sent in alone.wire.sent]
    assert asked == [
        {"Keys": [stored(FIRST), stored(SECOND)], "ConsistentRead": True},
        {"Keys": [stored(FIRST)], "ConsistentRead": True},
    ]
    assert len(alone.pauses) == 1


def test_keys_that_are_never_processed_are_given_up(alone: Watched) -> None:
    alone.wire.always(read_in_part(alone.engine._table, [], [FIRST]))

    with pytest.raises(StoreUnavailableError, match="try again later"):
        alone.engine.get_many([FIRST])

    assert alone.wire.operations == ["BatchGetItem"] * ATTEMPTS
    assert len(alone.pauses) == ATTEMPTS - 1


def test_no_keys_are_no_request(alone: Watched) -> None:
    assert alone.engine.get_many([]) == []
    assert alone.wire.sent == []


@pytest.mark.parametrize("write", SINGLE, ids=lambda write: type(write).__name__)
def test_a_write_that_met_another_is_sent_again(alone: Watched, write: Put | Update | Delete) -> None:
    alone.wire.play(fails(CONFLICT), DONE)

    alone.engine.write(write)

    first, second = alone.wire.sent
    assert first == second
    assert len(alone.pauses) == 1


def test_a_write_that_always_meets_another_is_given_up(alone: Watched) -> None:
    alone.wire.always(fails(CONFLICT))

    with pytest.raises(WriteConflictError, match="try again"):
        alone.engine.write(PUT)

    assert alone.wire.operations == ["PutItem"] * ATTEMPTS
    assert len(alone.pauses) == ATTEMPTS - 1


def test_a_write_that_met_one_of_another_region_is_repeated_by_the_client_alone(alone: Watched) -> None:
    alone.wire.always(fails("ReplicatedWriteConflictException"))

    with pytest.raises(WriteConflictError, match="try again"):
        alone.engine.write(PUT)

    assert alone.wire.operations == ["PutItem"] * LIBRARY_ATTEMPTS
    assert alone.pauses == []


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_was_kept_off_is_sent_again_by_a_token_of_its_own(alone: Watched, reason: str) -> None:
    alone.wire.play(cancels("None", reason), answers({}))

    alone.engine.transact(TRANSACTION)

    first, second = (sent.body for sent in alone.wire.sent)
    assert first.pop("ClientRequestToken") != second.pop("ClientRequestToken")
    assert first == second
    assert len(alone.pauses) == 1


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("TransactionConflict", WriteConflictError),
        ("ThrottlingError", StoreUnavailableError),
        ("ProvisionedThroughputExceeded", StoreUnavailableError),
    ],
)
def test_a_transaction_that_is_always_kept_off_is_given_up(
    alone: Watched, reason: str, error: type[StoreError]
) -> None:
    alone.wire.always(cancels("None", reason))

    with pytest.raises(error, match="try again"):
        alone.engine.transact(TRANSACTION)

    assert alone.wire.operations == ["TransactWriteItems"] * ATTEMPTS
    assert len(alone.pauses) == ATTEMPTS - 1


def test_each_transaction_has_a_token_of_its_own(alone: Watched) -> None:
    alone.wire.play(answers({}), answers({}))

    alone.engine.transact(TRANSACTION)
    alone.engine.transact(TRANSACTION)

    first, second = (sent.body["ClientRequestToken"] for sent in alone.wire.sent)
    assert first != second


def test_a_refused_condition_beside_a_conflict_is_named_once_the_conflict_stays(alone: Watched) -> None:
    refused = {"Code": "ConditionalCheckFailed", "Item": stored(FIRST)}
    alone.wire.always(
        fails("TransactionCanceledException", CancellationReasons=[refused, {"Code": "TransactionConflict"}])
    )

    with pytest.raises(WriteRefusedError) as refusal:
        alone.engine.transact(TRANSACTION)

    assert [(found.index, found.old) for found in refusal.value.refusals] == [(0, item(FIRST))]
    assert len(alone.wire.sent) == ATTEMPTS


@pytest.mark.parametrize(
    ("play", "error", "text"),
    [
        (cancels("None", "ValidationError"), InvalidWriteError, "why"),
        (cancels("None", "ItemCollectionSizeLimitExceeded"), InvalidWriteError, "no room left"),
        (cancels("None", "SomethingNew"), StoreUnavailableError, "(SomethingNew)"),
        (fails("TransactionCanceledException"), StoreUnavailableError, "(no reason)"),
    ],
)
def test_a_transaction_cancelled_for_good_is_not_sent_again(
    alone: Watched, play: Play, error: type[StoreError], text: str
) -> None:
    alone.wire.play(play)

    with pytest.raises(error) as failure:
        alone.engine.transact(TRANSACTION)

    assert text in str(failure.value)
    assert alone.pauses == []


CALLS: dict[str, Callable[[DynamoDbEngine], object]] = {
    "get": lambda engine: engine.get(FIRST),
    "get_many": lambda engine: engine.get_many([FIRST]),
    "query": lambda engine: engine.query(Query("p")),
    "scan": lambda engine: engine.scan(),
    "put": lambda engine: engine.write(PUT),
    "update": lambda engine: engine.write(Update(FIRST, assign={"a": 1})),
    "delete": lambda engine: engine.write(Delete(FIRST)),
    "transact": lambda engine: engine.transact(TRANSACTION),
    "prepare": lambda engine: engine.prepare(),
    "changes": lambda engine: engine.changes(None),
}


@pytest.mark.parametrize(
    ("call", "code"),
    list(zip(CALLS.values(), itertools.cycle(THROTTLINGS), strict=False)),
    ids=CALLS,
)
def test_what_is_throttled_is_repeated_by_the_client_alone(
    alone: Watched, call: Callable[[DynamoDbEngine], object], code: str, library_pauses: list[float]
) -> None:
    alone.wire.always(fails(code))

    with pytest.raises(StoreUnavailableError, match="try again later"):
        call(alone.engine)

    assert len(alone.wire.sent) == LIBRARY_ATTEMPTS
    assert len(library_pauses) == LIBRARY_ATTEMPTS - 1
    assert alone.pauses == []


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_fault_of_the_service_is_repeated_by_the_client_alone(
    alone: Watched, call: Callable[[DynamoDbEngine], object], library_pauses: list[float]
) -> None:
    alone.wire.always(fails("InternalServerError", status=500))

    with pytest.raises(StoreUnavailableError, match="try again"):
        call(alone.engine)

    assert len(alone.wire.sent) == LIBRARY_ATTEMPTS
    assert len(library_pauses) == LIBRARY_ATTEMPTS - 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_read_is_answered_as_soon_as_the_service_is_back(alone: Watched, status: int) -> None:
    faults = [says("no JSON at all", status)] * (LIBRARY_ATTEMPTS - 1)
    alone.wire.play(*faults, answers({"Item": stored(FIRST)}))

    assert alone.engine.get(FIRST) == item(FIRST)


@pytest.mark.parametrize(
    ("call", "text"),
    list(zip(CALLS.values(), itertools.cycle(["<html>Sign in to this network</html>", "", "[]"]), strict=False)),
    ids=CALLS,
)
def test_an_answer_that_is_none_of_the_services_says_to_mend_the_endpoint(
    alone: Watched, call: Callable[[DynamoDbEngine], object], text: str
) -> None:
    alone.wire.always(says(text))

    with pytest.raises(StoreUnavailableError, match="mend the endpoint"):
        call(alone.engine)


def test_no_two_writers_pause_alike(alone: Watched) -> None:
    alone.wire.always(fails(CONFLICT))
    for _ in range(2):
        with pytest.raises(WriteConflictError):
            alone.engine.write(PUT)

    one, other = alone.pauses[: ATTEMPTS - 1], alone.pauses[ATTEMPTS - 1 :]
    assert one != other
    assert all(0 <= pause <= LONGEST_PAUSE_S for pause in alone.pauses)


def test_pauses_may_be_longer_each_time_up_to_a_bound(alone: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda _, longest: longest)
    alone.wire.always(fails(CONFLICT))

    with pytest.raises(WriteConflictError):
        alone.engine.write(PUT)

    growing = [pause for pause in alone.pauses if pause < LONGEST_PAUSE_S]
    assert growing == sorted(set(growing))
    assert len(growing) > 3
    assert alone.pauses[len(growing) :] == [LONGEST_PAUSE_S] * (ATTEMPTS - 1 - len(growing))
