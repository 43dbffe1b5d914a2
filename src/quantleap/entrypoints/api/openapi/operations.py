"""Routes as operations of OpenAPI."""

from collections.abc import Iterable
from typing import Any

from quantleap.domain.identifiers import FORMS
from quantleap.entrypoints.api.openapi.examples import answer_example, body_example, path_example
from quantleap.entrypoints.api.openapi.headers import headers_of, idempotency_key
from quantleap.entrypoints.api.openapi.links import links_of, variables_of
from quantleap.entrypoints.api.openapi.references import reference_to
from quantleap.entrypoints.api.openapi.refusals import refusals_of
from quantleap.entrypoints.api.openapi.security import REQUIRED
from quantleap.entrypoints.api.route import Parameter, Route

_JSON = "application/json"


def paths_of(routes: Iterable[Route]) -> dict[str, Any]:
    """Every path with its operations."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return paths


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.caller],
        "security": REQUIRED[route.caller],
        "parameters": [*(_variable(route, name) for name in variables_of(route)), *map(_parameter, route.parameters)],
        "responses": {str(route.status): _answer(route), **refusals_of(route)},
    }
    if route.permission is not None:
        operation["description"] = f"Needs the permission `{route.permission}`."
    if route.takes_idempotency_key:
        operation["parameters"].append(idempotency_key())
    if route.body is not None:
        operation["requestBody"] = _body(route)
    return operation


def _variable(route: Route, name: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": f"^{FORMS[name]}$"}
    example = path_example(route.name, name)
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "required": parameter.is_required,
        "schema": parameter.schema,
    }


def _body(route: Route) -> dict[str, Any]:
    content = _content(reference_to(route.load_body()), body_example(route.name))
    return {"required": not route.is_body_optional, "content": content}


def _answer(route: Route) -> dict[str, Any]:
    schema = reference_to(route.load_answer())
    answer: dict[str, Any] = {
        "description": "Done" if route.takes_idempotency_key else "Found",
        "headers": headers_of(route, route.status),
        "content": _content(schema, answer_example(route.name)),
    }
    if links := links_of(route):
        answer["links"] = links
    return answer


def _content(schema: object, example: object) -> dict[str, Any]:
    return {_JSON: {"schema": schema} if example is None else {"schema": schema, "example": example}}
