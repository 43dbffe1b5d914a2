"""The server does what its description says, whoever calls and whatever is sent: Schemathesis tries to find where not.

In every run: no 5xx, no undocumented status, content type or header, no answer beside its schema, nothing accepted that
the schemas forbid, nothing refused that they allow but by a rule of the business that no schema can say.
"""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from attrs import frozen
from tests.integration.api.faces import partner_headers, token_headers
from tests.integration.api.schemathesis_run import PHASES, Plan, run
from tests.integration.api.wire import HOST, serving
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, STRADDLE, ZEBU, House, sample_catalog

from quantleap.domain.partners.token_bucket import MAX_LIMIT
from quantleap.entrypoints.api.route import Caller, Route
from quantleap.entrypoints.api.routes import ROUTES

IS_DEEP = os.environ.get("QUANTLEAP_DEEP") == "1"

RULES = (
    ("cursor", "is not a position of this list"),
)
"""Refusals of single values, by field and reason, that no schema tells: what a value may be depends on another."""


def is_a_rule(envelope: Mapping[str, Any]) -> bool:
    """Whether the refusal is of the state of things, or of values as the rules above have it."""
    if envelope["code"] != "VALIDATION_ERROR":
        return True
    errors = envelope["details"]["errors"]
    return all(any(re.fullmatch(field, each["field"]) and re.fullmatch(reason, each["reason"]) for field, reason in RULES) for each in errors)


@frozen
class Part:
    """Somebody to play: the headers, the words to say, and how many requests an operation gets."""

    headers: Callable[[House], dict[str, str]]
    words: Mapping[str, list[str]]
    examples: int


BASKETS = [CONDOR, STRADDLE, "basket_admin_d40c5b62"]
PARTS = {
    Caller.PARTNER: Part(
        partner_headers,
        {"body.basket_id": BASKETS, "body.user_email": [f"user{number}@example.com" for number in range(40)]},
        60,
    ),
    Caller.USER: Part(lambda house: token_headers(house, BALA.email), {"path.basket_id": BASKETS}, 60),
    Caller.ADMIN: Part(
        lambda house: token_headers(house, ADMIN.email, is_admin=True),
        {"path.basket_id": BASKETS, "query.partner_id": [str(ZEBU)]},
        15,
    ),
}


@pytest.mark.parametrize("caller", [*Caller])
def test_the_server_does_what_its_description_says(caller: Caller) -> None:
    part = PARTS[caller]
    house = House.furnished("memory://")
    house.app.partners.revise(ADMIN, ZEBU, rate_limit=MAX_LIMIT)
    plan = Plan(
        tag=caller,
        headers=part.headers(house),
        words=part.words,
        examples=part.examples * (20 if IS_DEEP else 1),
        seed=None if IS_DEEP else 1,
    )
    with house.app, serving(house.app) as port:
        outcome = run(f"http://{HOST}:{port}", plan, is_a_rule)

    print(outcome.cases, outcome.statuses, outcome.steps, outcome.phases)
    assert not outcome.problems, "\n\n".join(f"{key}\n{text}" for key, text in outcome.problems.items())
    assert outcome.phases == dict.fromkeys(PHASES, "success")
    reached = {name for name, status in outcome.statuses if status < 300}
    assert reached == {route.name for route in ROUTES if route.caller is caller}
