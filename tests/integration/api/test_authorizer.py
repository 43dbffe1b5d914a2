"""The authorizer of partners' routes: what it lets in, what it says of the rest, and what API Gateway makes of that."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.integration.application.house import ADMIN, ZEBU, House, refusal

from quantleap.application.partnering import IssuedKey
from quantleap.composition import World
from quantleap.domain.errors import AuthenticationError, InvalidCredentialsError, KeyExpiredError, KeyRevokedError
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import PartnerBackend
from quantleap.entrypoints.api import errors
from quantleap.entrypoints.api.callers import partner_context, partner_of_context
from quantleap.entrypoints.lambdas.authorizing import Authorizer, policy
from quantleap.entrypoints.lambdas.gateway import DENIAL
from quantleap.entrypoints.lambdas.gateway_responses import GATEWAY_RESPONSES
from quantleap.ports.errors import MisconfiguredError, UnavailableError

API = "arn:aws:execute-api:ap-south-1:123456789012:abcdef1234"
REQUEST_ID = "req_a7f3e2b1c4d5"


@pytest.fixture
def issued(house: House) -> IssuedKey:
    return house.app.partners.issue(ADMIN, ZEBU)


def event_of(
    headers: Mapping[str, str | list[str]], method_arn: str = f"{API}/v1/PUT/partner/x/pause"
) -> dict[str, Any]:
    """As API Gateway asks of a REQUEST authorizer."""
    several = {name: values if isinstance(values, list) else [values] for name, values in headers.items()}
    return {
        "type": "REQUEST",
        "methodArn": method_arn,
        "resource": "/partner/subscriptions/{subscription_id}/pause",
        "path": "/partner/subscriptions/sub_zebu_9f3c7a21/pause",
        "httpMethod": "PUT",
        "headers": {name: values[-1] for name, values in several.items()},
        "multiValueHeaders": several,
        "queryStringParameters": {},
        "multiValueQueryStringParameters": {},
        "pathParameters": {"subscription_id": "sub_zebu_9f3c7a21"},
        "stageVariables": {},
        "requestContext": {"stage": "v1", "requestId": "6f1c2a9e-0c1d-4f7e-9a55-2b7d3c4e5f60"},
    }


def headers_of(issued: IssuedKey) -> dict[str, str]:
    return {"Authorization": f"Bearer {issued.key.api_key}", "X-Partner-Secret": issued.secret}


def effect_of(answer: Mapping[str, Any]) -> str:
    [statement] = answer["policyDocument"]["Statement"]
    effect: str = statement["Effect"]
    return effect


# Who is let in


def test_a_key_pair_opens_every_partner_s_route_of_the_stage_and_of_no_other(house: House, issued: IssuedKey) -> None:
    answer = policy(event_of(headers_of(issued)), house.app, REQUEST_ID)
    assert answer["principalId"] == "partner_zebu_live"
    assert answer["policyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": f"{API}/v1/*/partner/*"},
        ],
    }


def test_the_handler_finds_the_partner_in_the_context_whose_values_are_texts(house: House, issued: IssuedKey) -> None:
    context = policy(event_of(headers_of(issued)), house.app, REQUEST_ID)["context"]
    assert all(isinstance(value, str) for value in context.values())
    found = partner_of_context({**context, "principalId": "partner_zebu_live", "integrationLatency": 5})
    assert found == PartnerBackend(ZEBU, list(Permission), issued.key.api_key_id, 60, shows_performance=False)


@pytest.mark.parametrize("shows", [True, False, None])
def test_the_disclosure_policy_goes_with_the_partner_through_the_context(shows: bool | None) -> None:
    by = PartnerBackend(ZEBU, shows_performance=shows)
    assert partner_of_context(partner_context(by)) == by


@pytest.mark.parametrize("told", [{}, {"shows_performance": "x"}, {"shows_performance": True}], ids=repr)
def test_a_context_that_tells_no_disclosure_policy_leaves_it_to_the_record(told: dict[str, object]) -> None:
    context = {**partner_context(PartnerBackend(ZEBU)), "shows_performance": "", **told}
    if not told:
        del context["shows_performance"]
    assert partner_of_context(context).shows_performance is None


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title], ids=["lower", "upper", "title"])
def test_headers_are_found_however_their_names_are_spelled(
    house: House, issued: IssuedKey, spell: Callable[[str], str]
) -> None:
    headers = {spell(name): value for name, value in headers_of(issued).items()}
    assert effect_of(policy(event_of(headers), house.app, REQUEST_ID)) == "Allow"


def test_the_resource_is_of_the_stage_that_was_called_whatever_the_path_holds(house: House, issued: IssuedKey) -> None:
    arn = f"{API}/test/GET/admin/partner/../partner/*"
    [statement] = policy(event_of(headers_of(issued), arn), house.app, REQUEST_ID)["policyDocument"]["Statement"]
    assert statement["Resource"] == f"{API}/test/*/partner/*"


# Who is not


def denied(house: House, headers: Mapping[str, str | list[str]]) -> dict[str, Any]:
    answer = policy(event_of(headers), house.app, REQUEST_ID)
    assert (effect_of(answer), answer["principalId"]) == ("Deny", "nobody")
    context: dict[str, Any] = answer["context"]
    return context


REFUSED: dict[str, Callable[[dict[str, str]], Mapping[str, str | list[str]]]] = {
    "no headers": lambda _: {},
    "no secret": lambda good: {"Authorization": good["Authorization"]},
    "no key": lambda good: {"X-Partner-Secret": good["X-Partner-Secret"]},
    "another scheme": lambda good: {**good, "Authorization": good["Authorization"].replace("Bearer", "Basic")},
    "no scheme": lambda good: {**good, "Authorization": good["Authorization"].removeprefix("Bearer ")},
    "the key sent twice": lambda good: {**good, "Authorization": [good["Authorization"]] * 2},
    "the secret sent twice": lambda good: {**good, "X-Partner-Secret": ["sk_other", good["X-Partner-Secret"]]},
    "a wrong secret": lambda good: {**good, "X-Partner-Secret": f"{good['X-Partner-Secret'][:-1]}!"},
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED.keys())
def test_every_other_request_is_refused_alike(
    house: House, issued: IssuedKey, change: Callable[[dict[str, str]], Mapping[str, str | list[str]]]
) -> None:
    assert denied(house, change(headers_of(issued))) == {
        "error": "unauthorized",
        "message": "The API key, secret or token is not valid",
        "code": "INVALID_CREDENTIALS",
        "request_id": REQUEST_ID,
    }


def test_who_has_the_secret_of_a_revoked_key_is_told_so(house: House, issued: IssuedKey) -> None:
    house.app.partners.revoke(ADMIN, issued.key.api_key_id)
    context = denied(house, headers_of(issued))
    assert (context["code"], context["message"]) == ("KEY_REVOKED", f"API key {issued.key.api_key_id} has been revoked")


def test_where_the_store_cannot_be_asked_nobody_is_refused(
    house: House, issued: IssuedKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> object:
        raise UnavailableError("cannot be reached")

    monkeypatch.setattr(house.app._engine, "get_many", unreachable)
    assert type(refusal(lambda: policy(event_of(headers_of(issued)), house.app, REQUEST_ID))) is UnavailableError


def test_no_answer_or_log_line_holds_what_was_presented(
    house: House, issued: IssuedKey, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    other = house.app.partners.issue(ADMIN, ZEBU)
    answers = [
        policy(event_of(headers), house.app, REQUEST_ID)
        for headers in (headers_of(issued), {**headers_of(issued), "X-Partner-Secret": other.secret})
    ]
    assert len(caplog.records) == 1
    shown = repr(answers) + caplog.text + repr([vars(record) for record in caplog.records])
    assert not any(each in shown for each in (issued.key.api_key, issued.secret, other.secret))


# The function


def test_the_function_serves_from_the_store_of_the_environment(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    house = House.furnished(url)
    with house.app:
        issued = house.app.partners.issue(ADMIN, ZEBU)
    monkeypatch.setenv("QUANTLEAP_STORE", url)
    made = Authorizer(World(clock=house.clock))
    caplog.set_level(logging.INFO)
    assert effect_of(made.handle(event_of(headers_of(issued)), None)) == "Allow"
    denied = made.handle(event_of({}), None)
    assert effect_of(denied) == "Deny"
    logged = [vars(record) for record in caplog.records if record.name == "quantleap.access"]
    assert [(each["status"], each["partner_id"]) for each in logged] == [(200, "partner_zebu_live"), (401, None)]
    assert logged[1]["request_id"] == denied["context"]["request_id"]
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    figures = [{name: value for name, value in each.items() if name.startswith("Refused")} for each in counted]
    assert {each["function"] for each in counted} == {"authorizer"}
    assert figures == [
        {"RefusedAuthentication": [0.0]},
        {"RefusedAuthentication": [1.0], "RefusedAuthentication_INVALID_CREDENTIALS": [1.0]},
    ]


def test_without_a_store_each_event_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUANTLEAP_STORE", raising=False)
    made = Authorizer()
    error = refusal(lambda: made.handle(event_of({}), None))
    assert (type(error), str(error)) == (MisconfiguredError, "QUANTLEAP_STORE: is not set")


# What API Gateway makes of it


def in_place(template: str, context: Mapping[str, str]) -> dict[str, Any]:
    """The template with values of the request's context, as API Gateway puts them in: as they are."""
    for place in sorted(context, key=len, reverse=True):
        template = template.replace(f"${place}", context[place])
    found: dict[str, Any] = json.loads(template)
    return found


