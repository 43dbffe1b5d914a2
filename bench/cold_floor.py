"""The floor of a cold start: boto3, a client, one item."""

import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3

_url = urlsplit(os.environ["QUANTLEAP_STORE"])
_client = boto3.client("dynamodb", endpoint_url=parse_qs(_url.query)["endpoint"][0])


def handler(_: Any, __: object) -> dict[str, int]:
    """One GetItem."""
    key = {"user_id": {"S": "nobody"}, "sort_key": {"S": "nothing"}}
    _client.get_item(TableName=_url.netloc, Key=key)
    return {"statusCode": 200}
