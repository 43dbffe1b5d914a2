"""Clients of the service: time-outs and repeats set, answers with items read by a typed decoder."""

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from botocore.config import Config

from quantleap.adapters.aws_session import aws_client
from quantleap.adapters.store.engines.dynamodb_values import Stored

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodbstreams import DynamoDBStreamsClient

_CONFIG = Config(
    connect_timeout=1,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 4},
    max_pool_connections=50,
    tcp_keepalive=True,
    # Requests are built here from checked values; what is wrong with one the service says as well.
    parameter_validation=False,
)
"""Time-outs in seconds. Standard repeats are bounded and jittered, and cover throttling and the network's faults.

They are few enough that an endpoint where nobody is is told within 10 seconds.
"""


class _Answer(msgspec.Struct, gc=False):
    """What answers have that hold items; what an operation's answer has not is None."""

    Item: dict[str, Stored] | None = None
    Attributes: dict[str, Stored] | None = None
    Items: list[dict[str, Stored]] | None = None
    Responses: dict[str, list[dict[str, Stored]]] | None = None
    UnprocessedKeys: dict[str, Any] | None = None
    LastEvaluatedKey: dict[str, Any] | None = None
    ConsumedCapacity: Any = None


class StreamedChange(msgspec.Struct, gc=False):
    """What a record of the stream says of an item."""

    Keys: dict[str, Stored]
    SequenceNumber: str
    OldImage: dict[str, Stored] | None = None
    NewImage: dict[str, Stored] | None = None


class StreamRecord(msgspec.Struct, gc=False):
    """One record of the stream."""

    dynamodb: StreamedChange


class _Records(msgspec.Struct, gc=False):
    Records: list[StreamRecord] = []
    NextShardIterator: str | None = None


_ANSWERS = msgspec.json.Decoder(_Answer)
_RECORDS = msgspec.json.Decoder(_Records)
_DECODED = (
    "GetItem",
    "BatchGetItem",
    "Query",
    "Scan",
    "UpdateItem",
    # These answer nothing that is read, but an answer that is none of the service's is not taken for its own.
    "PutItem",
    "DeleteItem",
    "TransactWriteItems",
)
_OK = 200


def dynamodb_client(region: str | None, endpoint: str | None) -> "DynamoDBClient":
    """A client for tables and items. Raises botocore's errors for a region or endpoint that is none."""
    client: DynamoDBClient = aws_client("dynamodb", region=region, endpoint=endpoint, config=_CONFIG)
    client.meta.events.register("before-parse.dynamodb", _check)
    for operation in _DECODED:
        client.meta.events.register(f"before-parse.dynamodb.{operation}", partial(_decode, _ANSWERS))
    return client


def streams_client(region: str | None, endpoint: str | None) -> "DynamoDBStreamsClient":
    """A client for the table's stream."""
    client: DynamoDBStreamsClient = aws_client("dynamodbstreams", region=region, endpoint=endpoint, config=_CONFIG)
    client.meta.events.register("before-parse.dynamodb-streams", _check)
    client.meta.events.register("before-parse.dynamodb-streams.GetRecords", partial(_decode, _RECORDS))
    return client


def _check(response_dict: dict[str, Any], **_: object) -> None:
    """Refuse an answer that is no JSON object, which botocore takes for one that says nothing.

    It is asked after `_decode`, and then of an empty object.
    """
    if response_dict["status_code"] == _OK:
        msgspec.json.decode(response_dict["body"], type=dict[str, msgspec.Raw])


def _decode(
    decoder: msgspec.json.Decoder[Any],
    response_dict: dict[str, Any],
    customized_response_dict: dict[str, Any],
    **_: object,
) -> None:
    """Take the body from botocore's parser, which then has an empty one, and give the decoded answer instead.

    Failures are left to it: their bodies are small and have another form.
    """
    if response_dict["status_code"] != _OK:
        return
    answer = decoder.decode(response_dict["body"])
    response_dict["body"] = b"{}"
    for name in answer.__struct_fields__:
        value = getattr(answer, name)
        if value is not None:
            customized_response_dict[name] = value
