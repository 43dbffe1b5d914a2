"""What partners and users have written clients against is answered as it was, and a break of it would be found."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from tools.api_breaks import breaks

from quantleap.entrypoints.api.openapi import specification
from quantleap.entrypoints.api.routes.table import ROUTES

PUBLISHED: dict[str, Any] = json.loads(Path(__file__).with_name("published_api.json").read_text(encoding="utf-8"))

SUBSCRIBE = ("paths", "/partner/marketplace/subscribe", "post")
TEMPLATES = ("paths", "/partner/marketplace/templates", "get")
PAUSE = ("paths", "/partner/subscriptions/{subscription_id}/pause", "put")
CONTENT = ("content", "application/json", "schema")
BODY = (*SUBSCRIBE, "requestBody", *CONTENT)
MADE = (*SUBSCRIBE, "responses", "201", *CONTENT)
LISTED = (*TEMPLATES, "responses", "200", *CONTENT)
FOUND = (*LISTED, "properties", "templates", "items")
REVISED = ("paths", "/admin/marketplace/templates/{basket_id}", "put", "requestBody", *CONTENT, "properties")
PERMISSIONS = ("paths", "/admin/partner-api-keys", "post", "requestBody", *CONTENT, "properties", "permissions")
STATUS, LIMIT = (*TEMPLATES, "parameters", 0), (*TEMPLATES, "parameters", 3)

Change = Callable[[Any], object]


def changed(place: tuple[str | int, ...], change: Change) -> dict[str, Any]:
    """The published document with one thing that is otherwise."""
    document = deepcopy(PUBLISHED)
    at: Any = document
    for step in place:
        at = at[step]
    change(at)
    return document


def without(name: str) -> Change:
    return lambda at: at.pop(name)


def with_(**more: Any) -> Change:
    return lambda at: at.update(more)


def or_null(**schema: Any) -> Change:
    """The place's schema, as alternatives."""

    def change(at: dict[str, Any]) -> None:
        at.clear()
        at["anyOf"] = [schema, {"type": "null"}]

    return change


def less(value: object) -> Change:
    return lambda at: at.remove(value)


def more(value: object) -> Change:
    return lambda at: at.append(value)


