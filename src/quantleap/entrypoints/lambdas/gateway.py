"""API Gateway's REST proxy events, payload format 1.0: in as requests, out as answers."""

import base64
from collections.abc import Mapping
from typing import Any

from quantleap.domain.principals import Principal
from quantleap.entrypoints.api.callers import partner_of_context, principal_of_claims
from quantleap.entrypoints.api.request import REQUEST_ID_HEADER, USUAL_HEADERS, Request, Response
from quantleap.entrypoints.api.route import Caller, Route

JSON_TYPE = "application/json"

DENIAL = ("error", "message", "code", "request_id")
"""What the authorizer's refusal has in its context, for the gateway to answer with."""


def request_of(event: Mapping[str, Any], request_id: str) -> Request:
    """The request of an event."""
    return Request(
        request_id=request_id,
        path_parameters=event.get("pathParameters") or {},
        query=_values(event.get("multiValueQueryStringParameters")),
        headers={name.lower(): values for name, values in _values(event.get("multiValueHeaders")).items()},
        body=_body(event),
    )


def principal_of(event: Mapping[str, Any], route: Route) -> Principal:
    """Whom the route's authorizer found the caller to be. Raises InvalidCredentialsError, PermissionDeniedError."""
    context = _mapping(event["requestContext"].get("authorizer"))
    if route.caller is Caller.PARTNER:
        return partner_of_context(context)
    return principal_of_claims(_mapping(context.get("claims")), route.caller)


def answer_of(response: Response, request_id: str) -> dict[str, Any]:
    """The answer as API Gateway takes it."""
    headers = {**USUAL_HEADERS, **response.headers, "Content-Type": JSON_TYPE, REQUEST_ID_HEADER: request_id}
    return {"statusCode": response.status, "headers": headers, "body": response.text, "isBase64Encoded": False}


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}


def _values(given: Mapping[str, list[str]] | None) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in (given or {}).items()}


def _body(event: Mapping[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        return b"\xff"  # no JSON, so that it is refused as such
