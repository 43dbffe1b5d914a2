"""Where the service ends a page, and what a read asks for."""

from contextlib import closing

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session
from tests.integration.dynamodb.conftest import NOWHERE, Watched
from tests.integration.dynamodb.wire import answers
from tests.integration.dynamodb_local import REGION, needs_dynamodb_local

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.seam import Item, Key, Put, Query

LARGEST_LIMIT = 2**31 - 1
INDEX = "MarketplaceDiscovery"
LAST = {
    "user_id": {"S": "o"},
    "sort_key": {"S": "1"},
    "marketplace_category": {"S": "p"},
    "subscriber_count": {"N": "7"},
}
POSITION = {"user_id": "o", "sort_key": "1", "marketplace_category": "p", "subscriber_count": 7}


def item(partition: str, sort: str, **attributes: str) -> Item:
    return {"user_id": partition, "sort_key": sort, **attributes}


def test_a_page_that_the_service_cuts_short_tells_where_to_go_on(alone: Watched) -> None:
    alone.wire.play(answers({"Items": [LAST], "LastEvaluatedKey": LAST}), answers({"Items": []}))

    page = alone.engine.query(Query("p", index=INDEX, limit=5))
    assert (page.items, page.next) == ([POSITION], POSITION)

    assert alone.engine.query(Query("p", index=INDEX, limit=5, after=page.next)).next is None
    assert alone.wire.sent[1].body["ExclusiveStartKey"] == LAST


def test_an_empty_page_tells_where_to_go_on(alone: Watched) -> None:
    alone.wire.play(answers({"Items": [], "LastEvaluatedKey": LAST}))

    page = alone.engine.query(Query("p", index=INDEX, limit=5))

    assert (page.items, page.next) == ([], POSITION)


def test_a_scan_that_the_service_cuts_short_tells_where_to_go_on(alone: Watched) -> None:
    last = {"user_id": {"S": "p"}, "sort_key": {"S": "1"}}
    alone.wire.play(answers({"Items": [last], "LastEvaluatedKey": last}), answers({"Items": []}))

    page = alone.engine.scan(limit=5)
    assert (page.items, page.next) == ([item("p", "1")], {"user_id": "p", "sort_key": "1"})

    assert alone.engine.scan(page.next, limit=5).next is None
    assert alone.wire.sent[1].body["ExclusiveStartKey"] == last


@needs_dynamodb_local
def test_a_partition_of_more_than_a_megabyte_comes_whole_page_by_page(watched: Watched, partition: str) -> None:
    items = [item(partition, str(number), filler="x" * 390_000) for number in range(4)]
    for made in items:
        watched.engine.write(Put(made))

    first = watched.engine.query(Query(partition))
    second = watched.engine.query(Query(partition, after=first.next))

    assert 0 < len(first.items) < len(items)
    assert first.items + second.items == items
    assert second.next is None


@needs_dynamodb_local
@pytest.mark.parametrize("there", [1, 2, 3])
def test_a_page_that_is_just_full_is_the_last_where_there_is_no_more(
    watched: Watched, partition: str, there: int
) -> None:
    for number in range(there):
        watched.engine.write(Put(item(partition, str(number))))

    page = watched.engine.query(Query(partition, limit=2))

    assert len(page.items) == min(there, 2)
    assert page.next == ({"user_id": partition, "sort_key": "1"} if there > 2 else None)
    assert watched.wire.sent[-1].body["Limit"] == 3


@needs_dynamodb_local
def test_the_largest_limit_is_one_the_service_takes(watched: Watched, partition: str) -> None:
    watched.engine.write(Put(item(partition, "1")))

    assert watched.engine.query(Query(partition, limit=LARGEST_LIMIT)).items == [item(partition, "1")]
    assert watched.engine.scan(limit=LARGEST_LIMIT).items


@needs_dynamodb_local
def test_a_query_without_a_limit_sends_none(watched: Watched, partition: str) -> None:
    watched.engine.query(Query(partition))
    assert "Limit" not in watched.wire.sent[-1].body


def test_opening_asks_nothing_and_the_first_read_is_the_first_request(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []

    def noted(_: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse | None:
        sent.append(request.headers["X-Amz-Target"])
        return answers({})(request)

    monkeypatch.setattr(URLLib3Session, "send", noted)

    with closing(DynamoDbEngine("Table", region=REGION, endpoint=NOWHERE)) as engine:
        assert sent == []
        engine.get(Key("p", "1"))

    assert sent == [b"DynamoDB_20120810.GetItem"]