BREAKS: dict[str, tuple[tuple[str | int, ...], Change, str]] = {
    "a path is gone": (("paths",), without(PAUSE[1]), "is gone"),
    "a method is gone": (PAUSE[:2], without("put"), "is gone"),
    "others may call": (SUBSCRIBE, with_(security=[{"userToken": []}]), "is authenticated otherwise"),
    "a parameter is gone": ((*TEMPLATES, "parameters"), lambda at: at.pop(0), "parameter status is gone"),
    "a parameter is required": (STATUS, with_(required=True), "parameter status is required now"),
    "a new parameter is required": (
        (*TEMPLATES, "parameters"),
        more({"name": "new", "in": "query", "required": True, "schema": {"type": "string"}}),
        "parameter new is required now",
    ),
    "a parameter takes fewer words": ((*STATUS, "schema", "enum"), less("inactive"), "status takes inactive no more"),
    "a parameter has another type": ((*LIMIT, "schema"), with_(type="string"), "limit may not be integer any more"),
    "a parameter has a lower bound": ((*LIMIT, "schema"), with_(maximum=50), "limit has a lower maximum"),
    "a parameter has a higher bound": ((*LIMIT, "schema"), with_(minimum=10), "limit has a higher minimum"),
    "a parameter has another default": ((*LIMIT, "schema"), with_(default=50), "limit has another default"),
    "no body is taken": (SUBSCRIBE, without("requestBody"), "takes no body any more"),
    "a body is taken where none was": (
        PAUSE,
        with_(requestBody={"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}),
        "a body is required now",
    ),
    "a field is required": ((*BODY, "required"), more("metadata"), "body.metadata is required now"),
    "a new field is required": (BODY, lambda at: at["required"].append("plan"), "body.plan is required now"),
    "a field is not taken": ((*BODY, "properties"), without("metadata"), "body.metadata is not taken any more"),
    "a field takes fewer words": (
        (*BODY, "properties", "basket_id"),
        with_(enum=["one"]),
        "body.basket_id takes a few values only",
    ),
    "a field has another type": (
        (*BODY, "properties", "custom_lot_multiplier"),
        with_(type="string"),
        "body.custom_lot_multiplier may not be number any more",
    ),
    "a field has a tighter bound": (
        (*BODY, "properties", "custom_lot_multiplier"),
        with_(maximum=5),
        "body.custom_lot_multiplier has a lower maximum",
    ),
    "a list takes fewer words": (
        (*PERMISSIONS, "items", "enum"),
        less("webhooks:write"),
        "body.permissions[] takes webhooks:write no more",
    ),
    "an alternative takes fewer words": (
        (*REVISED, "risk_level"),
        or_null(type="string", enum=["low", "medium"]),
        "body.risk_level takes high no more",
    ),
    "an alternative has a tighter bound": (
        (*REVISED, "expected_return_monthly"),
        or_null(type="number", minimum=-1000, maximum=100),
        "body.expected_return_monthly has a lower maximum",
    ),
    "a list that is an alternative takes fewer words": (
        PERMISSIONS,
        or_null(type="array", items={"type": "string", "enum": ["marketplace:read"]}),
        "no more",
    ),
    "an alternative lacks a field": (
        (*REVISED, "performance_metrics"),
        or_null(type="object", properties={}),
        "is not taken any more",
    ),
    "an alternative requires a new field": (
        (*REVISED, "performance_metrics"),
        lambda at: or_null(**at, required=["win_rate"])(at),
        "body.performance_metrics.win_rate is required now",
    ),
    "a status is gone": ((*SUBSCRIBE, "responses"), without("409"), "answers no 409 any more"),
    "a good status is another": (
        (*SUBSCRIBE, "responses"),
        lambda at: at.update({"200": at.pop("201")}),
        "answers no 201 any more",
    ),
    "a header is gone": (
        (*SUBSCRIBE, "responses", "201", "headers"),
        without("X-RateLimit-Reset"),
        "201 lacks the header X-RateLimit-Reset",
    ),
    "an answer's field is gone": ((*MADE, "properties"), without("user_id"), "201.user_id is gone"),
    "an answer's field may be absent": ((*MADE, "required"), less("status"), "201.status may be absent now"),
    "an answer's field may be null": (
        (*MADE, "properties", "user_id"),
        with_(type=["string", "null"]),
        "201.user_id may be null now",
    ),
    "an answer's field has another type": (
        (*MADE, "properties", "subscription_price"),
        with_(type="string"),
        "201.subscription_price may be string now",
    ),
    "an answer's field says more words": (
        (*MADE, "properties", "status", "enum"),
        more("FROZEN"),
        "201.status may be FROZEN now",
    ),
    "an answer's field has another format": (
        (*MADE, "properties", "subscribed_at"),
        with_(format="date"),
        "201.subscribed_at has another format",
    ),
    "a field inside a list is gone": (
        (*FOUND, "properties"),
        without("basket_name"),
        "200.templates[].basket_name is gone",
    ),
    "the envelope lacks a field": (
        ("components", "schemas", "Refusal", "properties"),
        without("request_id"),
        "request_id is gone",
    ),
}

HARMLESS: dict[str, tuple[tuple[str | int, ...], Change]] = {
    "a further path": (("paths",), with_(**{"/partner/new": {"get": {"responses": {}}}})),
    "a further parameter": ((*TEMPLATES, "parameters"), more({"name": "new", "in": "query", "schema": {}})),
    "a further word is taken": ((*STATUS, "schema", "enum"), more("retired")),
    "a wider bound": ((*LIMIT, "schema"), with_(maximum=1000)),
    "a further field is taken": ((*BODY, "properties"), with_(plan={"type": "string"})),
    "a list takes further words": ((*PERMISSIONS, "items", "enum"), more("billing:read")),
    "the same as alternatives": (
        (*REVISED, "risk_level"),
        or_null(type="string", enum=["low", "medium", "high"]),
    ),
    "an alternative of any words": ((*REVISED, "risk_level"), or_null(type="string")),
    "a field need not be sent": ((*BODY, "required"), less("broker_account_id")),
    "a further field is answered": ((*MADE, "properties"), with_(plan={"type": "string"})),
    "a field is always answered": ((*MADE, "required"), more("metadata")),
    "fewer words are answered": ((*MADE, "properties", "status", "enum"), less("EXPIRED")),
    "a further status": ((*SUBSCRIBE, "responses"), with_(**{"503": {"description": "later"}})),
    "what is null no more": ((*MADE, "properties", "paused_at"), with_(type="string")),
}


def test_what_is_published_is_what_the_routes_say_is() -> None:
    """So none is left out of the comparison below."""
    kept = {(method.upper(), path) for path, methods in PUBLISHED["paths"].items() for method in methods}
    assert kept == {(route.method, route.path) for route in ROUTES if route.is_published}


def test_nothing_that_is_published_is_broken() -> None:
    assert breaks(PUBLISHED, specification()) == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_found(name: str) -> None:
    place, change, told = BREAKS[name]
    found = breaks(PUBLISHED, changed(place, change))
    assert found
    assert all(each.endswith(told) for each in found), found


@pytest.mark.parametrize("name", HARMLESS)
def test_what_no_client_can_mind_is_no_break(name: str) -> None:
    assert breaks(PUBLISHED, changed(*HARMLESS[name])) == []
