"""Whether the server can serve now: `/health`, for whatever watches over it."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from attrs import define, field
from starlette.requests import Request
from starlette.responses import Response as HttpResponse

from quantleap.entrypoints.api.request import Response
from quantleap.entrypoints.server.answering import http_response

_log = logging.getLogger("quantleap.health")


@define
class Readiness:
    """Turns off when the server begins to stop."""

    is_on: bool = True


@define
class Health:
    """200 `{"status": "ok"}`, or 503 with the reason: `stopping`, or `store unavailable`.

    The store is asked in a thread of its own, for those of requests may all be busy. Why it cannot be asked is logged
    when that begins.
    """

    ask_store: Callable[[], object]
    readiness: Readiness
    _thread: ThreadPoolExecutor = field(factory=lambda: ThreadPoolExecutor(1, "health"), init=False)
    _is_well: bool = field(default=True, init=False)

    async def answer(self, _: Request) -> HttpResponse:
        """One cheap read, unless the server is stopping."""
        if not self.readiness.is_on:
            return _told(503, "stopping")
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self.ask_store)
        except Exception:
            if self._is_well:
                _log.exception("the store cannot be used")
            self._is_well = False
            return _told(503, "store unavailable")
        self._is_well = True
        return _told(200, "ok")

    def close(self) -> None:
        """Wait for nobody."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _told(status: int, word: str) -> HttpResponse:
    return http_response(Response.of(status, {"status": word}))
