"""A page of 2,000 plan rows: our decoder of answers against botocore's own parser, and the bytes of a row."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from zlib import crc32

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from bench.ratio import Contest, Sample, alternate, holds, print_conditions, print_row
from bench.store_operations import TABLE
from bench.store_sample import BASKET_ID, subscribed
from quantleap.adapters.store.engines.dynamodb_client import dynamodb_client
from quantleap.adapters.store.engines.dynamodb_values import decoded_item, encoded_item
from quantleap.adapters.store.engines.pages import projected
from quantleap.adapters.store.engines.valid_writes import item_bytes
from quantleap.adapters.store.records.plan_rows import read_plan_row
from quantleap.adapters.store.repositories.paging import every_item
from quantleap.adapters.store.repositories.subscriptions import StoredSubscriptions
from quantleap.adapters.store.seam import Engine, Item, Query
from quantleap.adapters.store.table import TEMPLATE_SUBSCRIBERS
from quantleap.domain.identifiers import Mode

ROWS = 2_000
AT_LEAST = 1 / 0.2
ROW_BYTES = 400

_REQUEST = {
    "TableName": TABLE,
    "IndexName": TEMPLATE_SUBSCRIBERS.name,
    "KeyConditionExpression": "#0 = :0",
    "ExpressionAttributeNames": {"#0": TEMPLATE_SUBSCRIBERS.partition},
    "ExpressionAttributeValues": {":0": {"S": BASKET_ID}},
}


def plan_row(name: str) -> Item:
    """What the index projects of a subscriber with one broker account."""
    return projected(subscribed(name).subscription, TEMPLATE_SUBSCRIBERS.name)


def small_enough() -> bool:
    """The bytes of one row, a count that is the same on every machine. The service's own decides what a page holds."""
    row = plan_row("0190a3f2c4d5")
    stored, sent = item_bytes(row), len(_json(encoded_item(row)))
    met = stored < ROW_BYTES
    print("bytes of a plan row with one account, as projected")
    print(f"  {stored} as the service counts, {len(_json(row))} as plain JSON, {sent} as JSON of an answer")
    print(f"  fewer than {ROW_BYTES} as the service counts: {'met' if met else 'MISSED'}")
    return met


def decodes_faster(region: str) -> bool:
    """One Query of 2,000 rows, answered without a network: what is left is the request and reading its answer."""
    rows = [plan_row(f"row{number:06d}") for number in range(ROWS)]
    ours: Any = dynamodb_client(region, None)
    peer: Any = boto3.client("dynamodb", region_name=region)
    for client in (ours, peer):
        _answer_always(client, _body(rows))
    assert [decoded_item(stored) for stored in ours.query(**_REQUEST)["Items"]] == rows
    assert peer.query(**_REQUEST)["Items"] == list(map(encoded_item, rows))
    title = f"a Query's answer of {ROWS:,} plan rows, read from its bytes into typed values"
    contest = Contest(title, "botocore", lambda: ours.query(**_REQUEST), lambda: peer.query(**_REQUEST), 1, AT_LEAST)
    return holds(contest)


def report_whole_path(engine: Engine) -> None:
    """CPU of a row as a planner reads it, all else of the request included. No bound: the last step is the domain's."""
    subscriptions = StoredSubscriptions(engine)
    query = Query(BASKET_ID, index=TEMPLATE_SUBSCRIBERS.name, begins_with="ACTIVE#", descending=True)
    rows = list(every_item(engine, query))
    assert list(map(read_plan_row, rows)) == list(subscriptions.subscribers(Mode.LIVE, BASKET_ID))
    paths: dict[str, Callable[[], object]] = {
        "items": lambda: deque(every_item(engine, query), maxlen=0),
        "plan rows": lambda: deque(subscriptions.subscribers(Mode.LIVE, BASKET_ID), maxlen=0),
    }
    print(f"{len(rows):,} plan rows of one template read from DynamoDB Local, CPU a row")
    print_conditions()
    for name, figures in zip(paths, alternate(list(paths.values()), 1), strict=True):
        print_row(f"to {name}", Sample.of([figure / len(rows) for figure in figures]))


def _body(rows: list[Item]) -> bytes:
    """An answer as the service writes it."""
    return _json({"Items": list(map(encoded_item, rows)), "Count": len(rows), "ScannedCount": len(rows)})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _answer_always(client: Any, body: bytes) -> None:
    """Let no request leave: each is answered with that body."""

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        headers = HTTPHeaders.from_dict({"x-amz-crc32": str(crc32(body))})
        return AWSResponse(request.url, 200, headers, _Raw(body))

    client.meta.events.register("before-send.dynamodb", answer)


class _Raw(BytesIO):
    """A body as the client library reads it from the network."""

    def stream(self) -> Iterator[bytes]:
        """All of it."""
        yield self.read()
