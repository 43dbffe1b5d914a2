"""Headers of answers and requests."""

from collections.abc import Mapping
from typing import Any

from quantleap.domain.identifiers import FORMS
from quantleap.entrypoints.api.errors import BUSY, RATE_LIMITED, UNAUTHORIZED, UNAVAILABLE
from quantleap.entrypoints.api.once import KEY_HEADER, KEY_PATTERN, MAX_KEY_CHARS, REPLAYED_HEADER
from quantleap.entrypoints.api.request import REQUEST_ID_HEADER
from quantleap.entrypoints.api.route import Caller, Route

_BEFORE_THE_PARTNER_IS_KNOWN = frozenset({400, 408, 500, 503})
"""Statuses of refusals that may come before it is known whose bucket counts."""

_COUNT = {"type": "integer", "minimum": 0}


def _always(about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": about, "required": True, "schema": schema}


def _at_times(about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": about, "schema": schema}


_LIMITS = {
    "X-RateLimit-Limit": "Requests a minute that the partner may make.",
    "X-RateLimit-Remaining": "Tokens left in its bucket.",
    "X-RateLimit-Reset": "The Unix second by which the bucket is full again.",
}
_MAYBE = "Maybe-"
_IF_KNOWN = "There once the partner is known."

HEADERS: Mapping[str, Any] = {
    REQUEST_ID_HEADER: _always("Names the request.", {"type": "string", "pattern": f"^{FORMS['request_id']}$"}),
    **{name: _always(about, _COUNT) for name, about in _LIMITS.items()},
    **{
        _MAYBE + name: _at_times(f"{about} Absent while the partner is not known.", _COUNT)
        for name, about in _LIMITS.items()
    },
    "Retry-After": _always("Seconds after which asking again can succeed.", _COUNT),
    f"{_MAYBE}Retry-After": _at_times("Seconds after which to ask again, where that can succeed.", _COUNT),
    REPLAYED_HEADER: _at_times("There where an earlier answer is given again.", {"enum": ["true"]}),
}
"""The components that responses refer to."""


def headers_of(route: Route, status: int) -> dict[str, Any]:
    """Those that a route's answer of that status may carry."""
    found = {REQUEST_ID_HEADER: REQUEST_ID_HEADER}
    if route.caller is Caller.PARTNER and status != UNAUTHORIZED.status:
        prefix = _MAYBE if status in _BEFORE_THE_PARTNER_IS_KNOWN else ""
        found |= {name: prefix + name for name in _LIMITS}
    if status in (RATE_LIMITED.status, UNAVAILABLE.status):
        found["Retry-After"] = "Retry-After"
    if status == BUSY.status:
        found["Retry-After"] = f"{_MAYBE}Retry-After"
    if route.takes_idempotency_key and status == route.status:
        found[REPLAYED_HEADER] = REPLAYED_HEADER
    return {name: {"$ref": f"#/components/headers/{component}"} for name, component in found.items()}


def idempotency_key() -> dict[str, Any]:
    """The request header of routes that change something, as a parameter."""
    return {
        "name": KEY_HEADER,
        "in": "header",
        "description": "Makes a repeat within 24 hours safe: the same key and body get the first answer again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARS, "pattern": KEY_PATTERN},
    }
