"""Whether the server can serve now: `/health`, for whatever watches over it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from attrs import define, frozen
from starlette.requests import Request
from starlette.responses import Response as HttpResponse

from quantleap.entrypoints.api.request import Response
from quantleap.entrypoints.server.answering import http_response


@define
class Readiness:
    """Turns off when the server begins to stop."""

    is_on: bool = True


@frozen
class Health:
    """200 `{"status": "ok"}`, or 503 with the reason: `stopping`, or `store unavailable`."""

    ask_store: Callable[[], object]
    threads: Executor
    readiness: Readiness

    async def answer(self, _: Request) -> HttpResponse:
        """One cheap read, unless the server is stopping."""
        if not self.readiness.is_on:
            return _told(503, "stopping")
        try:
            await asyncio.get_running_loop().run_in_executor(self.threads, self.ask_store)
        except Exception:
            return _told(503, "store unavailable")
        return _told(200, "ok")


def _told(status: int, word: str) -> HttpResponse:
    return http_response(Response.of(status, {"status": word}))
