"""The local server on a real socket, and a client that says exactly what goes over it."""

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import h11
from attrs import define, field, frozen

from quantleap.composition import Application
from quantleap.entrypoints.server.running import Timeouts, listen, server_of
from quantleap.entrypoints.server.site import Bounds

GIVE_UP_S = 20.0
"""How long a test waits for what must happen, before it fails."""

HOST = "127.0.0.1"


@contextmanager
def serving(app: Application, bounds: Bounds | None = None, timeouts: Timeouts | None = None) -> Iterator[int]:
    """Serves from a thread; gives the port. Drained at the end."""
    server = server_of(app, bounds or Bounds(), timeouts or Timeouts())
    with listen(HOST, 0) as listener:
        port: int = listener.getsockname()[1]
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(GIVE_UP_S)
            assert not thread.is_alive()


@frozen
class Heard:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@define
class Line:
    """One connection. `say` puts bytes on it as they are; `hear` reads one answer, as h11 understands it."""

    _socket: socket.socket
    _heard: h11.Connection = field(factory=lambda: h11.Connection(h11.CLIENT))

    def say(self, *parts: bytes) -> None:
        """Send them."""
        self._socket.sendall(b"".join(parts))

    def hear(self, method: str = "GET") -> Heard:
        """The next answer, to a request of that method; an interim one has no body."""
        if self._heard.our_state is h11.DONE and self._heard.their_state is h11.DONE:
            self._heard.start_next_cycle()
        if self._heard.our_state is h11.IDLE:
            # What was said went past h11, which must know that something was.
            self._heard.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
            self._heard.send(h11.EndOfMessage())
        begun = self._next()
        assert isinstance(begun, h11.Response | h11.InformationalResponse), begun
        headers = {name.decode(): value.decode() for name, value in begun.headers}
        body = b""
        while isinstance(begun, h11.Response) and isinstance(event := self._next(), h11.Data):
            body += event.data
        return Heard(begun.status_code, headers, body)

    def hears_something_within(self, seconds: float) -> bool:
        """Whether there is something to hear, or the connection is at its end."""
        return bool(select.select([self._socket], [], [], seconds)[0])

    def is_hung_up(self) -> bool:
        """Whether the server ends the connection without another word."""
        try:
            return self._socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def _next(self) -> h11.Event:
        while (event := self._heard.next_event()) is h11.NEED_DATA:
            self._heard.receive_data(self._socket.recv(65_536))
        assert not isinstance(event, type)
        return event


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A connection."""
    with socket.create_connection((HOST, port), timeout=GIVE_UP_S) as connected:
        yield Line(connected)


def head(method: str, path: str, headers: dict[str, str] | None = None) -> bytes:
    """The head of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return "\r\n".join([*lines, "", ""]).encode()
