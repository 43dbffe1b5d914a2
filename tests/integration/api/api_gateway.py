"""Plays API Gateway's REST API: which resource a path falls under, the events it makes, what it answers by itself."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from quantleap.entrypoints.api.routes.table import EVERY_ROUTE
from quantleap.entrypoints.lambdas.gateway_responses import GATEWAY_RESPONSES

STAGE = "v1"
API_ARN = "arn:aws:execute-api:ap-south-1:123456789012:abcdef1234"

DEFAULT_STATUS = {"DEFAULT_4XX": 403, "DEFAULT_5XX": 500}


def event_of(
    method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes, request_id: str
) -> dict[str, Any]:
    """The event, before its authorizer ran. Text that is UTF-8 comes as it is, other bytes in base64."""
    path, _, query = target.partition("?")
    resource, path_parameters = _resource_of(path)
    try:
        text, is_base64 = body.decode(), False
    except UnicodeDecodeError:
        text, is_base64 = base64.b64encode(body).decode(), True
    multi_headers = _grouped(headers)
    multi_query = _grouped(parse_qsl(query, keep_blank_values=True))
    return {
        "methodArn": f"{API_ARN}/{STAGE}/{method}{path}",
        "resource": resource,
        "path": unquote(path),
        "httpMethod": method,
        "headers": {name: values[-1] for name, values in multi_headers.items()} or None,
        "multiValueHeaders": multi_headers or None,
        "queryStringParameters": {name: values[-1] for name, values in multi_query.items()} or None,
        "multiValueQueryStringParameters": multi_query or None,
        "pathParameters": path_parameters or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/{STAGE}{unquote(path)}",
            "stage": STAGE,
            "requestId": request_id,
            "identity": {"sourceIp": "127.0.0.1", "userAgent": "a test"},
        },
        "body": text or None,
        "isBase64Encoded": is_base64,
    }


def _resource_of(path: str) -> tuple[str, dict[str, str]]:
    """The resource that a path falls under, and the values of its variables; a name goes before a variable."""
    sent = path.split("/")
    for resource in sorted(EVERY_ROUTE.by_path, key=_variables_last):
        steps = resource.split("/")
        if len(steps) == len(sent) and all(_fits(step, given) for step, given in zip(steps, sent, strict=True)):
            values = {step[1:-1]: unquote(given) for step, given in zip(steps, sent, strict=True) if step[:1] == "{"}
            return resource, values
    return "/{proxy+}", {"proxy": unquote(path).removeprefix("/")}


def _variables_last(resource: str) -> list[tuple[bool, str]]:
    return [(step[:1] == "{", step) for step in resource.split("/")]


def _fits(step: str, given: str) -> bool:
    return bool(given) if step[:1] == "{" else step == given


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def claims_of(claims: Mapping[str, object]) -> dict[str, str]:
    """A token's claims as the Cognito authorizer hands them on: as texts."""
    return {name: _claim_text(value) for name, value in claims.items()}


def _claim_text(claim: object) -> str:
    return ",".join(claim) if isinstance(claim, list) else str(claim).lower() if isinstance(claim, bool) else str(claim)


def gateway_response(
    kind: str, request_id: str, authorizer: Mapping[str, str] | None = None
) -> tuple[int, dict[str, str], str]:
    """What the gateway answers by itself: values of the request's context put in the places of a template."""
    response = GATEWAY_RESPONSES[kind]
    places = {f"context.authorizer.{name}": value for name, value in (authorizer or {}).items()}
    places["context.requestId"] = request_id
    text = response.template
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(f"${place}", json.dumps(places[place])[1:-1])
    headers = {name: places.get(value, value.strip("'")) for name, value in response.headers.items()}
    return response.status or DEFAULT_STATUS[kind], {"Content-Type": "application/json", **headers}, text