AUTHENTICATION = (InvalidCredentialsError(), KeyExpiredError("key_1"), KeyRevokedError("key_1"))


@pytest.mark.parametrize("error", AUTHENTICATION, ids=lambda error: error.code)
def test_a_refusal_is_told_as_the_local_server_tells_it(error: AuthenticationError) -> None:
    told = errors.refusal(error, REQUEST_ID)
    envelope = json.loads(told.text)
    context = {f"context.authorizer.{name}": envelope[name] for name in DENIAL}
    response = GATEWAY_RESPONSES["ACCESS_DENIED"]
    assert (response.status, in_place(response.template, context)) == (told.status, envelope)
    assert response.headers == {
        "Cache-Control": "'no-store'",
        "X-Content-Type-Options": "'nosniff'",
        "X-Request-Id": "context.authorizer.request_id",
        "WWW-Authenticate": "'Bearer'",
    }
    assert told.headers == {"WWW-Authenticate": "Bearer"}


STATUSES = {
    "ACCESS_DENIED": (401, "unauthorized"),
    "API_CONFIGURATION_ERROR": (500, "internal_error"),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, "internal_error"),
    "AUTHORIZER_FAILURE": (503, "internal_error"),
    "BAD_REQUEST_BODY": (400, "bad_request"),
    "BAD_REQUEST_PARAMETERS": (400, "bad_request"),
    "DEFAULT_4XX": (None, "bad_request"),
    "DEFAULT_5XX": (None, "internal_error"),
    "EXPIRED_TOKEN": (401, "unauthorized"),
    "INTEGRATION_FAILURE": (503, "internal_error"),
    "INTEGRATION_TIMEOUT": (503, "internal_error"),
    "INVALID_API_KEY": (403, "forbidden"),
    "INVALID_SIGNATURE": (401, "unauthorized"),
    "MISSING_AUTHENTICATION_TOKEN": (404, "not_found"),
    "QUOTA_EXCEEDED": (429, "rate_limit"),
    "REQUEST_TOO_LARGE": (413, "bad_request"),
    "RESOURCE_NOT_FOUND": (404, "not_found"),
    "THROTTLED": (429, "rate_limit"),
    "UNAUTHORIZED": (401, "unauthorized"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "bad_request"),
    "WAF_FILTERED": (403, "forbidden"),
}
"""Every response type that API Gateway documents."""


