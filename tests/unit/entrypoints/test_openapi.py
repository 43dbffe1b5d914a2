"""The description of the API is whole, valid, and the one that is committed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_pydantic import OpenAPI
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from quantleap.entrypoints.api.bodies import validated
from quantleap.entrypoints.api.errors import told
from quantleap.entrypoints.api.json_body import parse_json
from quantleap.entrypoints.api.openapi import specification, specification_text
from quantleap.entrypoints.api.openapi.security import REQUIRED
from quantleap.entrypoints.api.route import Caller, Route
from quantleap.entrypoints.api.routes.table import ROUTES
from quantleap.entrypoints.api.schemas.refusals import Refusal

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.json"
SPECIFICATION = specification()
COMPONENTS = SPECIFICATION["components"]


def operation_of(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = SPECIFICATION["paths"][route.path][route.method.lower()]
    return found


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def contents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body and every answer that is no refusal, by a name for it."""
    for route in ROUTES:
        operation = operation_of(route)
        if "requestBody" in operation:
            yield f"{route.name}.body", operation["requestBody"]["content"]["application/json"]
        yield f"{route.name}.answer", operation["responses"][str(route.status)]["content"]["application/json"]


CONTENTS = dict(contents())

each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)


def test_the_committed_copy_is_what_the_code_says() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == f"{specification_text()}\n", (
        "run: quantleap openapi --output docs/openapi.json"
    )


def test_it_is_openapi_3_1() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(SPECIFICATION).iter_errors()] == []
    assert SPECIFICATION["openapi"].startswith("3.1.")
    OpenAPI.model_validate(SPECIFICATION)


def test_every_reference_leads_somewhere() -> None:
    ends = {f"#/components/{kind}/{name}" for kind, named in COMPONENTS.items() for name in named}
    assert set(references(SPECIFICATION)) <= ends


def test_every_component_is_used() -> None:
    used = set(references(SPECIFICATION))
    of_callers = {name for required in REQUIRED.values() for each in required for name in each}
    assert {
        f"#/components/{kind}/{name}" for kind in ("schemas", "headers", "examples") for name in COMPONENTS[kind]
    } <= used
    assert set(COMPONENTS["securitySchemes"]) == of_callers


def test_every_route_is_there_once_by_its_name() -> None:
    described = [
        (method.upper(), path, operation["operationId"])
        for path, operations in SPECIFICATION["paths"].items()
        for method, operation in operations.items()
    ]
    assert sorted(described) == sorted((route.method, route.path, route.name) for route in ROUTES)


@each_route
def test_a_route_says_who_may_call_it(route: Route) -> None:
    operation = operation_of(route)
    assert (operation["security"], operation["tags"]) == (REQUIRED[route.caller], [route.caller])


@each_route
def test_every_refusal_of_a_route_is_there_with_its_code(route: Route) -> None:
    responses = operation_of(route)["responses"]
    for kind in route.may_refuse:
        assert f"`{kind.code}`" in responses[str(told(kind).status)]["description"]
    assert {"400", "401", "408", "413", "415", "500", "503"} <= responses.keys()
    assert ("429" in responses) is (route.caller is Caller.PARTNER)
    assert ("403" in responses) is (route.caller is not Caller.USER)


@each_route
def test_every_answer_names_its_headers(route: Route) -> None:
    for status, response in operation_of(route)["responses"].items():
        headers = response["headers"].keys()
        assert "X-Request-Id" in headers
        limits = {name for name in headers if name.startswith("X-RateLimit-")}
        assert len(limits) == (3 if route.caller is Caller.PARTNER and status != "401" else 0)
        assert ("Retry-After" in headers) >= (status in {"429", "503"})


@each_route
def test_what_changes_something_takes_an_idempotency_key(route: Route) -> None:
    named = {each["name"] for each in operation_of(route)["parameters"] if each["in"] == "header"}
    assert named == ({"Idempotency-Key"} if route.takes_idempotency_key else set())


@each_route
def test_a_link_gives_the_variables_of_the_path_it_leads_to(route: Route) -> None:
    answer = operation_of(route)["responses"][str(route.status)]
    by_name = {each.name: each for each in ROUTES}
    for link in answer.get("links", {}).values():
        target = by_name[link["operationId"]]
        assert target.caller is route.caller
        assert set(re.findall(r"\{(\w+)\}", target.path)) == link["parameters"].keys()
        for expression in link["parameters"].values():
            place: Any = answer["content"]["application/json"]["example"]
            for step in expression.removeprefix("$response.body#/").split("/"):
                place = place[step]
            assert isinstance(place, str)


@pytest.mark.parametrize("name", COMPONENTS["examples"])
def test_the_example_of_a_refusal_is_an_envelope(name: str) -> None:
    envelope = COMPONENTS["examples"][name]["value"]
    Refusal.model_validate(envelope)
    assert not re.search(r"[{}]|None", envelope["message"])
    of_it = {
        (status, response["description"])
        for route in ROUTES
        for status, response in operation_of(route)["responses"].items()
        if name in response["content"]["application/json"].get("examples", {})
    }
    assert all(f"`{envelope['code']}`" in description for _, description in of_it)
    assert len({status for status, _ in of_it}) == 1


def test_a_subscription_leads_to_all_that_can_become_of_it() -> None:
    made = operation_of(next(route for route in ROUTES if route.name == "partnerSubscribe"))["responses"]["201"]
    assert made["links"].keys() == {f"partner{move}Subscription" for move in ("Get", "Pause", "Resume", "Cancel")}


@pytest.mark.parametrize("name", CONTENTS)
def test_every_body_and_answer_has_an_example_that_fits(name: str) -> None:
    content = CONTENTS[name]
    schema = {**content["schema"], "components": COMPONENTS}
    errors = OAS31Validator(schema, format_checker=OAS31Validator.FORMAT_CHECKER).iter_errors(content["example"])
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("name", CONTENTS)
def test_every_example_is_what_the_code_itself_takes_or_gives(name: str) -> None:
    route = next(route for route in ROUTES if route.name == name.partition(".")[0])
    document = parse_json(json.dumps(CONTENTS[name]["example"]).encode())
    if name.endswith(".body"):
        validated(route.load_body(), document)
    else:
        route.load_answer().model_validate(document)


@each_route
def test_a_path_has_examples_of_its_variables(route: Route) -> None:
    for parameter in operation_of(route)["parameters"]:
        if parameter["in"] == "path":
            assert re.fullmatch(parameter["schema"]["pattern"], parameter["example"])
