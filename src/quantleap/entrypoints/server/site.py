"""The whole site as one ASGI application: the API's routes, and what stands beside them."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from attrs import frozen
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.routing import Route

from quantleap.entrypoints.api.dispatch import told_to_caller
from quantleap.entrypoints.api.problems import MethodNotAllowedError, RouteNotFoundError
from quantleap.entrypoints.api.request import Request
from quantleap.entrypoints.server.answering import http_response
from quantleap.entrypoints.server.api import Api
from quantleap.entrypoints.server.around import Around
from quantleap.entrypoints.server.cors import Origins
from quantleap.entrypoints.server.docs import docs_routes
from quantleap.entrypoints.server.exchange import Exchange
from quantleap.entrypoints.server.guard import Guard
from quantleap.entrypoints.server.health import Health, Readiness

if TYPE_CHECKING:
    from quantleap.composition import Application


@frozen(kw_only=True)
class Bounds:
    """What a server takes on. `threads`: requests worked on at once. `at_once`: requests under way, those that wait for
    a thread or their body among them; one more is refused. `body_timeout_s`: how long a body may take to come in.
    `origins`: of the browser pages that may call, none unless said.
    """

    threads: int = 40
    at_once: int = 400
    body_timeout_s: float = 10.0
    origins: tuple[str, ...] = ()


USUAL_BOUNDS = Bounds()


def site_of(app: "Application", bounds: Bounds = USUAL_BOUNDS, readiness: Readiness | None = None) -> Starlette:
    """The site over an application, which stays the caller's to close."""
    threads = ThreadPoolExecutor(bounds.threads, "request")

    health = Health(app.claiming.check, readiness or Readiness())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        threads.shutdown(wait=False, cancel_futures=True)
        health.close()

    site = Starlette(
        routes=[Route("/health", health.answer, methods=["GET"]), *docs_routes()],
        middleware=[
            Middleware(Around, new_request_id=app.identifiers.request_id),
            *([Middleware(Origins, bounds.origins)] if bounds.origins else []),
            Middleware(Guard, max_at_once=bounds.at_once),
        ],
        exception_handlers={HTTPException: _told},
        lifespan=lifespan,
    )
    site.router.redirect_slashes = False
    site.router.default = Api(app, threads, bounds.body_timeout_s)
    return site


async def _told(http: HttpRequest, error: Exception) -> HttpResponse:
    """What starlette refuses by itself, which is a path or a method, in the API's own words."""
    allowed = (getattr(error, "headers", None) or {}).get("Allow")
    ours = RouteNotFoundError() if allowed is None else MethodNotAllowedError(", ".join(sorted(allowed.split(", "))))
    return http_response(told_to_caller(ours, Request(request_id=Exchange.of(http.scope).request_id)))
