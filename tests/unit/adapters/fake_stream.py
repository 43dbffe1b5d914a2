"""A table's stream as the service keeps it, small enough to be read: its shards split, close, and are trimmed."""

from collections import Counter
from typing import Any, cast

from attrs import define, field
from botocore.exceptions import ClientError

from quantleap.adapters.store.engines.dynamodb_client import StreamedChange, StreamRecord
from quantleap.adapters.store.engines.dynamodb_stream import TableStream
from quantleap.adapters.store.engines.dynamodb_values import Stored
from quantleap.adapters.store.seam import Change, ChangeBatch

ARN = "arn:aws:dynamodb:ap-south-1:0:table/Table/stream/1"

MOST_AT_ONCE = 3
"""Records of one answer, however many are asked for: the service ends an answer at 1 MB."""

SHARDS_A_PAGE = 2

MOST_EMPTY_ANSWERS = 4
"""An open shard that answers with nothing once more counts as read."""


def record(item: str, old: int | None, new: int | None, sequence: str) -> StreamRecord:
    """A change of an item's `n` from one value to another (None: there was or is no item)."""
    key = {"user_id": Stored(S=item), "sort_key": Stored(S="1")}
    before, after = (None if value is None else {**key, "n": Stored(N=str(value))} for value in (old, new))
    return StreamRecord(StreamedChange(key, sequence, before, after))


@define
class FakeShard:
    """`gap` counts the empty answers that come before each one with records."""

    shard_id: str
    parent: str | None
    starts_at: int
    gap: int = 0
    closed_at: int | None = None
    records: list[tuple[int, StreamRecord]] = field(factory=list)


class FakeStream:
    """Both clients that a table's stream is read by."""

    def __init__(self) -> None:
        self.arn = ARN
        self.is_on = True
        self.shards: dict[str, FakeShard] = {}
        self.asked: Counter[str] = Counter()
        self.failures: dict[str, str] = {}
        self._last = 0
        self._horizon = 1

    # What the table does

    def open_shard(self, shard_id: str, parent: str | None = None, gap: int = 0) -> None:
        self.shards[shard_id] = FakeShard(shard_id, parent, self._last + 1, gap)

    def close_shard(self, shard_id: str) -> None:
        """A shard that closes held something once: the service closes none that was never written to."""
        self._last += 1
        self.shards[shard_id].closed_at = self._last

    def write(self, shard_id: str, item: str, old: int | None, new: int | None) -> None:
        self._last += 1
        self.shards[shard_id].records.append((self._last, record(item, old, new, _number(self._last))))

    def trim(self) -> None:
        """Nothing that was written until now is kept any longer."""
        self._horizon = self._last + 1
        for shard in list(self.shards.values()):
            shard.records = [(number, found) for number, found in shard.records if number >= self._horizon]
            if shard.closed_at is not None and shard.closed_at < self._horizon:
                del self.shards[shard.shard_id]

    # What the clients do

    def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803 - the service's name
        self._ask("DescribeTable")
        stream = {"StreamSpecification": {"StreamEnabled": self.is_on}, "LatestStreamArn": self.arn}
        return {"Table": {"TableName": TableName, **stream}}

    def describe_stream(self, StreamArn: str, ExclusiveStartShardId: str = "") -> dict[str, Any]:  # noqa: N803 - the service's names
        self._ask("DescribeStream")
        left = [shard for shard_id, shard in sorted(self.shards.items()) if shard_id > ExclusiveStartShardId]
        page = left[:SHARDS_A_PAGE]
        description: dict[str, Any] = {"StreamArn": StreamArn, "Shards": list(map(_described, page))}
        if len(left) > len(page):
            description["LastEvaluatedShardId"] = page[-1].shard_id
        return {"StreamDescription": description}

    def get_shard_iterator(
        self,
        StreamArn: str,  # noqa: N803 - the service's name
        ShardId: str,  # noqa: N803 - the service's name
        ShardIteratorType: str,  # noqa: N803 - the service's name
        SequenceNumber: str = "0",  # noqa: N803 - the service's name
    ) -> dict[str, Any]:
        self._ask("GetShardIterator")
        if StreamArn != self.arn or ShardId not in self.shards:
            raise failure("ResourceNotFoundException")
        number = int(SequenceNumber)
        if ShardIteratorType != "TRIM_HORIZON" and number < self._horizon:
            raise failure("TrimmedDataAccessException")
        after = number if ShardIteratorType == "AFTER_SEQUENCE_NUMBER" else number - 1
        return {"ShardIterator": f"{ShardId} {after} {self.shards[ShardId].gap}"}

    def get_records(self, ShardIterator: str, Limit: int) -> dict[str, Any]:  # noqa: N803 - the service's names
        self._ask("GetRecords")
        shard_id, after, gap = ShardIterator.split()
        if int(gap):
            return {"NextShardIterator": f"{shard_id} {after} {int(gap) - 1}"}
        shard = self.shards[shard_id]
        due = [(number, found) for number, found in shard.records if number > int(after)]
        page = due[: min(Limit, MOST_AT_ONCE)]
        answer: dict[str, Any] = {"Records": [found for _, found in page]}
        if shard.closed_at is None or page:
            last = page[-1][0] if page else int(after)
            answer["NextShardIterator"] = f"{shard_id} {last} {shard.gap}"
        return answer

    def close(self) -> None:
        self._ask("close")

    def _ask(self, operation: str) -> None:
        self.asked[operation] += 1
        if operation in self.failures:
            raise failure(self.failures[operation])


def failure(code: str) -> ClientError:
    """What the service fails by."""
    return ClientError({"Error": {"Code": code, "Message": "told by the service"}}, "GetRecords")


def _number(number: int) -> str:
    return f"{number:021}"


def _described(shard: FakeShard) -> dict[str, Any]:
    numbers = {"StartingSequenceNumber": _number(shard.starts_at)}
    if shard.closed_at is not None:
        numbers["EndingSequenceNumber"] = _number(shard.closed_at)
    found: dict[str, Any] = {"ShardId": shard.shard_id, "SequenceNumberRange": numbers}
    return found if shard.parent is None else found | {"ParentShardId": shard.parent}


# What is read of it


def reader(fake: FakeStream) -> TableStream:
    client = cast("Any", fake)
    return TableStream(client, client, "Table")


def read(fake: FakeStream, after: str | None = None, limit: int = 1000) -> ChangeBatch:
    """One batch, by a reader that knows nothing but the position."""
    return reader(fake).read(after, limit)


def read_on(fake: FakeStream, after: str | None = None, limit: int = 1000) -> tuple[list[Change], str | None]:
    """Every change after the position, and where reading ends."""
    changes: list[Change] = []
    while True:
        batch = read(fake, after, limit)
        assert len(batch.changes) <= limit
        changes += batch.changes
        after = batch.position
        if batch.is_last:
            return changes, after


def numbers(changes: list[Change]) -> list[int]:
    """What the changes made of `n`, in the order they came."""
    return [cast("int", made.new["n"]) for made in changes if made.new is not None]