def test_every_refusal_of_the_gateway_has_the_envelope_and_its_published_status() -> None:
    context = {
        "context.requestId": "6f1c2a9e",
        **{f"context.authorizer.{name}": "x" for name in DENIAL},
    }
    found = {}
    for name, response in GATEWAY_RESPONSES.items():
        body = in_place(response.template, context)
        assert {"error", "message", "code", "request_id"} <= body.keys() <= {*DENIAL, "details"}
        assert "$" not in repr(body)
        found[name] = (response.status, "unauthorized" if name == "ACCESS_DENIED" else body["error"])
    assert found == STATUSES


def test_a_header_of_a_refusal_is_a_place_in_the_context_or_a_text_in_quotes() -> None:
    for response in GATEWAY_RESPONSES.values():
        assert response.headers["X-Request-Id"] in ("context.requestId", "context.authorizer.request_id")
        rest = {name: value for name, value in response.headers.items() if name != "X-Request-Id"}
        assert all(value[0] == value[-1] == "'" for value in rest.values())
        assert ("Retry-After" in rest) == (response.status in (429, 503))
        assert ("WWW-Authenticate" in rest) == (response.status == 401)


# What it costs

PROGRAM = """
import json, sys
from quantleap.entrypoints.lambdas.authorizer import handler
answer = handler(json.loads(sys.argv[1]), None)
print(json.dumps([answer["policyDocument"]["Statement"][0]["Effect"], list(sys.modules)]))
"""
TOO_DEAR = {"boto3", "cryptography", "email_validator", "joserfc", "pydantic", "rich", "starlette", "typer", "uvicorn"}


def test_a_fresh_process_refuses_with_no_package_that_it_has_no_need_of(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    House.furnished(url).app.close()
    event = event_of({"Authorization": "Bearer pk", "X-Partner-Secret": "sk"})
    ran = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", PROGRAM, json.dumps(event)],
        env={"QUANTLEAP_STORE": url},
        capture_output=True,
        text=True,
        check=True,
    )
    effect, modules = json.loads(ran.stdout.splitlines()[-1])
    assert effect == "Deny"
    assert TOO_DEAR & {module.partition(".")[0] for module in modules} == set()
