"""What goes wrong inside is told as such, without a word on what it was, and logged without what it may hold."""

import asyncio
import json
import logging

import httpx
import pytest
from tests.integration.application.house import House

from quantleap.entrypoints.api.routes.table import EVERY_ROUTE
from quantleap.entrypoints.server.logs import JsonLines
from quantleap.entrypoints.server.site import site_of

PRIVATE = "anita@example.com sk_zebu_live_1"


@pytest.fixture
def answer(house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> httpx.Response:
    """Of a server with a fault in its own code."""

    def broken(*_: object) -> object:
        raise RuntimeError(PRIVATE)

    monkeypatch.setattr(EVERY_ROUTE, "route_of", broken)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(site_of(house.app))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get("/partner/marketplace/templates")

    return asyncio.run(ask())


def test_it_is_told_in_the_envelope(answer: httpx.Response) -> None:
    """With the request id that the log has."""
    assert answer.status_code == 500
    assert answer.json() == {
        "error": "internal_error",
        "message": "Something went wrong inside",
        "code": "INTERNAL_ERROR",
        "request_id": answer.headers["x-request-id"],
    }


def test_its_line_in_the_log_says_where_and_not_what(answer: httpx.Response, caplog: pytest.LogCaptureFixture) -> None:
    """The class of the error and the places it went through; nothing of its text."""
    [record] = [each for each in caplog.get_records("setup") if each.levelno == logging.ERROR]
    line = json.loads(JsonLines().format(record))
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["level"], line["message"], line["exception"]) == ("ERROR", "request failed", "RuntimeError")
    assert "broken" in line["raised_at"][-1]
    assert PRIVATE not in json.dumps(line)
