"""The Lambda functions as Lambda runs them: a house on a SQLite file, and events that API Gateway makes for it."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from tests.integration.api.api_gateway import claims_of, event_of
from tests.integration.application.house import ANITA, NOON, ZEBU, CountedChance, CountedIdentifiers, House

from quantleap.composition import DrivenClock, World
from quantleap.domain.principals import PartnerBackend, User
from quantleap.entrypoints.api.callers import partner_context
from quantleap.entrypoints.lambdas.api_function import ApiFunction
from quantleap.entrypoints.observing import SERVICE

BY_ZEBU = partner_context(PartnerBackend(ZEBU))
NOBODY: Mapping[str, Any] = {}


def by_user(user: User) -> dict[str, Any]:
    """What the Cognito authorizer hands on of a user."""
    claims = {"email": user.email.address, "email_verified": True, "token_use": "id"}
    return {"claims": claims_of(claims)}


def event(method: str, path: str, authorizer: Mapping[str, Any] = BY_ZEBU, body: Any = None) -> dict[str, Any]:
    """The event of a request that its authorizer let in."""
    sent = b"" if body is None else json.dumps(body).encode()
    headers = [("Content-Type", "application/json")] if sent else []
    made = event_of(method, path, headers, sent, "a-gateway-s-own-id")
    made["requestContext"]["authorizer"] = dict(authorizer)
    return made


@frozen
class Functions:
    """A store with a marketplace, two partners and one subscription; each function opens it for itself."""

    house: House
    subscription_id: str

    def start(self, function: str) -> ApiFunction:
        """A function after its init."""
        made = ApiFunction(function, World(DrivenClock(NOON), CountedIdentifiers(), CountedChance()))
        made.prepare()
        return made


@contextmanager
def functions_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Functions]:
    """With the environment that the functions are given."""
    url = f"sqlite:///{folder / 'store.db'}"
    monkeypatch.setenv("QUANTLEAP_STORE", url)
    with closing(House.furnished(url).app) as app, log_of_its_own():
        house = House(app, DrivenClock(NOON))
        yield Functions(house, house.subscribed(ANITA).summary.terms.subscription_id)


@contextmanager
def log_of_its_own() -> Iterator[None]:
    """Powertools sets a logger up once a process, to the standard output of that moment."""
    _forget_log()
    try:
        yield
    finally:
        _forget_log()


def _forget_log() -> None:
    logger = logging.getLogger(SERVICE)
    logger.handlers.clear()
    logger.setLevel(logging.NOTSET)
    for name in ("init", "powertools_handler", "powertools_buffer_config", "powertools_buffer_cache"):
        vars(logger).pop(name, None)
