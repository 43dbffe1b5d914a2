"""Runs the site under uvicorn, from the socket to the last answer."""

import os
import socket
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from attrs import frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.entrypoints.api.routes.table import ROUTES
from quantleap.entrypoints.server.health import Readiness
from quantleap.entrypoints.server.protocol import connections
from quantleap.entrypoints.server.site import USUAL_BOUNDS, Bounds, site_of
from quantleap.ports.errors import MisconfiguredError

if TYPE_CHECKING:
    from quantleap.composition import Application

MAX_CONNECTIONS = 2000
"""Beyond these uvicorn refuses by itself: a last wall, far behind `Bounds.at_once`."""

_BACKLOG = 1024


@frozen(kw_only=True)
class Timeouts:
    """In seconds: how long the head of a request may take, an idle connection is kept, and a server that was told to
    stop waits for the requests under way.
    """

    head_s: float = 10.0
    idle_s: int = 30
    drain_s: int = 30


USUAL_TIMEOUTS = Timeouts()


def listen(host: str, port: int) -> socket.socket:
    """A socket on which connections queue up from now on; port 0 is one that is free.

    Raises MisconfiguredError where the port is taken or may not be used, InvalidInputError where the host is not here.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, address = found[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except socket.gaierror:
        raise InvalidInputError("host", "is not known here") from None
    except OSError as error:
        what = os.strerror(error.errno or 0)  # the error's own text may say the address once more
        raise MisconfiguredError(f"cannot listen on port {port} of {host}: {what}; try another --port") from None


def url_of(listener: socket.socket) -> str:
    """`http://127.0.0.1:8000`."""
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if listener.family is socket.AF_INET6 else f"http://{host}:{port}"


def server_of(
    app: "Application", bounds: Bounds = USUAL_BOUNDS, timeouts: Timeouts = USUAL_TIMEOUTS
) -> "DrainingServer":
    """A server of the site; `run([listener])` serves until SIGTERM or SIGINT, or until `should_exit` is set.

    Requests under way are answered first, unless the signal comes twice. The application stays the caller's to close.
    """
    load_routes()
    readiness = Readiness()
    config = uvicorn.Config(
        site_of(app, bounds, readiness),
        http=connections(app.identifiers.request_id, timeouts.head_s),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # it would show paths and queries
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=timeouts.idle_s,
        timeout_graceful_shutdown=timeouts.drain_s,
    )
    return DrainingServer(config, readiness)


def load_routes() -> None:
    """What a Lambda function loads when it is first asked, a server loads before: nobody waits for it, and a route that
    cannot be loaded is found at the start.
    """
    for route in ROUTES:
        route.load_endpoint()
        route.load_rendering()
        if route.body is not None:
            route.load_body()


class DrainingServer(uvicorn.Server):
    """uvicorn's, which leaves it to the program how it ends, and is not ready any more once it was told to."""

    def __init__(self, config: uvicorn.Config, readiness: Readiness) -> None:
        super().__init__(config)
        self._readiness = readiness

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a signal handler's
        """Drain; asked again, end at once. The signal is not raised again: to stop when asked is no failure."""
        self._readiness.is_on = False
        self.force_exit = self.should_exit
        self.should_exit = True
