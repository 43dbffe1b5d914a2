"""uvicorn's HTTP/1.1 connections, with three things that they lack: a deadline for the head of a request, a bound on a
head that comes in one piece, and the API's envelope for what is no HTTP.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from quantleap.entrypoints.api.errors import refusal
from quantleap.entrypoints.api.problems import MalformedRequestError
from quantleap.entrypoints.api.request import REQUEST_ID_HEADER
from quantleap.entrypoints.server.answering import JSON_TYPE

MAX_HEAD_BYTES = 16 * 1024
"""Largest head of a request: its first line, its headers and the empty line."""

_FRAMING = len("  HTTP/1.1\r\n\r\n")
_FRAMING_OF_HEADER = len(":\r\n")


class BoundedParser(h11.Connection):
    """h11's parser, which bounds a head only for as long as its end has not come."""

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """See h11. Raises its RemoteProtocolError also for a head of more than MAX_HEAD_BYTES."""
        event = super().next_event()
        if isinstance(event, h11.Request) and _head_bytes(event) > MAX_HEAD_BYTES:
            raise h11.RemoteProtocolError("the head is too long", error_status_hint=431)
        return event


def _head_bytes(head: h11.Request) -> int:
    """As it was sent, but for spaces that mean nothing."""
    headers = sum(len(name) + len(value) + _FRAMING_OF_HEADER for name, value in head.headers)
    return len(head.method) + len(head.target) + headers + _FRAMING


class Connection(H11Protocol):
    """One client's. Its subclass by `connections` knows how requests are named and how long a head may take."""

    new_request_id: ClassVar[Callable[[], str]]
    head_timeout_s: ClassVar[float]

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Expect a head."""
        super().connection_made(transport)
        self.conn = BoundedParser(h11.SERVER, MAX_HEAD_BYTES)
        # asyncio does so by itself only where the listening socket names its protocol. Without it the body, sent after
        # the head, waits some 40 ms for the client's acknowledgement of the head.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.access_log = False  # uvicorn's own shows paths and queries, and comes back with any handler
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Expect the rest of a head, where it is not whole.

        In pieces, so that the parser sees a head that is too long before its end, however much came at once.
        """
        for start in range(0, len(data), MAX_HEAD_BYTES):
            if not self.transport.is_closing():
                super().data_received(data[start : start + MAX_HEAD_BYTES])
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing."""
        self._forget_deadline()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Tell it in the envelope, unless an answer is on its way already, and hang up."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._refuse()
        self.transport.close()

    def _refuse(self) -> None:
        request_id = type(self).new_request_id()
        answer = refusal(MalformedRequestError(), request_id)
        headers = {
            "Content-Type": JSON_TYPE,
            "Content-Length": str(len(answer.text)),
            REQUEST_ID_HEADER: request_id,
            "Connection": "close",
        }
        self.transport.write(
            self.conn.send(h11.Response(status_code=answer.status, headers=list(headers.items()), reason="Bad Request"))
        )
        self.transport.write(self.conn.send(h11.Data(data=answer.text.encode())))
        self.transport.write(self.conn.send(h11.EndOfMessage()))

    def _watch(self) -> None:
        """A client that sends its head byte by byte would hold its connection for ever."""
        is_waiting = getattr(self.cycle, "response_complete", True)  # there is no cycle before the first request
        if not is_waiting:
            self._forget_deadline()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.head_timeout_s, self.timeout_keep_alive_handler)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def connections(request_id: Callable[[], str], timeout_s: float) -> type[Connection]:
    """The class that uvicorn makes one of for each connection."""

    class Ours(Connection):
        new_request_id = staticmethod(request_id)
        head_timeout_s = timeout_s

    return Ours
