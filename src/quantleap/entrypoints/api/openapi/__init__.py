"""The API's description in OpenAPI 3.1, made from the route table. Loads pydantic; no request needs it."""

import json
from typing import Any

from openapi_pydantic import OpenAPI
from openapi_pydantic.util import construct_open_api_with_schema_class

from quantleap._version import __version__
from quantleap.entrypoints.api.openapi.headers import HEADERS
from quantleap.entrypoints.api.openapi.operations import paths_of
from quantleap.entrypoints.api.openapi.refused import refusal_examples
from quantleap.entrypoints.api.openapi.security import SECURITY_SCHEMES
from quantleap.entrypoints.api.route import Caller
from quantleap.entrypoints.api.routes.table import ROUTES

_ABOUT = """\
A marketplace of options-trading strategies in India: partners and users subscribe, the strategies trade in the users'
own broker accounts.

Bodies are JSON in UTF-8 of at most 64 KiB. Times are RFC 3339 in UTC. Amounts are exact numbers in the currency's major
unit. A body's key or a query parameter that a route does not know is refused. Every answer carries `X-Request-Id`;
every refusal has the form of `Refusal`.
"""

_TAGS = {
    Caller.PARTNER: "Servers of partners, on the subscriptions of their own users: Partner API v1.0 and what followed.",
    Caller.USER: "Subscribers, on what is theirs.",
    Caller.ADMIN: "Those who author templates and manage partners.",
}


def specification() -> dict[str, Any]:
    """The whole description, in the order of the route table."""
    described = OpenAPI.model_validate(
        {
            "openapi": "3.1.1",
            "info": {"title": "QuantLeap", "version": __version__, "description": _ABOUT},
            "servers": [{"url": "/"}],
            "tags": [{"name": caller, "description": about} for caller, about in _TAGS.items()],
            "paths": paths_of(ROUTES),
            "components": {
                "securitySchemes": SECURITY_SCHEMES,
                "headers": HEADERS,
                "examples": refusal_examples(),
            },
        }
    )
    whole = construct_open_api_with_schema_class(described)
    return whole.model_dump(by_alias=True, exclude_unset=True, mode="json")


def specification_text() -> str:
    """The same as indented JSON."""
    return json.dumps(specification(), indent=2, ensure_ascii=False)
