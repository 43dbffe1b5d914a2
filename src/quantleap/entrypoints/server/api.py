"""The API's routes as an ASGI application: input is awaited, everything else runs in a pool of threads."""

import asyncio
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from attrs import frozen
from starlette.requests import Request as HttpRequest
from starlette.types import Receive, Scope, Send

from quantleap.entrypoints.api.callers import authenticate
from quantleap.entrypoints.api.dispatch import dispatch, told_to_caller
from quantleap.entrypoints.api.paths import Paths
from quantleap.entrypoints.api.problems import RequestError
from quantleap.entrypoints.api.request import Request, Response
from quantleap.entrypoints.api.route import Route
from quantleap.entrypoints.api.routes.table import EVERY_ROUTE
from quantleap.entrypoints.observing import partner_id_of
from quantleap.entrypoints.server.answering import send_answer, send_early
from quantleap.entrypoints.server.body import TOO_LONG, read_body
from quantleap.entrypoints.server.exchange import Exchange

if TYPE_CHECKING:
    from quantleap.composition import Application

_PATHS = Paths(EVERY_ROUTE.by_path)


@frozen
class Api:
    """Every path of the route table; another is refused as one that is not there."""

    app: "Application"
    threads: Executor
    body_timeout_s: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises SlowBodyError, starlette's ClientDisconnect where nobody waits for an answer."""
        http = HttpRequest(scope, receive)
        body = await read_body(http, self.body_timeout_s)
        try:
            answer = await self._answer(http, body)
        except RequestError as error:
            answer = told_to_caller(error, Request(request_id=Exchange.of(scope).request_id))
        send_it = send_early if body is TOO_LONG else send_answer
        await send_it(answer, scope, receive, send)

    async def _answer(self, http: HttpRequest, body: bytes) -> Response:
        """Raises RouteNotFoundError, MethodNotAllowedError."""
        path, path_parameters = _PATHS.find(http.scope["raw_path"].decode("ascii"))
        route = EVERY_ROUTE.route_of(http.method, path)
        Exchange.of(http.scope).route = route
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, _served, route, http, path_parameters, body, self.app)


def _served(
    route: Route, http: HttpRequest, path_parameters: dict[str, str], body: bytes, app: "Application"
) -> Response:
    """What blocks or takes long: what was sent put in order, who calls, and what comes of it."""
    exchange = Exchange.of(http.scope)
    request = Request(
        request_id=exchange.request_id,
        path_parameters=path_parameters,
        query=_grouped(http.query_params.multi_items()),
        headers=_grouped(http.headers.items()),
        body=body,
    )
    try:
        principal = authenticate(route, request, app)
    except Exception as error:
        return told_to_caller(error, request)
    exchange.partner_id = partner_id_of(principal)
    return dispatch(route, request, principal, app)


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in grouped.items()}
