"""What a request costs before anybody knows who sent it: the one event loop serves everybody."""

import asyncio
import time
from typing import Any

import pytest
from tests.integration.application.house import House

from quantleap.entrypoints.server import api
from quantleap.entrypoints.server.site import site_of

MANY = 60_000


def asked(house: House, query: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    """The status of an answer to a request without credentials."""
    statuses: list[int] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/partner/subscriptions",
        "raw_path": b"/partner/subscriptions",
        "query_string": query,
        "headers": headers,
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    asyncio.run(site_of(house.app)(scope, receive, send))
    return statuses[0]


def seconds_of(house: House, query: bytes = b"", headers: list[tuple[bytes, bytes]] | None = None) -> float:
    """The processor time of such a request, after one that loads what any loads."""
    asked(house, b"", [])
    begun = time.process_time()
    assert asked(house, query, headers or []) == 401
    return time.process_time() - begun


def test_a_parameter_sent_many_times_costs_no_more_than_as_many_parameters(house: House) -> None:
    """Five times allows for a busy machine; what grew with the square of their number cost some hundred times more."""
    others = seconds_of(house, b"&".join(b"a%d=" % number for number in range(MANY)))
    assert seconds_of(house, b"a=&" * MANY) < 5 * others


def test_a_header_sent_many_times_costs_no_more_than_as_many_headers(house: House) -> None:
    """Alike."""
    others = seconds_of(house, headers=[(b"a%d" % number, b"b") for number in range(MANY)])
    assert seconds_of(house, headers=[(b"a", b"b")] * MANY) < 5 * others


def test_what_was_sent_is_put_in_order_beside_the_loop(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the pool, where it holds up nobody."""
    had_loop: list[bool] = []

    def grouped(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
        had_loop.append(asyncio._get_running_loop() is not None)
        return group(pairs)

    group = api._grouped
    monkeypatch.setattr(api, "_grouped", grouped)
    asked(house, b"a=1", [(b"b", b"c")])
    assert had_loop == [False, False]
