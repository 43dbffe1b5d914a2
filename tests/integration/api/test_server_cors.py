"""Pages in a browser: refused, but of the origins that were named."""

import asyncio

import httpx
import pytest
from tests.integration.application.house import House

from quantleap.entrypoints.api.problems import SlowBodyError
from quantleap.entrypoints.server import api
from quantleap.entrypoints.server.site import Bounds, site_of

ALLOWED = "https://app.example.com"
NAMED = Bounds(origins=(ALLOWED,))
PATH = "/partner/marketplace/templates"


def asked(house: House, method: str, bounds: Bounds, headers: dict[str, str]) -> httpx.Response:
    """The answer of a server with those bounds."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(site_of(house.app, bounds))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, PATH, headers=headers)

    return asyncio.run(ask())


def preflight(origin: str, headers: str = "authorization, idempotency-key, content-type") -> dict[str, str]:
    """What a browser asks first."""
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": headers,
    }


def test_nothing_is_allowed_unless_said(house: House) -> None:
    """The question itself is a method that the path does not take."""
    answer = asked(house, "OPTIONS", Bounds(), preflight(ALLOWED))
    assert answer.status_code == 405
    assert answer.json()["code"] == "METHOD_NOT_ALLOWED"
    assert not any(name.startswith("access-control") for name in answer.headers)


def test_a_named_origin_may_call(house: House) -> None:
    """With a token and an idempotency key, never with a cookie or a partner's secret."""
    answer = asked(house, "OPTIONS", NAMED, preflight(ALLOWED))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == ALLOWED
    assert "access-control-allow-credentials" not in answer.headers
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert "idempotency-key" in allowed
    assert "authorization" in allowed
    assert "secret" not in allowed


def test_another_origin_may_not(house: House) -> None:
    """Its browser is told of none."""
    answer = asked(house, "OPTIONS", NAMED, preflight("https://evil.example.com"))
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("origin", "told"), [(ALLOWED, ALLOWED), ("https://evil.example.com", None)])
def test_an_answer_may_be_read_by_a_named_origin_alone(house: House, origin: str, told: str | None) -> None:
    """A refusal too, and with its request id."""
    answer = asked(house, "GET", NAMED, {"Origin": origin})
    assert answer.status_code == 401
    assert answer.headers.get("access-control-allow-origin") == told
    assert "X-Request-Id" in answer.headers["access-control-expose-headers"]


async def broken(*_: object) -> bytes:
    raise RuntimeError


async def slow(*_: object) -> bytes:
    raise SlowBodyError


@pytest.mark.parametrize(
    ("read_body", "at_once", "status"), [(broken, 1, 500), (slow, 1, 408), (slow, 0, 503)], ids=["500", "408", "503"]
)
def test_what_is_refused_around_the_routes_may_be_read_too(
    house: House, monkeypatch: pytest.MonkeyPatch, read_body: object, at_once: int, status: int
) -> None:
    """Without the header a page learns of no status, and of no `Retry-After`."""
    monkeypatch.setattr(api, "read_body", read_body)
    answer = asked(house, "GET", Bounds(origins=(ALLOWED,), at_once=at_once), {"Origin": ALLOWED})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == ALLOWED
