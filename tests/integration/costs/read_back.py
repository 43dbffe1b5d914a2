"""A request on the wire, read back: which access pattern it is, and what it writes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.integration.described_table import query_of, request_at
from tests.integration.dynamodb.wire import Sent

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.seam import Key, Query
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY

_KEY_CONDITION = re.compile(
    r"#\d+ = (?P<partition>:\d+)(?: AND begins_with\(#\d+, (?P<begins_with>:\d+)\))?"
    r"(?: AND #\d+ BETWEEN (?P<low>:\d+) AND (?P<high>:\d+))?"
)


def pattern_of(sent: Sent) -> AccessPattern:
    """The one access pattern that it is: of those items, by that index, as consistent as it asks for."""
    body = sent.body
    match sent.operation:
        case "GetItem":
            return request_at(Operation.GET, [_key(body["Key"])], consistent=body["ConsistentRead"])
        case "BatchGetItem":
            [asked] = body["RequestItems"].values()
            return request_at(Operation.BATCH_GET, map(_key, asked["Keys"]), consistent=asked["ConsistentRead"])
        case "Query":
            return query_of(_query(body))
        case "Scan":
            return request_at(Operation.SCAN, [], consistent=body["ConsistentRead"])
        case "DescribeTable":  # the beginning of a batch of the feed
            return request_at(Operation.READ_STREAM, [])
        case _:
            return request_at(Operation(sent.operation), map(_key_written, writes_of(sent)))


def writes_of(sent: Sent) -> Iterator[Mapping[str, Any]]:
    """The writes of a request: one, or those of a transaction; of a read none."""
    if sent.operation == Operation.TRANSACT:
        for action in sent.body["TransactItems"]:
            yield from action.values()
    elif sent.operation in (Operation.PUT, Operation.UPDATE):
        yield sent.body


def _key(attributes: Mapping[str, Any]) -> Key:
    return Key(attributes[PARTITION_KEY]["S"], attributes[SORT_KEY]["S"])


def _key_written(write: Mapping[str, Any]) -> Key:
    return _key(write["Item"] if "Item" in write else write["Key"])


def _query(body: Mapping[str, Any]) -> Query:
    asked = _KEY_CONDITION.fullmatch(body["KeyConditionExpression"])
    assert asked is not None
    values = {name: body["ExpressionAttributeValues"][place]["S"] for name, place in asked.groupdict().items() if place}
    return Query(
        values["partition"],
        index=body.get("IndexName"),
        begins_with=values.get("begins_with"),
        between=(values["low"], values["high"]) if "low" in values else None,
        consistent=body["ConsistentRead"],
    )
