"""The table's stream as the change feed: every shard read in turn, a parent before its children.

A position tells how far each shard was read, so that the feed can be followed by whoever holds it. The service keeps
24 hours. Source: Amazon DynamoDB, Change data capture for DynamoDB Streams.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from attrs import frozen
from botocore.exceptions import ClientError

from quantleap.adapters.store.engines.dynamodb_errors import code_of
from quantleap.adapters.store.engines.dynamodb_values import decoded_item
from quantleap.adapters.store.engines.told import is_told
from quantleap.adapters.store.seam import Change, ChangeBatch, InvalidReadError, Key, StoreUnavailableError
from quantleap.ports.errors import FeedTrimmedError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodbstreams import DynamoDBStreamsClient

_MAX_RECORDS = 1000
"""Records of one answer. Source: DynamoDB Streams, GetRecords."""

_EMPTY_ANSWERS = 5
"""An open shard may answer with no records and have some: after so many in a row it counts as read for now."""

_OLDEST, _UNREAD, _ENDED = "oldest", "", "end"
"""How far a shard is read, where it is not a record's number.

Not at all, and the oldest record kept will do (it was there when reading began); not at all, and its very first must
be kept; to its end.
"""

_GONE = frozenset({"TrimmedDataAccessException", "ResourceNotFoundException"})


@frozen
class _Shard:
    shard_id: str
    parent: str | None
    starts_at: str
    is_closed: bool

    @classmethod
    def described(cls, shard: Mapping[str, Any]) -> "_Shard":
        numbers = shard["SequenceNumberRange"]
        return cls(
            shard["ShardId"],
            shard.get("ParentShardId"),
            numbers["StartingSequenceNumber"],
            "EndingSequenceNumber" in numbers,
        )


class _PositionText(msgspec.Struct):
    stream: str
    shards: dict[str, str]


@frozen
class _Position:
    """The stream, and how far each of its shards is read: the last sequence number, or what stands for none."""

    stream: str
    shards: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> "_Position":
        try:
            found = msgspec.json.decode(text, type=_PositionText)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise InvalidReadError("the position is not one of this feed") from None
        return cls(found.stream, found.shards)

    def __str__(self) -> str:
        return json.dumps({"stream": self.stream, "shards": dict(sorted(self.shards.items()))}, separators=(",", ":"))


class TableStream:
    """Reads the stream that the table has now."""

    def __init__(self, tables: "DynamoDBClient", streams: "DynamoDBStreamsClient", table: str) -> None:
        self._tables = tables
        self._streams = streams
        self._table = table

    def read(self, after: str | None, limit: int) -> ChangeBatch:
        """At most `limit` changes, of which only those that are told are given.

        What is not told counts all the same: so a batch ends, however fast such changes come. Raises InvalidReadError,
        FeedTrimmedError and the client's errors.
        """
        start = None if after is None else _Position.parse(after)
        arn = self._arn()
        if start is not None and start.stream != arn:
            raise FeedTrimmedError("the table's stream is another than before")
        shards = self._shards(arn)
        progress = _progress(start, shards)
        changes: list[Change] = []
        for shard in _parents_first(shards):
            if progress[shard.shard_id] == _ENDED or progress.get(shard.parent or "", _ENDED) != _ENDED:
                continue
            if len(changes) == limit:
                return ChangeBatch(_told(changes), str(_Position(arn, progress)), is_last=False)
            found, progress[shard.shard_id] = self._read_shard(
                arn, shard, progress[shard.shard_id], limit - len(changes)
            )
            changes += found
        return ChangeBatch(_told(changes), str(_Position(arn, progress)), is_last=len(changes) < limit)

    def close(self) -> None:
        """Give back the client's connections."""
        self._streams.close()

    def _arn(self) -> str:
        described = self._tables.describe_table(TableName=self._table)["Table"]
        if not described.get("StreamSpecification", {}).get("StreamEnabled"):
            raise StoreUnavailableError(f"table {self._table} has no stream: run `quantleap init`")
        return described["LatestStreamArn"]

    def _shards(self, arn: str) -> list[_Shard]:
        shards: list[_Shard] = []
        request: dict[str, Any] = {"StreamArn": arn}
        while True:
            described = self._streams.describe_stream(**request)["StreamDescription"]
            shards += map(_Shard.described, described["Shards"])
            last = described.get("LastEvaluatedShardId")
            if last is None:
                return shards
            request["ExclusiveStartShardId"] = last

    def _read_shard(self, arn: str, shard: _Shard, read: str, room: int) -> tuple[list[Change], str]:
        """Changes of one shard, and how far it is read with them. A closed one is read to its end, if there is room."""
        changes: list[Change] = []
        empty_answers = 0
        try:
            iterator = self._iterator(arn, shard, read)
            while iterator and len(changes) < room and (shard.is_closed or empty_answers < _EMPTY_ANSWERS):
                answer: Mapping[str, Any] = self._streams.get_records(
                    ShardIterator=iterator, Limit=min(room - len(changes), _MAX_RECORDS)
                )
                records = answer.get("Records", ())
                changes += [_change(record.dynamodb) for record in records]
                empty_answers = 0 if records else empty_answers + 1
                read = records[-1].dynamodb.SequenceNumber if records else read
                iterator = answer.get("NextShardIterator")
        except ClientError as error:
            if code_of(error) in _GONE:
                raise FeedTrimmedError("the stream no longer keeps what follows the position") from error
            raise
        if not iterator:
            return changes, _ENDED
        return changes, _UNREAD if read == _OLDEST else read

    def _iterator(self, arn: str, shard: _Shard, read: str) -> str | None:
        """Where reading goes on. Raises InvalidReadError where the service knows no such place."""
        request: dict[str, Any] = {"StreamArn": arn, "ShardId": shard.shard_id}
        if read == _OLDEST:
            request |= {"ShardIteratorType": "TRIM_HORIZON"}
        elif read == _UNREAD:
            # Not the oldest kept: the service says so where the shard's beginning is gone.
            request |= {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": shard.starts_at}
        else:
            request |= {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": read}
        try:
            return self._streams.get_shard_iterator(**request).get("ShardIterator")
        except ClientError as error:
            if code_of(error) == "ValidationException":
                raise InvalidReadError("the position is not one of this feed") from error
            raise


def _progress(start: _Position | None, shards: Sequence[_Shard]) -> dict[str, str]:
    """How far each shard is read, parents that are ended and gone included. Raises FeedTrimmedError for a gap."""
    there = {shard.shard_id for shard in shards}
    known = {} if start is None else start.shards
    if any(read != _ENDED and shard_id not in there for shard_id, read in known.items()):
        raise FeedTrimmedError("a shard is gone that was not read to its end")
    progress = {}
    for shard in shards:
        parent = shard.parent
        if parent is not None and parent not in there:
            # The parent is gone: read to its end before, or, where reading goes on from a position, never seen.
            if start is not None and parent not in known and shard.shard_id not in known:
                raise FeedTrimmedError("a shard is gone that was never read")
            if parent in known:
                progress[parent] = _ENDED
        progress[shard.shard_id] = known.get(shard.shard_id, _OLDEST if start is None else _UNREAD)
    return progress


def _parents_first(shards: Sequence[_Shard]) -> list[_Shard]:
    """A shard's id begins with the time it was made, after its parent's; the lineage decides all the same."""
    waiting = sorted(shards, key=lambda shard: shard.shard_id)
    there = {shard.shard_id for shard in waiting}
    ordered: list[_Shard] = []
    placed: set[str] = set()
    while waiting:
        ready = [shard for shard in waiting if shard.parent not in there or shard.parent in placed]
        ordered += ready
        placed |= {shard.shard_id for shard in ready}
        waiting = [shard for shard in waiting if shard.shard_id not in placed]
        if not ready:
            raise StoreUnavailableError("the stream's shards descend from each other in a circle")
    return ordered


def _told(changes: Sequence[Change]) -> list[Change]:
    return [change for change in changes if is_told(change.old, change.new)]


def _change(record: Any) -> Change:
    key = decoded_item(record.Keys)
    partition, sort = str(key["user_id"]), str(key["sort_key"])
    old, new = record.OldImage, record.NewImage
    return Change(
        Key(partition, sort),
        None if old is None else decoded_item(old),
        None if new is None else decoded_item(new),
    )
