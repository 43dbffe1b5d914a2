"""The request that makes the table says what the one description says, and nothing more."""

import pytest

from quantleap.adapters.store.engines.dynamodb_table import create_table_request, index_request
from quantleap.adapters.store.table import INDEXES, PARTITION_KEY, SORT_KEY, STREAM_VIEW, Index

REQUEST = create_table_request("Table")


def keys(holder: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    return [(part["AttributeName"], part["KeyType"]) for part in holder["KeySchema"]]


def test_the_table_has_its_keys_its_stream_its_encryption_and_no_capacity_to_set() -> None:
    assert keys(REQUEST) == [(PARTITION_KEY, "HASH"), (SORT_KEY, "RANGE")]
    assert {name: value for name, value in REQUEST.items() if name not in ("KeySchema", "AttributeDefinitions")} == {
        "TableName": "Table",
        "BillingMode": "PAY_PER_REQUEST",
        "GlobalSecondaryIndexes": [index_request(index) for index in INDEXES],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": STREAM_VIEW},
        "SSESpecification": {"Enabled": True, "SSEType": "KMS"},
    }


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_an_index_has_its_keys_and_its_projection(index: Index) -> None:
    request = index_request(index)
    projection = request.pop("Projection")
    assert keys(request) == [(index.partition, "HASH"), (index.sort, "RANGE")]
    assert request.pop("KeySchema")
    assert request == {"IndexName": index.name}
    if index.include is None:
        assert projection == {"ProjectionType": "ALL"}
    else:
        assert projection.keys() == {"ProjectionType", "NonKeyAttributes"}
        assert projection["ProjectionType"] == "INCLUDE"
        assert sorted(index.include) == projection["NonKeyAttributes"]


def test_every_key_is_defined_once_by_its_type_and_no_other_attribute_is() -> None:
    numbers = {index.sort for index in INDEXES if index.numeric_sort}
    names = {PARTITION_KEY, SORT_KEY} | {name for index in INDEXES for name in (index.partition, index.sort)}
    assert REQUEST["AttributeDefinitions"] == [
        {"AttributeName": name, "AttributeType": "N" if name in numbers else "S"} for name in sorted(names)
    ]


def test_two_requests_share_nothing_that_can_change() -> None:
    other = create_table_request("Other")
    other["KeySchema"].clear()
    other["GlobalSecondaryIndexes"].clear()
    assert create_table_request("Table") == REQUEST
