"""The marketplace and direct subscribing as users reach them."""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from tests.integration.api.asking import Asking, invalid, refusal_of
from tests.integration.api.faces import Face
from tests.integration.application.house import ADMIN, ANITA, CONDOR, STRADDLE, ZEBU, House

LIST, SHOW, SUBSCRIBE = "userListTemplates", "userGetTemplate", "userSubscribe"
ACCEPTED = "broker_id, broker_account_id, custom_lot_multiplier, metadata"


@pytest.fixture
def anita(face: Face, house: House) -> Asking:
    return Asking.user(face, house, ANITA)


def test_a_user_is_shown_the_same_list_as_partners_are(anita: Asking, face: Face, house: House) -> None:
    query = {"category": "volatility", "limit": "1"}
    assert anita.good(LIST, query=query) == Asking.partner(face, house).good("partnerListTemplates", query=query)


def test_one_template_is_shown_as_it_is_in_the_list(anita: Asking) -> None:
    [listed] = anita.good(LIST, query={"category": "neutral"})["templates"]
    assert anita.good(SHOW, basket_id=CONDOR) == listed


def test_one_that_was_taken_off_is_shown_and_a_draft_is_not_there(anita: Asking, house: House) -> None:
    house.app.authoring.take_off(ADMIN, CONDOR)
    assert anita.good(SHOW, basket_id=CONDOR)["is_marketplace_enabled"] is False
    content = house.app.authoring.get(ADMIN, CONDOR).content
    house.app.authoring.create(ADMIN, evolve(content, basket_id="draft", strategies=()))
    for missing in ("draft", "missing"):
        refused = (404, "TEMPLATE_NOT_FOUND", f"No template basket {missing}", {"basket_id": missing})
        assert refusal_of(anita.ask(SHOW, basket_id=missing)) == refused


def test_a_user_never_sees_returns_whatever_partners_see(anita: Asking, house: House) -> None:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    house.app.authoring.edit(ADMIN, evolve(content, expected_return_monthly=Decimal("2.5")))
    house.app.partners.revise(ADMIN, ZEBU, show_performance=True)
    shown = [anita.good(SHOW, basket_id=CONDOR), *anita.good(LIST)["templates"]]
    assert not any("expected_return_monthly" in template for template in shown)


def test_a_direct_subscription_has_no_partner_and_no_commission(anita: Asking) -> None:
    made = anita.good(SUBSCRIBE, basket_id=CONDOR)["subscription"]
    name = made["subscription_id"]
    assert name.startswith("sub_direct_")
    assert made == {
        "subscription_id": name,
        "user_email": "anita@example.com",
        "user_id": "anita@example.com",
        "basket_id": CONDOR,
        "template_basket_id": CONDOR,
        "basket_name": "NIFTY weekly iron condor",
        "template_name": "NIFTY weekly iron condor",
        "template_owner_id": "admin@quantleap.in",
        "partner_id": None,
        "status": "ACTIVE",
        "subscription_price": 999,
        "currency": "INR",
        "partner_commission": 0,
        "subscribed_at": "2026-11-24T06:30:00Z",
        "broker_account_id": None,
        "custom_lot_multiplier": 1,
        "paused_at": None,
        "resumed_at": None,
        "cancelled_at": None,
        "last_status_change_at": "2026-11-24T06:30:00Z",
        "next_billing_date": "2026-12-23T18:30:00Z",
        "auto_renew": True,
        "metadata": {},
    }
    assert refusal_of(anita.ask("getAllocation", basket_id=CONDOR))[:2] == (404, "ALLOCATION_NOT_FOUND")


def test_with_an_account_it_is_linked(anita: Asking) -> None:
    body = {"broker_id": "kite", "broker_account_id": "K1", "custom_lot_multiplier": Decimal("0.5"), "metadata": {}}
    made = anita.good(SUBSCRIBE, json=body, basket_id=CONDOR)["subscription"]
    assert (made["broker_account_id"], made["custom_lot_multiplier"]) == ("K1", Decimal("0.5"))
    [account] = anita.good("getAllocation", basket_id=CONDOR)["accounts"]
    assert account == {"broker_id": "kite", "broker_account_id": "K1", "priority": 0}


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"broker_id": "kite"}, invalid("broker_account_id", "must be given together with the other")),
        ({"broker_account_id": "K1"}, invalid("broker_id", "must be given together with the other")),
        ({"broker_id": "Kite!"}, invalid("broker_id", "must be 1 to 32 lower-case letters, digits, _ or -")),
        ({"user_email": "bala@example.com"}, invalid("body", f"has a key that is not one of {ACCEPTED}")),
    ],
    ids=lambda each: str(each) if isinstance(each, dict) else "",
)
def test_a_bad_body_is_named(anita: Asking, body: Any, refused: object) -> None:
    assert refusal_of(anita.ask(SUBSCRIBE, json=body, basket_id=CONDOR)) == refused


def test_a_duplicate_names_the_live_one_to_its_user_whoever_made_it(anita: Asking, house: House) -> None:
    name = house.subscribed(ANITA).terms.subscription_id
    message = "User already has a live subscription to this template"
    refused = (409, "DUPLICATE_SUBSCRIPTION", message, {"existing_subscription_id": name})
    assert refusal_of(anita.ask(SUBSCRIBE, basket_id=CONDOR)) == refused


def test_what_is_off_the_marketplace_cannot_be_subscribed(anita: Asking, house: House) -> None:
    house.app.authoring.take_off(ADMIN, STRADDLE)
    assert refusal_of(anita.ask(SUBSCRIBE, basket_id=STRADDLE))[:2] == (404, "TEMPLATE_NOT_FOUND")
