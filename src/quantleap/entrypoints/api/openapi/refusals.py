"""Which refusals a route may answer with, by status: those of its use case, of its caller and of every request."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quantleap.domain.errors import (
    IdempotencyKeyReusedError,
    InvalidCredentialsError,
    InvalidInputError,
    KeyExpiredError,
    KeyRevokedError,
    PermissionDeniedError,
    QuantleapError,
    RateLimitExceededError,
    SecretShownBeforeError,
)
from quantleap.entrypoints.api.errors import TOLD, told
from quantleap.entrypoints.api.openapi.headers import headers_of
from quantleap.entrypoints.api.openapi.references import reference_to
from quantleap.entrypoints.api.openapi.refused import example_name
from quantleap.entrypoints.api.problems import (
    BodyTooLargeError,
    MalformedRequestError,
    SlowBodyError,
    UnsupportedMediaTypeError,
)
from quantleap.entrypoints.api.route import Caller, Route
from quantleap.entrypoints.api.schemas.refusals import Refusal
from quantleap.ports.errors import BusyError, UnavailableError

_OF_EVERY_REQUEST = (
    InvalidInputError,
    MalformedRequestError,
    InvalidCredentialsError,
    SlowBodyError,
    BodyTooLargeError,
    UnsupportedMediaTypeError,
    UnavailableError,
    QuantleapError,
)
_OF_PARTNERS = (KeyExpiredError, KeyRevokedError, PermissionDeniedError, RateLimitExceededError)
_OF_CHANGES = (IdempotencyKeyReusedError, BusyError)


def refusals_of(route: Route) -> dict[str, Any]:
    """The responses that are refusals, by status."""
    by_status: dict[int, list[type[QuantleapError]]] = defaultdict(list)
    for kind in dict.fromkeys(_kinds_of(route)):
        by_status[told(kind).status].append(kind)
    return {str(status): _response(route, status, kinds) for status, kinds in sorted(by_status.items())}


def _kinds_of(route: Route) -> Iterator[type[QuantleapError]]:
    yield from _OF_EVERY_REQUEST
    yield from route.may_refuse
    if route.caller is Caller.PARTNER:
        yield from _OF_PARTNERS
    if route.caller is Caller.ADMIN:
        yield PermissionDeniedError
    if route.takes_idempotency_key:
        yield from _OF_CHANGES
    if route.secret_of is not None:
        yield SecretShownBeforeError


def _code(kind: type[QuantleapError]) -> str:
    return QuantleapError.code if told(kind) is TOLD[QuantleapError] else kind.code


def _response(route: Route, status: int, kinds: Sequence[type[QuantleapError]]) -> Mapping[str, Any]:
    examples = {name: {"$ref": f"#/components/examples/{name}"} for name in map(example_name, kinds)}
    return {
        "description": f"Refused, by `code`: {', '.join(f'`{code}`' for code in sorted(set(map(_code, kinds))))}",
        "headers": headers_of(route, status),
        "content": {"application/json": {"schema": reference_to(Refusal), "examples": examples}},
    }
