"""Around every request: its id, a bound on how many are served at once, errors told, headers, one line of log."""

import time
from collections.abc import Callable

from attrs import define, field
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quantleap.entrypoints.api.dispatch import told_to_caller
from quantleap.entrypoints.api.errors import refusal
from quantleap.entrypoints.api.request import REQUEST_ID_HEADER, Request
from quantleap.entrypoints.api.route import Method
from quantleap.entrypoints.observing import Served, log_request
from quantleap.entrypoints.server.answering import send_answer
from quantleap.entrypoints.server.exchange import Exchange
from quantleap.ports.errors import UnavailableError

_USUAL_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of every answer that does not say otherwise: what is shown is one caller's, and never a page."""

_METHODS = frozenset({*Method, "HEAD", "OPTIONS", "PATCH"})
"""Those that are logged as they are: a method may be any word, a secret that slipped too."""


@define
class Around:
    """The outermost middleware."""

    app: ASGIApp
    new_request_id: Callable[[], str]
    max_at_once: int
    _under_way: int = field(default=0, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = Exchange.begun(scope, self.new_request_id())
        started_ns = time.perf_counter_ns()
        self._under_way += 1
        try:
            await self._serve(exchange, scope, receive, _marked(exchange, send))
        finally:
            self._under_way -= 1
            log_request(
                Served(
                    request_id=exchange.request_id,
                    method=scope["method"] if scope["method"] in _METHODS else "OTHER",
                    route=exchange.route,
                    status=exchange.status,
                    duration_ms=(time.perf_counter_ns() - started_ns) // 1_000_000,
                    partner_id=exchange.partner_id,
                )
            )

    async def _serve(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        if self._under_way > self.max_at_once:
            busy = refusal(UnavailableError("too many requests are under way"), exchange.request_id)
            await send_answer(busy, scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except ClientDisconnect:
            return
        except Exception as error:
            answer = told_to_caller(error, Request(request_id=exchange.request_id))
            if exchange.status is None:
                await send_answer(answer, scope, receive, send)


def _marked(exchange: Exchange, send: Send) -> Send:
    async def send_marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID_HEADER] = exchange.request_id
            for name, value in _USUAL_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_marked
