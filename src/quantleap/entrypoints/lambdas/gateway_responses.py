"""What API Gateway itself answers, before any function is called, as the envelope of the API.

`GATEWAY_RESPONSES` is what the stack sets: by the gateway's name of a refusal, its status, headers and body. Source:
Amazon API Gateway, gateway response types. A template there can only put values of the request's context in its places,
so that a body has no details, and a `request_id` of the gateway's where none of ours was made.
"""

from collections.abc import Mapping

from attrs import evolve, frozen

from quantleap.domain.errors import InvalidCredentialsError, QuantleapError
from quantleap.entrypoints.api.errors import (
    BAD_REQUEST,
    CHALLENGE,
    FORBIDDEN,
    RATE_LIMITED,
    RETRY_AFTER_S,
    UNAUTHORIZED,
    Told,
    refusal,
)
from quantleap.entrypoints.api.problems import BodyTooLargeError, RouteNotFoundError, UnsupportedMediaTypeError
from quantleap.entrypoints.api.request import MAX_BODY_BYTES, REQUEST_ID_HEADER, USUAL_HEADERS
from quantleap.entrypoints.exact_json import json_line
from quantleap.entrypoints.lambdas.gateway import DENIAL
from quantleap.ports.errors import UnavailableError

AUTHORIZER_TTL_S = 5
"""For how long the gateway keeps what the authorizer said of a key pair: as late as that, on top of the application's
own staleness, a revoked one is refused.
"""

IDENTITY_SOURCES = ("Authorization", "X-Partner-Secret")
"""The headers by which it keeps that. A request that lacks one is UNAUTHORIZED, and no function is called."""

_OF_GATEWAY = "context.requestId"
_OF_AUTHORIZER = "context.authorizer.request_id"


@frozen
class GatewayResponse:
    """`status` None: the one that the gateway has by itself, which for a default is that of many kinds.

    The value of a header is a place in the request's context, or a text in single quotes.
    """

    status: int | None
    template: str
    headers: Mapping[str, str]


def _quoted(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: f"'{value}'" for name, value in headers.items()}


_USUAL = _quoted(USUAL_HEADERS)


def _of(error: QuantleapError) -> GatewayResponse:
    """As functions tell that error."""
    answer = refusal(error, f"${_OF_GATEWAY}")
    return GatewayResponse(
        answer.status, answer.text, {**_USUAL, REQUEST_ID_HEADER: _OF_GATEWAY, **_quoted(answer.headers)}
    )


def _saying(message: str, code: str, told: Told, status: int | None, **headers: str) -> GatewayResponse:
    envelope = {"error": told.error, "message": message, "code": code, "request_id": f"${_OF_GATEWAY}"}
    return GatewayResponse(status, json_line(envelope), {**_USUAL, REQUEST_ID_HEADER: _OF_GATEWAY, **headers})


_DENIED = GatewayResponse(
    UNAUTHORIZED.status,
    json_line({name: f"$context.authorizer.{name}" for name in DENIAL}),
    {**_USUAL, REQUEST_ID_HEADER: _OF_AUTHORIZER, "WWW-Authenticate": f"'{CHALLENGE}'"},
)
_NOBODY = _of(InvalidCredentialsError())
_NOWHERE = _of(RouteNotFoundError())
_FAULT = _of(QuantleapError())
_UNAVAILABLE = _of(UnavailableError("a fault of the gateway or of a function"))
_BAD = ("The request cannot be read", "BAD_REQUEST", BAD_REQUEST)
_FORBIDDEN = _saying("This may not be done", "FORBIDDEN", FORBIDDEN, FORBIDDEN.status)
_THROTTLED = _saying(
    f"Too many requests; ask again in {RETRY_AFTER_S} s",
    "RATE_LIMIT_EXCEEDED",
    RATE_LIMITED,
    RATE_LIMITED.status,
    **{"Retry-After": f"'{RETRY_AFTER_S}'"},
)

GATEWAY_RESPONSES: Mapping[str, GatewayResponse] = {
    "ACCESS_DENIED": _DENIED,
    "API_CONFIGURATION_ERROR": _FAULT,
    "AUTHORIZER_CONFIGURATION_ERROR": _FAULT,
    "AUTHORIZER_FAILURE": _UNAVAILABLE,
    "BAD_REQUEST_BODY": _saying(*_BAD, BAD_REQUEST.status),
    "BAD_REQUEST_PARAMETERS": _saying(*_BAD, BAD_REQUEST.status),
    "DEFAULT_4XX": _saying(*_BAD, None),
    "DEFAULT_5XX": evolve(_FAULT, status=None),
    "EXPIRED_TOKEN": _NOBODY,
    "INTEGRATION_FAILURE": _UNAVAILABLE,
    "INTEGRATION_TIMEOUT": _UNAVAILABLE,
    "INVALID_API_KEY": _FORBIDDEN,
    "INVALID_SIGNATURE": _NOBODY,
    "MISSING_AUTHENTICATION_TOKEN": _NOWHERE,
    "QUOTA_EXCEEDED": _THROTTLED,
    "REQUEST_TOO_LARGE": _of(BodyTooLargeError(MAX_BODY_BYTES)),
    "RESOURCE_NOT_FOUND": _NOWHERE,
    "THROTTLED": _THROTTLED,
    "UNAUTHORIZED": _NOBODY,
    "UNSUPPORTED_MEDIA_TYPE": _of(UnsupportedMediaTypeError()),
    "WAF_FILTERED": _FORBIDDEN,
}
"""Each kind there is. MISSING_AUTHENTICATION_TOKEN is what the gateway calls a path or method that it has not."""
