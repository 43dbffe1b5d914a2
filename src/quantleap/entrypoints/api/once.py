"""Requests with an `Idempotency-Key`: the key, and the answer that a repeat gets too."""

import re
from typing import TYPE_CHECKING, Any

from quantleap.domain.errors import InvalidInputError
from quantleap.entrypoints.api.request import Call, Request, Response
from quantleap.entrypoints.api.route import Route
from quantleap.entrypoints.exact_json import json_line

if TYPE_CHECKING:
    from quantleap.composition import Application

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
MAX_KEY_CHARS = 255

KEY_PATTERN = rf"^[\x21-\x7e]{{1,{MAX_KEY_CHARS}}}$"
_KEY = re.compile(KEY_PATTERN)


def read_key(route: Route, request: Request) -> str | None:
    """The key, where the route takes one and one was sent. Raises InvalidInputError."""
    given = request.headers.get(KEY_HEADER.lower())
    if given is None or not route.takes_idempotency_key:
        return None
    if len(given) > 1 or _KEY.fullmatch(given[0]) is None:
        raise InvalidInputError(KEY_HEADER, f"must be given once, of 1 to {MAX_KEY_CHARS} visible ASCII characters")
    return given[0]


def answered_once(route: Route, request: Request, call: Call, key: str, app: "Application") -> Response:
    """The route's answer, or the one that was given to this request before. Raises as `AnsweringOnce.run` does."""
    from quantleap.application.answering_once import Answer, Attempt  # noqa: PLC0415 - of requests under a key alone

    endpoint, render = route.load_endpoint(), route.load_rendering()

    def answer(outcome: object) -> Answer:
        document = render(outcome)
        return Answer(route.status, json_line(document), _secret_of(route, document))

    answered = app.answering_once.run(
        Attempt(call.principal, _target(route, request), key, request.body), lambda: endpoint(call, app), answer
    )
    headers = {REPLAYED_HEADER: "true"} if answered.is_replay else {}
    return Response(answered.answer.status, answered.answer.body, headers)


def _secret_of(route: Route, document: dict[str, Any]) -> str | None:
    return None if route.secret_of is None else str(document[route.secret_of])


def _target(route: Route, request: Request) -> tuple[str, ...]:
    path = route.path.format_map(request.path_parameters)
    query = (f"{name}={value}" for name, values in sorted(request.query.items()) for value in values)
    return (route.method, path, *query)
