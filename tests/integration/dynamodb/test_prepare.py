"""A table is brought to the one description, from whatever was there; what is none of ours is refused by one line."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from tests.integration.contracts.stores import new_table
from tests.integration.dynamodb.conftest import Watched
from tests.integration.dynamodb.wire import answers, fails, passes
from tests.integration.dynamodb_local import needs_dynamodb_local

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.engines.dynamodb_table import create_table_request
from quantleap.adapters.store.seam import Delete, Key, Put, Query, StoreError, StoreUnavailableError, Update
from quantleap.adapters.store.table import INDEXES, STREAM_VIEW, TTL_ATTRIBUTE

pytestmark = needs_dynamodb_local

Request = dict[str, Any]
Open = Callable[[str], Watched]
EVERY = tuple(index.name for index in INDEXES)
MISSING = ("UserSubscriptions", "PartnerSubscriptions")


def create(watched: Watched, request: Request) -> None:
    """The table as somebody else made it, before anything is noted."""
    watched.engine._client.create_table(**request)
    watched.wire.sent.clear()


def described(watched: Watched) -> dict[str, Any]:
    return dict(watched.engine._client.describe_table(TableName=watched.engine._table)["Table"])


def index_names(watched: Watched) -> set[str]:
    return {index["IndexName"] for index in described(watched)["GlobalSecondaryIndexes"]}


def expiry(watched: Watched) -> dict[str, Any]:
    answer = watched.engine._client.describe_time_to_live(TableName=watched.engine._table)
    return dict(answer["TimeToLiveDescription"])


def changing(watched: Watched) -> list[str]:
    """What was asked for, without the looking."""
    return [operation for operation in watched.wire.operations if not operation.startswith("Describe")]


def without(request: Request, *names: str) -> Request:
    """The table without some indexes, and the attributes that only these have as keys."""
    kept = [index for index in request["GlobalSecondaryIndexes"] if index["IndexName"] not in names]
    keys = {part["AttributeName"] for holder in (request, *kept) for part in holder["KeySchema"]}
    definitions = [part for part in request["AttributeDefinitions"] if part["AttributeName"] in keys]
    rest = {name: value for name, value in request.items() if name != "GlobalSecondaryIndexes"}
    return rest | {"AttributeDefinitions": definitions} | ({"GlobalSecondaryIndexes": kept} if kept else {})


def with_index(request: Request, name: str, **changes: Any) -> Request:
    """The table with one index of another form."""
    indexes = [index | changes if index["IndexName"] == name else index for index in request["GlobalSecondaryIndexes"]]
    return request | {"GlobalSecondaryIndexes": indexes}


def with_type(request: Request, attribute: str, kind: str) -> Request:
    """The table with a key attribute of another type."""
    definitions = [
        part | {"AttributeType": kind} if part["AttributeName"] == attribute else part
        for part in request["AttributeDefinitions"]
    ]
    return request | {"AttributeDefinitions": definitions}


def keyed(partition: str, sort: str | None = None) -> list[dict[str, str]]:
    keys = [{"AttributeName": partition, "KeyType": "HASH"}]
    return keys if sort is None else [*keys, {"AttributeName": sort, "KeyType": "RANGE"}]


def test_a_table_that_is_not_there_is_made_as_described(opened: Open) -> None:
    told: list[str] = []
    watched = opened(new_table())

    watched.engine.prepare(told.append)

    table = described(watched)
    assert table["TableStatus"] == "ACTIVE"
    assert index_names(watched) == {index.name for index in INDEXES}
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": STREAM_VIEW}
    assert expiry(watched) == {"TimeToLiveStatus": "ENABLED", "AttributeName": TTL_ATTRIBUTE}
    assert told[0] == f"creating table {watched.engine._table} with {len(INDEXES)} indexes"


def test_a_table_that_is_as_described_is_only_looked_at(opened: Open) -> None:
    table = new_table()
    opened(table).engine.prepare()
    told: list[str] = []
    again = opened(table)

    again.engine.prepare(told.append)

    assert again.wire.operations[0] == "DescribeTable"
    assert [asked for asked in changing(again) if asked != "UpdateContinuousBackups"] == []
    assert told == []


def test_preparing_that_was_stopped_once_the_table_was_made_goes_on(opened: Open) -> None:
    table = new_table()
    stopped = opened(table)
    stopped.wire.play(passes, passes, fails("AccessDeniedException"))
    with pytest.raises(StoreUnavailableError, match="grant them what the operation needs"):
        stopped.engine.prepare()
    assert stopped.wire.operations == ["DescribeTable", "CreateTable", "DescribeTable"]
    again = opened(table)

    again.engine.prepare()

    assert "CreateTable" not in again.wire.operations
    assert expiry(again) == {"TimeToLiveStatus": "ENABLED", "AttributeName": TTL_ATTRIBUTE}


def test_indexes_that_are_missing_are_added_one_at_a_time(opened: Open) -> None:
    told: list[str] = []
    watched = opened(new_table())
    create(watched, without(create_table_request(watched.engine._table), *MISSING))

    watched.engine.prepare(told.append)

    updates = [sent.body for sent in watched.wire.sent if sent.operation == "UpdateTable"]
    added = [[part["Create"]["IndexName"] for part in body["GlobalSecondaryIndexUpdates"]] for body in updates]
    assert added == [[name] for name in MISSING]
    assert index_names(watched) == {index.name for index in INDEXES}
    assert [line for line in told if line.startswith("adding")] == [
        f"adding index {MISSING[0]} (1 of 2)",
        f"adding index {MISSING[1]} (2 of 2)",
    ]


def test_the_next_index_waits_until_the_one_before_is_filled(opened: Open) -> None:
    told: list[str] = []
    watched = opened(new_table())
    create(watched, without(create_table_request(watched.engine._table), *MISSING))
    busy = _plain(described(watched)) | {"TableStatus": "UPDATING"}
    busy["GlobalSecondaryIndexes"].append({"IndexName": MISSING[0], "IndexStatus": "CREATING", "Backfilling": True})
    looks_while_busy = 3
    watched.wire.sent.clear()

    def busy_once_an_index_is_added(_: AWSPreparedRequest) -> None:
        if watched.wire.operations.count("UpdateTable") == 1 and watched.wire.operations[-1] == "UpdateTable":
            watched.wire.play(*[answers({"Table": busy})] * looks_while_busy)

    watched.wire.always(busy_once_an_index_is_added)
    watched.engine.prepare(told.append)

    assert changing(watched)[:2] == ["UpdateTable", "UpdateTable"]
    first, second = (number for number, name in enumerate(watched.wire.operations) if name == "UpdateTable")
    assert second - first > looks_while_busy
    assert told[:3] == [
        f"adding index {MISSING[0]} (1 of 2)",
        f"index {MISSING[0]} is creating, filling",
        "table is updating",
    ]
    assert told.count(f"index {MISSING[0]} is creating, filling") == 1
    assert watched.pauses[:3] == sorted(set(watched.pauses[:3]))


def _plain(value: Any) -> Any:
    """What JSON can hold."""
    match value:
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case str() | int() | float() | None:
            return value
        case _:
            return value.timestamp()


def test_a_stream_that_is_off_is_turned_on(opened: Open) -> None:
    told: list[str] = []
    watched = opened(new_table())
    create(watched, create_table_request(watched.engine._table) | {"StreamSpecification": {"StreamEnabled": False}})
    with pytest.raises(StoreUnavailableError, match="has no stream: run `quantleap init`"):
        watched.engine.changes(None)

    watched.engine.prepare(told.append)

    assert described(watched)["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": STREAM_VIEW}
    assert told == ["turning the stream on"]
    assert watched.engine.changes(None).changes == []


def test_two_at_once_both_succeed(opened: Open) -> None:
    table = new_table()
    start = Barrier(2)

    def prepare(watched: Watched) -> None:
        start.wait()
        watched.engine.prepare()

    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(prepare, opened(table)) for _ in range(2)]
        assert [found.result() for found in done] == [None, None]

    assert index_names(opened(table)) == {index.name for index in INDEXES}


def test_what_another_does_at_the_same_moment_is_not_done_twice(opened: Open) -> None:
    """One looks, and before it asks for what is missing the other has done it."""
    table = new_table()
    slow, fast = opened(table), opened(table)
    off = {"StreamSpecification": {"StreamEnabled": False}}
    slow.engine._client.create_table(**without(create_table_request(table), *MISSING) | off)

    def other_first(**_: object) -> None:
        if not fast.wire.sent:
            fast.engine.prepare()

    slow.engine._client.meta.events.register_first("before-call.dynamodb.UpdateTable", other_first)
    slow.engine.prepare()

    assert changing(fast)[:4] == ["UpdateTable"] * 3 + ["UpdateTimeToLive"]
    assert index_names(slow) == {index.name for index in INDEXES}


@pytest.mark.parametrize("operation", ["CreateTable", "UpdateTimeToLive"])
def test_what_another_did_just_before_is_no_failure(opened: Open, operation: str) -> None:
    table = new_table()
    slow, fast = opened(table), opened(table)
    slow.engine._client.meta.events.register_first(
        f"before-call.dynamodb.{operation}", lambda **_: fast.engine.prepare()
    )

    slow.engine.prepare()

    assert operation in changing(slow)
    assert operation in changing(fast)
    assert index_names(slow) == {index.name for index in INDEXES}


OTHER_TABLES: dict[str, tuple[Callable[[Request], Request], str]] = {
    "other key names": (
        lambda request: (
            without(request, *EVERY)
            | {
                "KeySchema": keyed("pk", "sk"),
                "AttributeDefinitions": [
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
            }
        ),
        "name another table",
    ),
    "no sort key": (
        lambda request: without(request | {"KeySchema": keyed("user_id")}, *EVERY),
        "name another table",
    ),
    "keys of another type": (lambda request: with_type(request, "sort_key", "N"), "name another table"),
    "an index of other keys": (
        lambda request: with_index(request, "UserSubscriptions", KeySchema=keyed("user_id", "schedule_key")),
        "delete it, then run `quantleap init`",
    ),
    "an index's key of another type": (
        lambda request: with_type(request, "subscriber_count", "S"),
        "delete it, then run `quantleap init`",
    ),
    "an index of another projection": (
        lambda request: with_index(request, "AllocationsByBasket", Projection={"ProjectionType": "KEYS_ONLY"}),
        "delete it, then run `quantleap init`",
    ),
    "an index of fewer attributes": (
        lambda request: with_index(
            request,
            "UserScheduleDiscovery",
            Projection={"ProjectionType": "INCLUDE", "NonKeyAttributes": ["strategy_id"]},
        ),
        "delete it, then run `quantleap init`",
    ),
    "a stream of another view": (
        lambda request: request | {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}},
        "turn it off, then run `quantleap init`",
    ),
}


@pytest.mark.parametrize(("change", "advice"), OTHER_TABLES.values(), ids=OTHER_TABLES)
def test_a_table_that_is_none_of_ours_is_refused_and_left_as_it_is(
    opened: Open, change: Callable[[Request], Request], advice: str
) -> None:
    watched = opened(new_table())
    create(watched, change(create_table_request(watched.engine._table)))

    with pytest.raises(StoreUnavailableError) as refusal:
        watched.engine.prepare()

    assert str(refusal.value).startswith(f"table {watched.engine._table}")
    assert str(refusal.value).endswith(advice)
    assert "\n" not in str(refusal.value)
    assert changing(watched) == []


def test_items_that_expire_by_another_attribute_are_refused(opened: Open) -> None:
    watched = opened(new_table())
    create(watched, create_table_request(watched.engine._table))
    watched.engine._client.update_time_to_live(
        TableName=watched.engine._table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "other"}
    )

    with pytest.raises(StoreUnavailableError, match="another attribute"):
        watched.engine.prepare()


@pytest.mark.parametrize("status", ["ARCHIVED", "INACCESSIBLE_ENCRYPTION_CREDENTIALS"])
def test_a_table_that_will_not_become_active_of_itself_is_not_waited_for(opened: Open, status: str) -> None:
    watched = opened(new_table())
    watched.wire.always(answers({"Table": {"TableStatus": status}}))

    with pytest.raises(StoreUnavailableError, match="make it active again"):
        watched.engine.prepare()


def test_a_table_that_is_deleted_meanwhile_is_not_waited_for(opened: Open) -> None:
    watched = opened(new_table())
    watched.wire.play(answers({"Table": {"TableStatus": "DELETING"}}), answers({"Table": {"TableStatus": "DELETING"}}))

    with pytest.raises(StoreUnavailableError, match="run it again"):
        watched.engine.prepare()


ACCESSES: dict[str, Callable[[DynamoDbEngine], object]] = {
    "get": lambda engine: engine.get(Key("p", "1")),
    "get_many": lambda engine: engine.get_many([Key("p", "1")]),
    "query": lambda engine: engine.query(Query("p")),
    "put": lambda engine: engine.write(Put({"user_id": "p", "sort_key": "1"})),
    "update": lambda engine: engine.write(Update(Key("p", "1"), assign={"a": 1})),
    "delete": lambda engine: engine.write(Delete(Key("p", "1"))),
    "transact": lambda engine: engine.transact([Put({"user_id": "p", "sort_key": "1"})]),
}


@pytest.mark.parametrize(
    ("kind", "unnoticed"),
    [
        ("other key names", set()),
        ("no sort key", {"query", "put", "transact"}),  # to the service the sort key is an attribute like any
        ("keys of another type", {"query"}),
    ],
)
def test_an_access_to_a_table_of_other_keys_says_so(opened: Open, kind: str, unnoticed: set[str]) -> None:
    watched = opened(new_table())
    change, advice = OTHER_TABLES[kind]
    create(watched, change(create_table_request(watched.engine._table)))

    said: dict[str, str] = {}
    noticed = ACCESSES.keys() - unnoticed
    for name in noticed:
        with pytest.raises(StoreError) as refusal:
            ACCESSES[name](watched.engine)
        said[name] = f"{type(refusal.value).__name__}: {refusal.value}"

    expected = (
        f"StoreUnavailableError: table {watched.engine._table} has other keys than a store of quantleap: {advice}"
    )
    assert said == dict.fromkeys(noticed, expected)


def test_a_query_of_an_index_that_is_missing_says_how_to_add_it(opened: Open) -> None:
    watched = opened(new_table())
    create(watched, without(create_table_request(watched.engine._table), *EVERY))

    for name in EVERY:
        with pytest.raises(StoreUnavailableError, match="lacks an index: run `quantleap init`"):
            watched.engine.query(Query("p", index=name))
