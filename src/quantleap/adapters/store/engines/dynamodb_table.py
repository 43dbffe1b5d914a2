"""Creates the table of the one description, and adds to one that is there what it lacks."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from quantleap.adapters.store.engines.dynamodb_errors import code_of
from quantleap.adapters.store.seam import StoreUnavailableError
from quantleap.adapters.store.table import INDEXES, PARTITION_KEY, SORT_KEY, STREAM_VIEW, TTL_ATTRIBUTE, Index

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_BUILD_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, *[5.0] * 720)
"""An hour: an index is filled from all that the table holds."""

_RECOVERY_PAUSES_S = (1.0, 2.0, *[5.0] * 24)
_PASSING = frozenset({"ACTIVE", "CREATING", "UPDATING", "DELETING"})
"""What a table is for a time. What else it may be, as archived, lasts until somebody mends it."""

_STREAM = {"StreamEnabled": True, "StreamViewType": STREAM_VIEW}


def create_table_request(table: str) -> dict[str, Any]:
    """The request that creates the table with all its indexes and its stream."""
    return {
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key_schema(PARTITION_KEY, SORT_KEY),
        "AttributeDefinitions": _attribute_definitions(INDEXES),
        "GlobalSecondaryIndexes": [index_request(index) for index in INDEXES],
        "StreamSpecification": _STREAM,
        "SSESpecification": {"Enabled": True, "SSEType": "KMS"},
    }


def index_request(index: Index) -> dict[str, Any]:
    """One index as the service describes it."""
    projection: dict[str, Any] = {"ProjectionType": "ALL"}
    if index.include is not None:
        projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": sorted(index.include)}
    return {
        "IndexName": index.name,
        "KeySchema": _key_schema(index.partition, index.sort),
        "Projection": projection,
    }


def _key_schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _attribute_definitions(indexes: tuple[Index, ...]) -> list[dict[str, str]]:
    types = {PARTITION_KEY: "S", SORT_KEY: "S"}
    for index in indexes:
        types[index.partition] = "S"
        types[index.sort] = "N" if index.numeric_sort else "S"
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in sorted(types.items())]


class TableBuilder:
    """Brings one table to the description. Stopped at any line, it goes on from there when it is run again."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        tell: Callable[[str], None],
        pause: Callable[[float], None],
    ) -> None:
        self._client = client
        self._table = table
        self._tell = tell
        self._pause = pause

    def build(self) -> None:
        """Create what is missing. Raises StoreUnavailableError for a table that is none of ours."""
        if self._described() is None:
            self._create()
        self._check_keys(self._active())
        self._add_indexes()
        self._enable_stream()
        self._enable_expiry()
        self._enable_recovery()

    def _create(self) -> None:
        self._tell(f"creating table {self._table} with {len(INDEXES)} indexes")
        with _unless(lambda: self._described() is not None):
            self._client.create_table(**create_table_request(self._table))

    def _described(self) -> Mapping[str, Any] | None:
        try:
            return self._client.describe_table(TableName=self._table)["Table"]
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise

    def _active(self) -> Mapping[str, Any]:
        """The table's description, as soon as it and all its indexes can be used.

        Raises StoreUnavailableError for what is still being built after an hour: preparing goes on from there.
        """
        told: set[str] = set()
        for pause_s in (*_BUILD_PAUSES_S, None):
            described = self._described()
            if described is None:
                raise StoreUnavailableError(f"table {self._table} was deleted while it was prepared: run it again")
            self._check_status(described["TableStatus"])
            busy = _busy(described)
            if not busy:
                return described
            for line in sorted(busy - told):
                self._tell(line)
            told |= busy
            if pause_s is not None:
                self._pause(pause_s)
        raise StoreUnavailableError(
            f"table {self._table} is still being built ({'; '.join(sorted(busy))}): run `quantleap init` again later"
        )

    def _check_status(self, status: str) -> None:
        if status not in _PASSING:
            raise StoreUnavailableError(
                f"table {self._table} is {status.lower()}: make it active again, then run `quantleap init`"
            )

    def _check_keys(self, described: Mapping[str, Any]) -> None:
        keys = {(part["AttributeName"], part["KeyType"]) for part in described["KeySchema"]}
        types = {part["AttributeName"]: part["AttributeType"] for part in described["AttributeDefinitions"]}
        if keys != {(PARTITION_KEY, "HASH"), (SORT_KEY, "RANGE")} or (types[PARTITION_KEY], types[SORT_KEY]) != (
            "S",
            "S",
        ):
            raise StoreUnavailableError(
                f"table {self._table} has other keys than a store of quantleap: name another table"
            )
        there = {index["IndexName"]: index for index in described.get("GlobalSecondaryIndexes", ())}
        for index in INDEXES:
            if index.name in there and not _is_as_described(there[index.name], types, index):
                raise StoreUnavailableError(
                    f"table {self._table}: index {index.name} has other keys or attributes: delete it, "
                    "then run `quantleap init`"
                )

    def _add_indexes(self) -> None:
        """The service builds one index of a table at a time."""
        there = self._index_names()
        missing = [index for index in INDEXES if index.name not in there]
        for number, index in enumerate(missing, 1):
            self._tell(f"adding index {index.name} ({number} of {len(missing)})")
            with _unless(partial(self._has_index, index)):
                self._client.update_table(
                    TableName=self._table,
                    AttributeDefinitions=_attribute_definitions((index,)),  # type: ignore[arg-type] # data, not literals
                    GlobalSecondaryIndexUpdates=[{"Create": index_request(index)}],  # type: ignore[typeddict-item]
                )
            self._active()

    def _has_index(self, index: Index) -> bool:
        return index.name in self._index_names()

    def _index_names(self) -> set[str]:
        return {found["IndexName"] for found in self._active().get("GlobalSecondaryIndexes", ())}

    def _enable_stream(self) -> None:
        if not self._has_stream():
            self._tell("turning the stream on")
            with _unless(self._has_stream):
                self._client.update_table(TableName=self._table, StreamSpecification=_STREAM)  # type: ignore[arg-type]
            self._active()

    def _has_stream(self) -> bool:
        stream = self._active().get("StreamSpecification", {})
        if not stream.get("StreamEnabled"):
            return False
        if stream.get("StreamViewType") != STREAM_VIEW:
            raise StoreUnavailableError(
                f"table {self._table}: its stream has not {STREAM_VIEW}: turn it off, then run `quantleap init`"
            )
        return True

    def _enable_expiry(self) -> None:
        if not self._expires():
            with _unless(self._expires):
                self._client.update_time_to_live(
                    TableName=self._table,
                    TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL_ATTRIBUTE},
                )

    def _expires(self) -> bool:
        described = self._client.describe_time_to_live(TableName=self._table)["TimeToLiveDescription"]
        if described.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
            return False
        if described.get("AttributeName") != TTL_ATTRIBUTE:
            raise StoreUnavailableError(f"table {self._table} expires its items by another attribute: mend that")
        return True

    def _enable_recovery(self) -> None:
        """Point-in-time recovery, where the endpoint has it: Amazon's local engine has not.

        A table that was just made has no backups for some seconds, and refuses it until then.
        """
        for pause_s in (*_RECOVERY_PAUSES_S, None):
            try:
                return self._ask_for_recovery()
            except ClientError as error:
                if code_of(error) == "UnknownOperationException":
                    return None
                if code_of(error) != "ContinuousBackupsUnavailableException" or pause_s is None:
                    raise
            self._pause(pause_s)
        raise AssertionError("the last attempt has answered or raised")

    def _ask_for_recovery(self) -> None:
        described = self._client.describe_continuous_backups(TableName=self._table)
        recovery = described["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
            self._client.update_continuous_backups(
                TableName=self._table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )


@contextmanager
def _unless(is_done: Callable[[], bool]) -> Iterator[None]:
    """The service refuses what another process asks for at the same moment: no failure where that is done."""
    try:
        yield
    except ClientError:
        if not is_done():
            raise


def _busy(described: Mapping[str, Any]) -> set[str]:
    """What keeps the table from being used, a line each."""
    busy = set()
    if described["TableStatus"] != "ACTIVE":
        busy.add(f"table is {described['TableStatus'].lower()}")
    for index in described.get("GlobalSecondaryIndexes", ()):
        if index.get("IndexStatus") != "ACTIVE":
            filled = ", filling" if index.get("Backfilling") else ""
            busy.add(f"index {index['IndexName']} is {index['IndexStatus'].lower()}{filled}")
    return busy


def _is_as_described(found: Mapping[str, Any], types: Mapping[str, str], index: Index) -> bool:
    wanted = index_request(index)
    keys = {part["AttributeName"]: part["KeyType"] for part in found["KeySchema"]}
    projection = found["Projection"]
    return (
        keys == {part["AttributeName"]: part["KeyType"] for part in wanted["KeySchema"]}
        and (types[index.partition], types[index.sort]) == ("S", "N" if index.numeric_sort else "S")
        and projection["ProjectionType"] == wanted["Projection"]["ProjectionType"]
        and set(projection.get("NonKeyAttributes", ())) == set(index.include or ())
    )
