"""`/health` says whether the server can serve now."""

import asyncio

import httpx
import pytest
from tests.integration.application.house import House

from quantleap.application.claiming import Claiming
from quantleap.entrypoints.server.health import Readiness
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


def test_it_is_not_once_the_server_stops(house: House) -> None:
    """So that nothing more is sent to it."""
    answer = health(house, readiness=Readiness(is_on=False))
    assert (answer.status_code, answer.json()) == (503, {"status": "stopping"})


def test_it_is_only_looked_at(house: House) -> None:
    """In the API's own words."""
    answer = health(house, "POST")
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.json()["details"] == {"allowed": ["GET", "HEAD"]}
