"""The server does what its description says, whoever calls and whatever is sent: Schemathesis tries to find where not.

In every run: no 5xx, no undocumented status, content type or header, no answer beside its schema, nothing accepted that
the schemas forbid, nothing refused that they allow but by a rule of the business that no schema can say.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest
from attrs import frozen
from tests.integration.api.asking import ROUTE
from tests.integration.api.faces import partner_headers, token_headers
from tests.integration.api.schemathesis_run import PHASES, Outcome, Plan, run
from tests.integration.api.wire import HOST, serving
from tests.integration.application.house import ADMIN, BALA, CONDOR, STRADDLE, ZEBU, House

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.partners.token_bucket import MAX_LIMIT
from quantleap.entrypoints.api.endpoints import templates as endpoints
from quantleap.entrypoints.api.rendering import templates
from quantleap.entrypoints.api.route import Caller, Route
from quantleap.entrypoints.api.routes.table import ROUTES

IS_DEEP = os.environ.get("QUANTLEAP_DEEP") == "1"

RULES = re.compile(
    r"is not a position of this list|must not be given together with an offset"
    r"|must be before `to`|must be at most \d+ days before `to`"
    r"|must have at most \d+ decimal places( in [A-Z]{3})?|has too many digits|must be from 0 to 10{15}"
    r"|must be an amount such as 999\.00"
    r"|(key )?must not hold control or invisible characters|must be one plain mailbox such as name@example\.com"
    r"|must be the one in the path|must hold at least one strategy while the template is on the marketplace"
    r"|must be from -?[\d.]+ to \d+ with [A-Z_]+|is required with [A-Z_]+|is refused with [A-Z_]+"
    r"|must be (after entry_time|the entry_days) when INTRADAY|[A-Z]+ has no weekly contracts"
    r"|must not be more than entry_days_before_expiry|must be above that of the leg before it"
    r"|repeats (an account that stands|the id of a (leg|strategy)) before it"
    r"|must be given together with the other|is (refused|required) in mode [a-z]+|must not all have weight 0"
)
"""Why a value may be refused that its schema allows: it does not fit another, or no schema can say what it may be."""


def is_right(envelope: Mapping[str, Any]) -> bool:
    """Whether the refusal is of the state of things, or of values by those rules alone."""
    if envelope["code"] != "VALIDATION_ERROR":
        return True
    return all(RULES.fullmatch(each["reason"]) for each in envelope["details"]["errors"])


@frozen
class Part:
    """Somebody to play: the headers, what is often said, and how many requests an operation gets when fuzzed."""

    headers: Callable[[House], dict[str, str]]
    words: Mapping[str, Iterable[object]]
    examples: int


BASKETS = (CONDOR, STRADDLE, "basket_admin_d40c5b62", "basket_admin_77aa01fe")
PARTS = {
    Caller.PARTNER: Part(
        partner_headers,
        {
            "body.basket_id": BASKETS,
            "body.user_email": [f"user{number}@example.com" for number in range(40)],
            "body.custom_lot_multiplier": (0.1, 1, 1.5, 10),
        },
        60,
    ),
    Caller.USER: Part(lambda house: token_headers(house, BALA.email), {"path.basket_id": BASKETS}, 60),
    Caller.ADMIN: Part(
        lambda house: token_headers(house, ADMIN.email, is_admin=True),
        {"path.basket_id": BASKETS, "query.partner_id": [str(ZEBU)]},
        15,
    ),
}
DEEPER = 10


@pytest.fixture
def house() -> Iterator[House]:
    """One whose partner may ask as often as it likes."""
    made = House.furnished("memory://")
    made.app.partners.revise(ADMIN, ZEBU, rate_limit=MAX_LIMIT)
    with made.app:
        yield made


def played(house: House, caller: Caller, examples: int, only: Route | None = None) -> Outcome:
    """What comes of a run in that part, on one route where one is given."""
    plan = Plan(
        tag=caller,
        only=None if only is None else only.name,
        headers=PARTS[caller].headers(house),
        words=PARTS[caller].words,
        examples=examples,
        seed=None if IS_DEEP else 1,
    )
    with serving(house.app) as port:
        return run(f"http://{HOST}:{port}", plan, is_right)


@pytest.mark.parametrize("caller", [*Caller])
def test_the_server_does_what_its_description_says(house: House, caller: Caller) -> None:
    outcome = played(house, caller, PARTS[caller].examples * (DEEPER if IS_DEEP else 1))

    assert not outcome.problems, "\n\n".join(f"{key}\n{text}" for key, text in outcome.problems.items())
    assert outcome.phases == dict.fromkeys(PHASES, "success")
    assert outcome.cases.total() > 800
    of_caller = {route.name: route.status for route in ROUTES if route.caller is caller}
    assert of_caller.items() <= outcome.statuses.keys()
    assert {name for name in MOVES if name in of_caller} <= {name for name, steps in outcome.steps.items() if steps}


MOVES = {f"{whose}{move}Subscription" for whose in ("partner", "user") for move in ("Get", "Pause", "Resume", "Cancel")}
"""What sequences of requests must have led to."""


def broken(answer: dict[str, Any]) -> dict[str, Any]:
    """A failure of the service."""
    raise RuntimeError


PLANTED: Mapping[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "a fault": (broken, "not_a_server_error"),
    "a field that is gone": (lambda answer: {**answer, "basket_name": None}, "response_schema_conformance"),
    "an amount as text": (lambda answer: {**answer, "subscription_price": "999"}, "response_schema_conformance"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_found(house: House, monkeypatch: pytest.MonkeyPatch, planted: str) -> None:
    spoil, check = PLANTED[planted]
    render = templates.template_document
    monkeypatch.setattr(templates, "template_document", lambda template: spoil(render(template)))

    outcome = played(house, Caller.USER, 1, only=ROUTE["userGetTemplate"])

    assert ("GET /options/marketplace/templates/{basket_id}", check) in {key[:2] for key in outcome.problems}


def test_what_is_refused_against_its_schema_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise InvalidInputError("basket_id", "is not to my liking")

    monkeypatch.setattr(endpoints, "shown", refuse)

    outcome = played(house, Caller.USER, 1, only=ROUTE["userGetTemplate"])

    found = {key[:2] for key in outcome.problems}
    assert ("GET /options/marketplace/templates/{basket_id}", "positive_data_acceptance") in found
