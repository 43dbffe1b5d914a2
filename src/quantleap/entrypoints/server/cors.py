"""Lets pages of named origins call the API from a browser, by starlette's CORS middleware."""

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from quantleap.entrypoints.api.once import KEY_HEADER, REPLAYED_HEADER
from quantleap.entrypoints.api.request import REQUEST_ID_HEADER
from quantleap.entrypoints.api.route import Method


class Origins(CORSMiddleware):
    """No cookie is ever allowed, and `X-Partner-Secret` is not among the headers: a secret has no place in a page."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=[*Method],
            allow_headers=["Authorization", KEY_HEADER],
            expose_headers=[REQUEST_ID_HEADER, REPLAYED_HEADER, "Retry-After"],
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """Without a body, whatever it allows: it is the headers that a browser reads."""
        answer = super().preflight_response(request_headers)
        kept = {name: value for name, value in answer.headers.items() if not name.startswith("content-")}
        return Response(status_code=204, headers=kept)
