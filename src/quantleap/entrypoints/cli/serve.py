"""The command `serve`: the API over HTTP, on this machine."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Annotated

import typer

from quantleap.entrypoints.cli.commands import command
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.output.views import Line, Table, Tone, View

DEFAULT_PORT = 8000
MAX_PORT = 65_535


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "serve", example="quantleap serve --port 8080")(serve)


def serve(
    invocation: Invocation,
    *,
    host: Annotated[
        str, typer.Option("--host", metavar="HOST", help="The address to listen on; 0.0.0.0 is every one.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=MAX_PORT, help="The port; 0 is one that is free.")
    ] = DEFAULT_PORT,
    workers: Annotated[
        bool,
        typer.Option(
            "--workers",
            help="Beside it, let counters and the audit trail follow the change feed, and remove what expired.",
        ),
    ] = False,
) -> None:
    """Serve the HTTP API over the store until it is told to stop (Ctrl-C or SIGTERM): requests under way are answered
    first.

    Shows where it is served once connections are taken. What happens is logged on standard error, a JSON line each.
    """
    from quantleap.entrypoints.server import logs, running  # noqa: PLC0415 - help must not pay for starlette and uvicorn
    from quantleap.entrypoints.server.site import USUAL_BOUNDS, Bounds  # noqa: PLC0415 - as above
    from quantleap.entrypoints.server.workers import working  # noqa: PLC0415 - as above

    settings = invocation.settings
    bounds = Bounds(threads=settings.threads or USUAL_BOUNDS.threads, origins=settings.page_origins)
    app = invocation.app
    app.authentication.prepare_tokens()
    app.claiming.check()
    with running.listen(host, port) as listener:
        url = running.url_of(listener)
        invocation.answer({"url": url, "routes": [*_routes()]}, _views(url))
        sys.stdout.flush()
        logs.to_stderr()
        with working(app) if workers else nullcontext():
            running.server_of(app, bounds).run([listener])


def _routes() -> Iterator[dict[str, str]]:
    from quantleap.entrypoints.api.routes.table import ROUTES  # noqa: PLC0415 - help must not pay for it

    for route in ROUTES:
        yield {"method": route.method, "path": route.path, "caller": route.caller, "summary": route.summary}


def _views(url: str) -> Iterator[View]:
    headings = ("method", "path", "caller", "summary")
    yield Table(headings, ([route[heading] for heading in headings] for route in _routes()))
    yield Line(f"Serving on {url}, described at {url}/docs. Ctrl-C stops it.", Tone.GOOD)
