"""What a function costs that is written with FastAPI and Mangum: one route, one model, one item."""

import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

_url = urlsplit(os.environ["QUANTLEAP_STORE"])
_client = boto3.client("dynamodb", endpoint_url=parse_qs(_url.query)["endpoint"][0])

app = FastAPI()


class Subscription(BaseModel):
    """Of a subscription as much as is needed to answer."""

    subscription_id: str
    status: str


@app.get("/partner/subscriptions/{subscription_id}")
def subscription(subscription_id: str) -> Subscription:
    """One GetItem."""
    key = {"user_id": {"S": "nobody"}, "sort_key": {"S": subscription_id}}
    _client.get_item(TableName=_url.netloc, Key=key)
    return Subscription(subscription_id=subscription_id, status="ACTIVE")


_mangum = Mangum(app, lifespan="off")


def handler(event: Any, context: Any) -> dict[str, Any]:
    """What Lambda calls."""
    answer: dict[str, Any] = _mangum(event, context)
    return answer
