"""No line of any log holds an email, a key, a secret or a token: all routes walked, good and bad, at DEBUG."""

import io
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from attrs import define, field
from tests.integration.api.credentials import Headers
from tests.integration.api.estate import ACCOUNT, NOTE, OWNERS, Estate, furnished
from tests.integration.api.faces import FACES, Face
from tests.integration.api.functions import log_of_its_own
from tests.integration.api.rows_of_routes import ROWS
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR
from tests.integration.contracts.stores import REAL_STORES, STORES, everything

from quantleap.adapters.store.seam import Delete, Engine, Item, Key, Put
from quantleap.entrypoints.api.route import Method, Route
from quantleap.entrypoints.api.routes.table import ROUTES
from quantleap.entrypoints.lambdas.logs import log_as_json
from quantleap.entrypoints.observing import SERVICE, keep_quiet
from quantleap.entrypoints.server.logs import JsonLines

STRANGER = "carol.nobody@example.com"
IDEMPOTENCY_KEY = "an-idempotency-key-of-somebody"
REFUSED = (
    "nobody",
    "a key with a wrong secret",
    "a revoked key",
    "an expired key",
    "an expired token",
    "a token of another signature",
    "a token of an unverified email",
)
NO_BODIES: tuple[Any, ...] = (
    {STRANGER: STRANGER},
    {"user_email": STRANGER, "basket_id": CONDOR, "broker_account_id": ACCOUNT},
    {"user_email": STRANGER, "basket_id": STRANGER, STRANGER: 1, "metadata": {"note": STRANGER}},
)
SECRET_NAMES = {"api_key", "api_secret", "secret", "previous_api_key"}


@define
class Walk:
    """Requests of a face to an estate that stays as it is, and all that no log may hold."""

    estate: Estate
    face: Face
    private: set[str]
    statuses: dict[str, set[int]] = field(factory=lambda: defaultdict(set))
    with_a_secret: set[str] = field(factory=set)
    _kept: Mapping[Key, Item] = field(init=False)

    @_kept.default
    def _keep(self) -> Mapping[Key, Item]:
        return _by_key(self.estate.house.app._engine)

    def through(self, routes: Iterable[Route]) -> None:
        """Each route, well and badly."""
        for route in routes:
            for who in (*OWNERS.values(), *REFUSED):
                self._well(route, self._headers(who))
            for who in (OWNERS[route.caller], "nobody"):
                self._badly(route, self._headers(who))

    def lacks_a_good_answer(self) -> list[str]:
        """The routes that gave none."""
        return [route.name for route in ROUTES if route.status not in self.statuses[route.name]]

    def _well(self, route: Route, headers: Headers) -> None:
        """What its row says that its owner is answered."""
        row = ROWS[route.name]
        self._ask(route, headers, **row.request(route, row.of_owner(self.estate), self.estate))

    def _badly(self, route: Route, headers: Headers) -> None:
        """What nobody can read, and an email for the name of what is there."""
        there = self.estate.there
        for of in (there, dict.fromkeys(there, STRANGER)):
            path, query = route.path.format_map(of), {"user_email": STRANGER, STRANGER: STRANGER}
            self._ask(route, headers, method=route.method, path=path, query=query)
            for body in () if route.method is Method.GET else NO_BODIES:
                self._ask(route, headers, method=route.method, path=path, json=body)

    def _headers(self, who: str) -> Headers:
        headers = self.estate.credentials.of[who]
        self.private |= {value.removeprefix("Bearer ") for value in headers.values()}
        return headers

    def _ask(self, route: Route, headers: Headers, **asked: Any) -> None:
        sent = headers if route.method is Method.GET else {**headers, "Idempotency-Key": IDEMPOTENCY_KEY}
        answered = self.face.ask(headers=sent, **asked)
        self.statuses[route.name].add(answered.status)
        if secrets := set(_secrets_in(answered.json)):
            self.private |= secrets
            self.with_a_secret.add(route.name)
        if route.method is not Method.GET and answered.status < 400:
            self._take_back()

    def _take_back(self) -> None:
        """Whatever the store, so that the next request finds what it asks for."""
        engine = self.estate.house.app._engine
        now = _by_key(engine)
        for key in now.keys() - self._kept.keys():
            engine.write(Delete(key))
        for key, item in self._kept.items():
            if now.get(key) != item:
                engine.write(Put(item))


def _by_key(engine: Engine) -> Mapping[Key, Item]:
    return {Key(str(item["user_id"]), str(item["sort_key"])): item for item in everything(engine)}


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
        monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)  # the tests' own client
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
    estate = furnished(STORES[store](tmp_path))
    private = {ANITA.email.address, BALA.email.address, ADMIN.email.address, STRANGER, IDEMPOTENCY_KEY, ACCOUNT, NOTE}
    app = estate.house.app
    with app, everything_logged(monkeypatch) as written, closing(FACES[face](app)) as way_in:
        walk = Walk(estate, way_in, private)
        walk.through(ROUTES)
        monkeypatch.setattr("quantleap.application.subscription_care.SubscriptionCare.pause", _fail)
        walk.through(route for route in ROUTES if route.name.endswith("PauseSubscription"))
        told = unquote(written.getvalue())
    assert walk.lacks_a_good_answer() == []
    assert {400, 401, 403, 404, 500} <= set().union(*walk.statuses.values())
    assert walk.with_a_secret == {route.name for route in ROUTES if route.secret_of is not None}
    assert f'"logger": "{SERVICE}.access"' in told or face == "lambda"
    assert '"raised_at"' in told
    assert [each for each in walk.private if each and each in told] == []


def _fail(*_: object, **__: object) -> None:
    raise RuntimeError(f"{STRANGER} and {IDEMPOTENCY_KEY}")
