"""No line of any log holds an email, a key, a secret or a token: all routes walked, good and bad, at DEBUG."""

import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field
from tests.integration.api.faces import FACES, Face, partner_headers, token_headers
from tests.integration.api.functions import log_of_its_own
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, ZEBU, House
from tests.integration.contracts.stores import REAL_STORES, STORES

from quantleap.entrypoints.api.route import Caller, Route
from quantleap.entrypoints.api.routes import ROUTES
from quantleap.entrypoints.lambdas.logs import log_as_json
from quantleap.entrypoints.observing import SERVICE, keep_quiet
from quantleap.entrypoints.server.logs import JsonLines

STRANGER = "carol.nobody@example.com"
IDEMPOTENCY_KEY = "an-idempotency-key-of-somebody"
BODIES: tuple[Any, ...] = (
    None,
    {"user_email": STRANGER, "basket_id": CONDOR, "broker_account_id": "AB1234"},
    {"user_email": STRANGER, "basket_id": STRANGER, STRANGER: 1, "metadata": {"note": STRANGER}},
)
SECRET_NAMES = {"api_key", "api_secret", "secret", "previous_api_key"}


@define
class Walk:
    """Requests of a face, and all that no log may hold."""

    house: House
    face: Face
    path: dict[str, str]
    private: set[str]
    statuses: set[int] = field(factory=set)

    def through(self, routes: Iterable[Route]) -> None:
        """Each route, by everybody, with every body."""
        callers = self._callers()
        for route in routes:
            for headers in callers.values():
                for body in BODIES if route.method != "GET" else BODIES[:1]:
                    self._ask(route, headers, body)

    def _callers(self) -> dict[str, dict[str, str]]:
        callers: dict[str, dict[str, str]] = {
            "partner": partner_headers(self.house),
            "user": token_headers(self.house, ANITA.email),
            "admin": token_headers(self.house, ADMIN.email, is_admin=True),
            "nobody": {},
        }
        callers["wrong secret"] = {
            **callers["partner"],
            "X-Partner-Secret": f"{callers['partner']['X-Partner-Secret']}x",
        }
        callers["wrong token"] = {"Authorization": f"{callers['user']['Authorization']}x"}
        for headers in callers.values():
            self.private |= {value.removeprefix("Bearer ") for value in headers.values()}
        return callers

    def _ask(self, route: Route, headers: dict[str, str], body: Any) -> None:
        query = {"user_email": STRANGER} if route.method == "GET" else {}
        sent = {**headers, "Idempotency-Key": IDEMPOTENCY_KEY} if body else headers
        path = route.path.format_map(self.path)
        answered = self.face.ask(route.method, path, headers=sent, query=query, json=body)
        self.statuses.add(answered.status)
        self.private |= set(_secrets_in(answered.json))


def _secrets_in(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in document.items():
            if name in SECRET_NAMES and isinstance(value, str):
                yield value
            yield from _secrets_in(value)
    elif isinstance(document, list):
        for each in document:
            yield from _secrets_in(each)


@contextmanager
def everything_logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that any logger tells from DEBUG on, as the server's log and as a function's write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    monkeypatch.setattr("sys.stdout", written)
    with log_of_its_own():
        log_as_json("partner-api-manager")
        keep_quiet()
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            yield written
        finally:
            root.removeHandler(handler)
            root.setLevel(level)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("store", REAL_STORES)
def test_no_log_holds_what_is_private(store: str, face: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House.furnished(STORES[store](tmp_path))
    with house.app, everything_logged(monkeypatch) as written, closing(FACES[face](house.app)) as way_in:
        walk = Walk(
            house,
            way_in,
            {
                "subscription_id": house.subscribed(ANITA).summary.terms.subscription_id,
                "basket_id": CONDOR,
                "strategy_id": f"{CONDOR}_1",
                "partner_id": str(ZEBU),
                "api_key_id": house.first_key().api_key_id,
            },
            {ANITA.email.address, BALA.email.address, ADMIN.email.address, STRANGER, IDEMPOTENCY_KEY},
        )
        walk.through(sorted(ROUTES, key=_ends_something))
        monkeypatch.setattr("quantleap.application.subscription_care.SubscriptionCare.pause", _fail)
        walk.through(route for route in ROUTES if route.name.endswith("PauseSubscription"))
        told = written.getvalue()
    assert {200, 201, 400, 401, 403, 404, 500} <= walk.statuses
    assert f'"logger": "{SERVICE}.access"' in told or face == "lambda"
    assert '"raised_at"' in told
    assert [each for each in walk.private if each and each in told] == []


def _ends_something(route: Route) -> tuple[bool, bool]:
    """Sorts such routes last, so that the others find what they ask for."""
    return route.caller is Caller.ADMIN, route.method == "DELETE"


def _fail(*_: object, **__: object) -> None:
    raise RuntimeError(f"{STRANGER} and {IDEMPOTENCY_KEY}")
