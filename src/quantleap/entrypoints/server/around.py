"""Around every request: its id, headers, one line of log."""

import time
from collections.abc import Callable

from attrs import frozen
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quantleap.entrypoints.api.request import REQUEST_ID_HEADER, USUAL_HEADERS
from quantleap.entrypoints.api.route import Method
from quantleap.entrypoints.observing import Served, log_request
from quantleap.entrypoints.server.exchange import Exchange

_METHODS = frozenset({*Method, "HEAD", "OPTIONS", "PATCH"})
"""Those that are logged as they are: a method may be any word, a secret that slipped too."""


@frozen
class Around:
    """The outermost middleware."""

    app: ASGIApp
    new_request_id: Callable[[], str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = Exchange.begun(scope, self.new_request_id())
        started_ns = time.perf_counter_ns()
        try:
            await self.app(scope, receive, _marked(exchange, send))
        finally:
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


def _marked(exchange: Exchange, send: Send) -> Send:
    async def send_marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID_HEADER] = exchange.request_id
            for name, value in USUAL_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_marked
