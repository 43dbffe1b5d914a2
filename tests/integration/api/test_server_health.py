"""`/health` says whether the server can serve now."""

import asyncio
import json
from threading import Event

import httpx
import pytest
from tests.integration.api.wire import GIVE_UP_S
from tests.integration.application.house import House

from quantleap.application.claiming import Claiming
from quantleap.entrypoints.server import api
from quantleap.entrypoints.server.health import Readiness
from quantleap.entrypoints.server.logs import JsonLines
from quantleap.entrypoints.server.site import Bounds, site_of
from quantleap.ports.errors import UnavailableError


def health(house: House, method: str = "GET", readiness: Readiness | None = None) -> httpx.Response:
    """What a watcher is told."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(site_of(house.app, Bounds(), readiness))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, "/health")

    return asyncio.run(ask())


def test_it_is_well(house: House) -> None:
    """To anybody."""
    answer = health(house)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_not_when_the_store_is_not(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word on why."""

    def check(_: Claiming) -> bool:
        raise UnavailableError("no such host db.internal")

    monkeypatch.setattr(Claiming, "check", check)
    answer = health(house)
    assert (answer.status_code, answer.json()) == (503, {"status": "store unavailable"})


def test_why_it_is_not_well_is_logged_once_until_it_is_well_again(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever watches asks every few seconds; the text of the error, which may hold anything, is in no line."""
    turns = iter([False, False, True, False])

    def check(_: Claiming) -> bool:
        if next(turns):
            return True
        raise UnavailableError("no such host db.internal")

    monkeypatch.setattr(Claiming, "check", check)

    async def watch() -> list[int]:
        transport = httpx.ASGITransport(site_of(house.app))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return [(await client.get("/health")).status_code for _ in range(4)]

    assert asyncio.run(watch()) == [503, 503, 200, 503]
    lines = [json.loads(JsonLines().format(each)) for each in caplog.records if each.name == "quantleap.health"]
    assert [(line["level"], line["exception"]) for line in lines] == [("ERROR", "UnavailableError")] * 2
    assert "db.internal" not in json.dumps(lines)


def test_it_is_told_while_every_thread_is_busy(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a server that is only slow would be taken for one that is dead, and killed."""
    is_held, may_go = Event(), Event()

    def wait(*_: object) -> None:
        is_held.set()
        assert may_go.wait(GIVE_UP_S)
        raise UnavailableError("held")

    monkeypatch.setattr(api, "authenticate", wait)

    async def ask() -> tuple[int, int]:
        transport = httpx.ASGITransport(site_of(house.app, Bounds(threads=1)))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            held = asyncio.create_task(client.get("/partner/subscriptions"))
            assert await asyncio.to_thread(is_held.wait, GIVE_UP_S)
            try:
                well = await asyncio.wait_for(client.get("/health"), GIVE_UP_S / 4)
            finally:
                may_go.set()
            return well.status_code, (await held).status_code

    assert asyncio.run(ask()) == (200, 503)


def test_it_is_not_once_the_server_stops(house: House) -> None:
    """So that nothing more is sent to it."""
    answer = health(house, readiness=Readiness(is_on=False))
    assert (answer.status_code, answer.json()) == (503, {"status": "stopping"})


def test_it_is_only_looked_at(house: House) -> None:
    """In the API's own words."""
    answer = health(house, "POST")
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.json()["details"] == {"allowed": ["GET", "HEAD"]}
