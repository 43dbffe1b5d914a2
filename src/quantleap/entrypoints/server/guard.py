"""Inside CORS, so that a page may read it: refuses what is too much at once, and tells whatever is raised."""

from attrs import define, field
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from quantleap.entrypoints.api.dispatch import told_to_caller
from quantleap.entrypoints.api.errors import refusal
from quantleap.entrypoints.api.request import Request
from quantleap.entrypoints.server.answering import send_answer
from quantleap.entrypoints.server.exchange import Exchange
from quantleap.ports.errors import UnavailableError


@define
class Guard:
    """Serves at most `max_at_once` requests at once; whatever they raise ends here."""

    app: ASGIApp
    max_at_once: int
    _under_way: int = field(default=0, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._serve(Exchange.of(scope), scope, receive, send)
        finally:
            self._under_way -= 1

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
