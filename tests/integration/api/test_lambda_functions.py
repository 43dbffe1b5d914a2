"""The three functions of the API: each serves its own routes, logs and counts what it answered, and never fails."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.api.functions import BY_ZEBU, Functions, by_user, event, functions_over
from tests.integration.application.house import ANITA, CONDOR

from quantleap.domain.partners.token_bucket import DEFAULT_LIMIT
from quantleap.entrypoints.api.route import Caller, Function, Route
from quantleap.entrypoints.api.routes.table import ROUTES
from quantleap.entrypoints.lambdas.api_function import ApiFunction

FUNCTIONS = [each.value for each in Function]


@pytest.fixture
def functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Functions]:
    with functions_over(tmp_path, monkeypatch) as made:
        yield made


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was printed since the last look."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def document(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


def any_event(route: Route) -> dict[str, Any]:
    made = event(route.method, route.path.replace("{", "").replace("}", ""), by_user(ANITA))
    made["resource"] = route.path
    made["requestContext"]["authorizer"] |= BY_ZEBU
    return made


@pytest.mark.parametrize("function", FUNCTIONS)
def test_to_a_route_of_another_function_there_is_nothing_and_its_own_is_found(
    functions: Functions, function: str
) -> None:
    started = functions.start(function)
    for route in ROUTES:
        code = document(started.handle(any_event(route), None)).get("code")
        assert (code == "NOT_FOUND") == (route.function != function), route.name


def test_every_route_has_a_function_and_every_path_one_alone() -> None:
    owners: dict[str, set[Function]] = {}
    for route in ROUTES:
        owners.setdefault(route.path, set()).add(route.function)
    assert {len(each) for each in owners.values()} == {1}
    assert set.union(*owners.values()) == set(Function)


def test_a_partner_pauses_its_subscription(functions: Functions) -> None:
    started = functions.start("partner-api-manager")
    path = f"/partner/subscriptions/{functions.subscription_id}/pause"
    answer = started.handle(event("PUT", path), None)
    assert answer["statusCode"] == 200
    assert document(answer)["status"] == "PAUSED"
    assert answer["headers"]["X-RateLimit-Remaining"] == "59"


def test_a_user_reads_its_own_subscription(functions: Functions) -> None:
    started = functions.start("subscription-manager")
    path = f"/options/user/subscriptions/{functions.subscription_id}"
    answer = started.handle(event("GET", path, by_user(ANITA)), None)
    assert answer["statusCode"] == 200
    assert document(answer)["subscription"]["subscription_id"] == functions.subscription_id


def test_a_user_finds_a_template(functions: Functions) -> None:
    started = functions.start("marketplace-manager")
    answer = started.handle(event("GET", f"/options/marketplace/templates/{CONDOR}", by_user(ANITA)), None)
    assert answer["statusCode"] == 200


@pytest.mark.parametrize(
    ("function", "request_line", "status", "allowed"),
    [
        ("partner-api-manager", "GET /partner/nothing/here", 404, None),
        ("partner-api-manager", "GET /", 404, None),
        ("partner-api-manager", "PATCH /partner/subscriptions/sub_zebu_1/pause", 405, "PUT"),
        ("subscription-manager", "PATCH /partner/subscriptions/sub_zebu_1/pause", 404, None),
        ("subscription-manager", "POST /options/user/subscriptions/sub_zebu_1", 405, "DELETE, GET"),
        ("partner-api-manager", "PUT /partner/subscriptions/sub_zebu_1/pause", 404, None),
    ],
)
def test_what_the_gateway_sends_on_without_a_resource_is_told_in_the_envelope(
    functions: Functions, function: str, request_line: str, status: int, allowed: str | None
) -> None:
    method, path = request_line.split()
    stray = event(method, path) | {"resource": "/{proxy+}", "pathParameters": {"proxy": path.removeprefix("/")}}
    answer = functions.start(function).handle(stray, None)
    assert (answer["statusCode"], answer["headers"].get("Allow")) == (status, allowed)
    assert document(answer)["request_id"] == answer["headers"]["X-Request-Id"]


def test_a_function_without_a_store_says_so_in_its_log_and_serves_once_it_has_one(
    functions: Functions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("QUANTLEAP_STORE")
    started = functions.start("partner-api-manager")
    asked = event("GET", f"/partner/subscriptions/{functions.subscription_id}")
    assert lines(capsys)[-1]["exception"] == "MisconfiguredError"
    answer = started.handle(asked, None)
    assert answer["statusCode"] == 500
    assert "QUANTLEAP" not in answer["body"]
    monkeypatch.setenv("QUANTLEAP_STORE", f"sqlite:///{tmp_path / 'store.db'}")
    assert started.handle(asked, None)["statusCode"] == 200


@pytest.mark.parametrize(
    ("setting", "value"),
    [("STORE", "sqlite://oops"), ("STORE", "nonsense"), ("OWNER", "no email"), ("STALENESS", "long")],
)
def test_a_wrong_setting_is_a_fault_of_ours_that_is_logged_and_not_told(
    functions: Functions,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    value: str,
) -> None:
    monkeypatch.setenv(f"QUANTLEAP_{setting}", value)
    started = ApiFunction("partner-api-manager")
    started.prepare()
    answer = started.handle(event("GET", f"/partner/subscriptions/{functions.subscription_id}"), None)
    assert (answer["statusCode"], document(answer)["code"]) == (500, "INTERNAL_ERROR")
    assert setting.lower() not in answer["body"].lower()
    faults = [line["exception"] for line in lines(capsys) if line.get("level") == "ERROR"]
    assert faults == ["MisconfiguredError"] * 2


PARTNER_CONTEXTS: dict[str, Any] = {
    "none": None,
    "a text": "x",
    "a list": ["x"],
    "no partner": {},
    "a malformed partner": {**BY_ZEBU, "partner_id": "x"},
    "a limit of none": {**BY_ZEBU, "rate_limit": "0"},
    "a limit that is no number": {**BY_ZEBU, "rate_limit": "many"},
    "a malformed key": {**BY_ZEBU, "api_key_id": "x"},
    "an unknown permission": {**BY_ZEBU, "permissions": "everything"},
}
USER_CONTEXTS: dict[str, Any] = {
    "none": None,
    "a text": "x",
    "no claims": {},
    "claims as a text": {"claims": "x"},
    "claims as a list": {"claims": ["x"]},
    "claims of nothing": {"claims": {}},
}


@pytest.mark.parametrize(
    ("function", "path", "context"),
    [
        *(("partner-api-manager", "/partner/subscriptions", each) for each in PARTNER_CONTEXTS.values()),
        *(("subscription-manager", "/options/user/subscriptions", each) for each in USER_CONTEXTS.values()),
    ],
    ids=[*(f"partner: {name}" for name in PARTNER_CONTEXTS), *(f"user: {name}" for name in USER_CONTEXTS)],
)
def test_where_the_authorizer_handed_on_nobody_the_caller_is_refused(
    functions: Functions, function: str, path: str, context: Any
) -> None:
    asked = event("GET", path)
    asked["requestContext"]["authorizer"] = context
    answer = functions.start(function).handle(asked, None)
    assert (answer["statusCode"], document(answer)["code"]) == (401, "INVALID_CREDENTIALS")


@pytest.mark.parametrize("body", ["\u00e9", "e", "e30=!", "e3\n0="], ids=repr)
def test_a_body_that_is_no_base_64_where_it_should_be_is_refused(functions: Functions, body: str) -> None:
    asked = event("POST", "/partner/marketplace/subscribe", body={}) | {"body": body, "isBase64Encoded": True}
    answer = functions.start("partner-api-manager").handle(asked, None)
    assert (answer["statusCode"], document(answer)["details"]["field"]) == (400, "body")


def test_a_request_is_one_line_of_the_log(functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    started = functions.start("partner-api-manager")
    answer = started.handle(event("GET", f"/partner/subscriptions/{functions.subscription_id}"), None)
    line, _ = lines(capsys)
    del line["timestamp"], line["location"]
    assert isinstance(line.pop("duration_ms"), int)
    assert line == {
        "level": "INFO",
        "service": "quantleap",
        "function": "partner-api-manager",
        "message": "request",
        "request_id": answer["headers"]["X-Request-Id"],
        "method": "GET",
        "route": "partnerGetSubscription",
        "status": 200,
        "partner_id": "partner_zebu_live",
    }


def test_a_fault_is_logged_by_its_class_and_place_and_without_its_text(
    functions: Functions, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("anita@example.com has the secret")

    monkeypatch.setattr("quantleap.application.subscription_care.SubscriptionCare.pause", fail)
    started = functions.start("partner-api-manager")
    answer = started.handle(event("PUT", f"/partner/subscriptions/{functions.subscription_id}/pause"), None)
    assert answer["statusCode"] == 500
    fault, *_ = lines(capsys)
    assert fault["exception"] == "RuntimeError"
    assert fault["raised_at"][-1].endswith(" fail")
    assert "anita" not in json.dumps(fault)


def figures(line: dict[str, Any]) -> dict[str, Any]:
    """What a line in the embedded metric format counts."""
    spec = line["_aws"]["CloudWatchMetrics"][0]
    assert spec["Namespace"] == "Quantleap"
    assert set(spec["Dimensions"][0]) == {"function", "route", "status", "service"}
    return {each["Name"]: line[each["Name"]][0] for each in spec["Metrics"] if each["Name"] != "Latency"}


def test_requests_are_counted_by_route_and_status_with_throttles_and_refusals(
    functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = event("GET", f"/partner/subscriptions/{functions.subscription_id}")
    stranger = event("GET", f"/partner/subscriptions/{functions.subscription_id}", {})
    started = functions.start("partner-api-manager")
    for each in (stranger, *[asked] * (DEFAULT_LIMIT + 1)):
        started.handle(each, None)
    counted = [line for line in lines(capsys) if "_aws" in line]
    assert [counted[index]["status"] for index in (0, 1, -1)] == ["401", "200", "429"]
    assert {line["route"] for line in counted} == {"partnerGetSubscription"}
    assert figures(counted[0]) == {"Requests": 1, "Throttled": 0, "RefusedAuthentication": 1}
    assert figures(counted[1]) == {"Requests": 1, "Throttled": 0, "RefusedAuthentication": 0}
    assert figures(counted[-1]) == {"Requests": 1, "Throttled": 1, "RefusedAuthentication": 0}


def test_functions_are_for_partners_or_for_users_and_admins() -> None:
    callers = {function: {route.caller for route in ROUTES if route.function == function} for function in Function}
    assert callers[Function.PARTNER_API_MANAGER] == {Caller.PARTNER}
    assert Caller.PARTNER not in callers[Function.MARKETPLACE_MANAGER] | callers[Function.SUBSCRIPTION_MANAGER]
