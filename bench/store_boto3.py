"""The operations by boto3's client as it comes, with its own serializer and deserializer of values."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from bench.store_operations import CHARGED_AT, PAGE, PARTITION, STATUS_PREFIX, TABLE
from bench.store_sample import Subscribed
from quantleap.adapters.store.seam import Item
from quantleap.adapters.store.table import PARTNER_SUBSCRIPTIONS

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_CHARGE = "SET #periods = :next, #charged_at = :charged_at, #version = #version + :one"
_STILL_DUE = "#status IN (:active, :paused) AND attribute_not_exists(#parked) AND #periods = :charged"
_CHARGE_NAMES = {
    "#periods": "periods_charged",
    "#charged_at": "charged_at",
    "#version": "version",
    "#status": "status",
    "#parked": "parked",
}
_ABSENT = "attribute_not_exists(user_id)"


class Boto3Operations:
    """Requests written by hand, values in and out by `boto3.dynamodb.types`."""

    def __init__(self, region: str, endpoint: str, own: Subscribed, to_write: Sequence[Subscribed]) -> None:
        self._client: DynamoDBClient = boto3.client("dynamodb", region_name=region, endpoint_url=endpoint)
        self._serialize = TypeSerializer().serialize
        self._deserialize = TypeDeserializer().deserialize
        self._own = own.key
        self._charged = 0
        self._to_write = iter(to_write)

    def get(self) -> dict[str, Any]:
        """See `Operations.get`."""
        answer = self._client.get_item(TableName=TABLE, Key=self._key(), ConsistentRead=True)
        return self._read(answer["Item"])

    def page(self) -> list[dict[str, Any]]:
        """See `Operations.page`."""
        answer = self._client.query(
            TableName=TABLE,
            IndexName=PARTNER_SUBSCRIPTIONS.name,
            KeyConditionExpression="#partition = :partition AND begins_with(#sort, :prefix)",
            ExpressionAttributeNames={
                "#partition": PARTNER_SUBSCRIPTIONS.partition,
                "#sort": PARTNER_SUBSCRIPTIONS.sort,
            },
            ExpressionAttributeValues=self._written({":partition": PARTITION, ":prefix": STATUS_PREFIX}),
            ScanIndexForward=False,
            Limit=PAGE,
        )
        return [self._read(item) for item in answer["Items"]]

    def update(self) -> dict[str, Any]:
        """See `Operations.update`."""
        charged, self._charged = self._charged, self._charged + 1
        values = {
            ":next": charged + 1,
            ":charged": charged,
            ":charged_at": CHARGED_AT,
            ":one": 1,
            ":active": "ACTIVE",
            ":paused": "PAUSED",
        }
        answer = self._client.update_item(
            TableName=TABLE,
            Key=self._key(),
            UpdateExpression=_CHARGE,
            ConditionExpression=_STILL_DUE,
            ExpressionAttributeNames=_CHARGE_NAMES,
            ExpressionAttributeValues=self._written(values),
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        return self._read(answer["Attributes"])

    def transact(self) -> None:
        """See `Operations.transact`."""
        new = next(self._to_write)
        self._client.transact_write_items(
            TransactItems=[
                *(self._put_of_new(item) for item in (new.marker, new.subscription, new.location)),
                {"Put": {"TableName": TABLE, "Item": self._written(new.allocation)}},
            ]
        )

    def plain(self, record: object) -> Item:
        """Its Decimals equal the integers they stand for."""
        assert isinstance(record, dict)
        return record

    def _key(self) -> dict[str, Any]:
        return self._written({"user_id": self._own.partition, "sort_key": self._own.sort})

    def _put_of_new(self, item: Item) -> Any:
        return {
            "Put": {
                "TableName": TABLE,
                "Item": self._written(item),
                "ConditionExpression": _ABSENT,
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def _written(self, values: Mapping[str, object]) -> dict[str, Any]:
        return {name: self._serialize(value) for name, value in values.items()}

    def _read(self, item: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._deserialize(value) for name, value in item.items()}
