"""The API's description and a page to read and try it: `/openapi.json` and `/docs`, all of it from this machine."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

_ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>QuantLeap API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_START = """\
SwaggerUIBundle({url: "/openapi.json", dom_id: "#page", docExpansion: "list", deepLinking: true, validatorUrl: null});
"""
_POLICY = {
    # Swagger UI sets styles on elements, and shows its icons as data.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def docs_routes() -> list[Route]:
    """The routes of both."""
    return [
        Route("/openapi.json", _described, methods=["GET"]),
        Route("/docs", _page, methods=["GET"]),
        Route("/docs/start.js", _start, methods=["GET"]),
        Route("/docs/{name}", _asset, methods=["GET"]),
    ]


def _described(_: Request) -> Response:
    return Response(_description(), media_type="application/json")


@cache
def _description() -> str:
    from quantleap.entrypoints.api.openapi import specification_text  # noqa: PLC0415 - made when it is first asked for

    return specification_text()


def _page(_: Request) -> Response:
    return HTMLResponse(_PAGE, headers=_POLICY)


def _start(_: Request) -> Response:
    return Response(_START, media_type="text/javascript")


def _asset(request: Request) -> Response:
    """A file of the package `swagger_ui`, which is found without being loaded: only its files are wanted."""
    name = request.path_params["name"]
    found = find_spec("swagger_ui")
    if name not in _ASSETS or found is None or not found.submodule_search_locations:
        raise HTTPException(404)
    return FileResponse(Path(found.submodule_search_locations[0], "static", name))
