"""A partner's subscriptions as they were published: names, types, statuses, messages."""

from decimal import Decimal
from typing import Any

import pytest
from tests.integration.api.asking import Asking, invalid, refusal_of
from tests.integration.api.faces import Face
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    CONDOR,
    KITE,
    STRADDLE,
    ZEBU,
    ZEBU_TEST,
    House,
)

from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import PartnerBackend

SUBSCRIBE, LIST, GET = "partnerSubscribe", "partnerListSubscriptions", "partnerGetSubscription"
PAUSE, RESUME, CANCEL = "partnerPauseSubscription", "partnerResumeSubscription", "partnerCancelSubscription"
BODY = {"user_email": "anita@example.com", "basket_id": CONDOR, "broker_account_id": "AB1234"}
NOT_YOURS = (403, "FORBIDDEN", "This subscription does not belong to your partner account", None)
ACCEPTED = "user_email, basket_id, broker_account_id, custom_lot_multiplier, metadata"
EXACT = "must be an exact number (int or Decimal)"
NOON = "2026-11-24T06:30:00Z"


@pytest.fixture
def partner(face: Face, house: House) -> Asking:
    return Asking.partner(face, house)


def subscribed(partner: Asking, **changed: Any) -> str:
    name: str = partner.good(SUBSCRIBE, json={**BODY, **changed})["subscription_id"]
    return name


# Made


def test_a_new_subscription_is_told_by_its_published_names(partner: Asking) -> None:
    body = {**BODY, "user_email": " Anita@Example.COM".strip(), "custom_lot_multiplier": Decimal("1.5")}
    made = partner.good(SUBSCRIBE, json={**body, "metadata": {"plan": "gold"}})
    name = made["subscription_id"]
    assert name.startswith("sub_zebu_")
    assert made == {
        "subscription_id": name,
        "user_email": "anita@example.com",
        "user_id": "anita@example.com",
        "basket_id": CONDOR,
        "template_basket_id": CONDOR,
        "basket_name": "NIFTY weekly iron condor",
        "template_name": "NIFTY weekly iron condor",
        "partner_id": "partner_zebu_live",
        "status": "ACTIVE",
        "subscription_price": 999,
        "currency": "INR",
        "partner_commission": Decimal("299.7"),
        "subscribed_at": NOON,
        "broker_account_id": "AB1234",
        "custom_lot_multiplier": Decimal("1.5"),
        "paused_at": None,
        "resumed_at": None,
        "cancelled_at": None,
        "last_status_change_at": NOON,
        "next_billing_date": "2026-12-23T18:30:00Z",
        "auto_renew": True,
        "metadata": {"plan": "gold"},
    }


def test_money_is_written_digit_by_digit(partner: Asking) -> None:
    text = partner.ask(SUBSCRIBE, json=BODY).text
    assert '"partner_commission": 299.7,' in text
    assert '"subscription_price": 999,' in text


def test_the_users_account_at_the_partners_broker_is_linked(partner: Asking, house: House) -> None:
    subscribed(partner)
    [account] = house.app.allocations.get(ANITA, CONDOR).accounts
    assert (account.broker_id, account.broker_account_id) == ("zebu", "AB1234")


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"user_email": "anita"}, invalid("user_email", "must be one plain mailbox such as name@example.com")),
        ({"basket_id": "A b"}, invalid("basket_id", "must be 1 to 64 lower-case letters, digits, _ or -")),
        ({"broker_account_id": ""}, invalid("broker_account_id", "must be 1 to 64 letters, digits, _, . or -")),
        ({"custom_lot_multiplier": 0}, invalid("custom_lot_multiplier", "must be from 0.1 to 10")),
        ({"custom_lot_multiplier": Decimal("10.1")}, invalid("custom_lot_multiplier", "must be from 0.1 to 10")),
        (
            {"custom_lot_multiplier": "2"},
            invalid("custom_lot_multiplier", f"{EXACT}, not text"),
        ),
        (
            {"custom_lot_multiplier": True},
            invalid("custom_lot_multiplier", f"{EXACT}, not a boolean"),
        ),
        ({"metadata": {"plan": 1}}, invalid("metadata.plan", "must be text, not a number")),
        ({"metadata": dict.fromkeys("abcdefghijk", "")}, invalid("metadata", "must have at most 10 pairs")),
        ({"status": "ACTIVE"}, invalid("body", f"has a key that is not one of {ACCEPTED}")),
        ({"basket_id": "missing"}, (404, "TEMPLATE_NOT_FOUND", "No template basket missing", {"basket_id": "missing"})),
    ],
    ids=lambda each: str(each) if isinstance(each, dict) else "",
)
def test_what_cannot_be_subscribed_is_refused_by_name(partner: Asking, changed: Any, refused: object) -> None:
    assert refusal_of(partner.ask(SUBSCRIBE, json={**BODY, **changed})) == refused


def test_every_bad_value_is_told_at_once(partner: Asking) -> None:
    status, code, _, details = refusal_of(partner.ask(SUBSCRIBE, json={"custom_lot_multiplier": 11}))
    assert (status, code) == (400, "VALIDATION_ERROR")
    assert [(each["field"], each["reason"]) for each in details["errors"]] == [
        ("user_email", "is required"),
        ("basket_id", "is required"),
        ("broker_account_id", "is required"),
        ("custom_lot_multiplier", "must be from 0.1 to 10"),
    ]


def test_a_template_off_the_marketplace_is_not_there(partner: Asking, house: House) -> None:
    house.app.authoring.take_off(ADMIN, CONDOR)
    assert refusal_of(partner.ask(SUBSCRIBE, json=BODY))[:2] == (404, "TEMPLATE_NOT_FOUND")


def test_a_duplicate_names_the_live_one_to_the_partner_that_made_it_and_to_no_other(
    partner: Asking, face: Face, house: House
) -> None:
    name = subscribed(partner)
    message = "User already has a live subscription to this template"
    duplicate = refusal_of(partner.ask(SUBSCRIBE, json=BODY))
    assert duplicate == (409, "DUPLICATE_SUBSCRIPTION", message, {"existing_subscription_id": name})
    kite = Asking.partner(face, house, KITE)
    assert refusal_of(kite.ask(SUBSCRIBE, json=BODY)) == (409, "DUPLICATE_SUBSCRIPTION", message, None)


# Shown


def test_one_is_shown_with_history_and_template_and_once_more_under_its_own_name(partner: Asking) -> None:
    name = subscribed(partner)
    partner.good(PAUSE, subscription_id=name)
    document = partner.good(GET, subscription_id=name)
    inner, template = document.pop("subscription"), document.pop("template")
    assert inner == document
    assert [(each["status"], each["changed_by"], each["reason"]) for each in document["status_history"]] == [
        ("ACTIVE", "partner_zebu_live", None),
        ("PAUSED", "partner_zebu_live", None),
    ]
    assert (document["status"], document["paused_at"]) == ("PAUSED", NOON)
    assert (template["basket_id"], template["basket_name"]) == (CONDOR, document["basket_name"])
    assert not {"strategies", "legs", "expected_return_monthly"} & template.keys()


def test_one_whose_template_is_off_the_marketplace_still_shows_it(partner: Asking, house: House) -> None:
    name = subscribed(partner)
    house.app.authoring.take_off(ADMIN, CONDOR)
    assert partner.good(GET, subscription_id=name)["template"]["is_marketplace_enabled"] is False


@pytest.mark.parametrize("route", [GET, PAUSE, RESUME, CANCEL])
def test_another_partners_is_forbidden_and_what_is_not_there_is_not_found(
    partner: Asking, face: Face, house: House, route: str
) -> None:
    name = subscribed(partner)
    kite = Asking.partner(face, house, KITE)
    assert refusal_of(kite.ask(route, subscription_id=name)) == NOT_YOURS
    missing = "sub_kite_00000099"
    assert refusal_of(kite.ask(route, subscription_id=missing)) == (
        404,
        "SUBSCRIPTION_NOT_FOUND",
        f"No subscription {missing}",
        {"subscription_id": missing},
    )
    test = Asking.partner(face, house, ZEBU_TEST)
    assert refusal_of(test.ask(route, subscription_id=name))[:2] == (404, "SUBSCRIPTION_NOT_FOUND")
    assert partner.good(GET, subscription_id=name)["status"] == "ACTIVE"


# Moved


def test_moves_are_told_by_the_published_messages(partner: Asking) -> None:
    name = subscribed(partner)
    for route, done, status in (
        (PAUSE, "paused", "PAUSED"),
        (RESUME, "resumed", "ACTIVE"),
        (CANCEL, "cancelled", "CANCELLED"),
    ):
        assert partner.good(route, subscription_id=name) == {
            "message": f"Subscription {done} successfully",
            "subscription_id": name,
            "status": status,
            f"{done}_at": NOON,
        }


@pytest.mark.parametrize(
    ("before", "route", "message"),
    [
        ([PAUSE], PAUSE, "Can only pause ACTIVE subscriptions. Current status: PAUSED"),
        ([], RESUME, "Can only resume PAUSED subscriptions. Current status: ACTIVE"),
        ([CANCEL], PAUSE, "Can only pause ACTIVE subscriptions. Current status: CANCELLED"),
        ([CANCEL], RESUME, "Can only resume PAUSED subscriptions. Current status: CANCELLED"),
        ([CANCEL], CANCEL, "Can only cancel ACTIVE or PAUSED subscriptions. Current status: CANCELLED"),
    ],
)
def test_a_refused_move_names_the_status_as_it_is(partner: Asking, before: list[str], route: str, message: str) -> None:
    name = subscribed(partner)
    for each in before:
        partner.good(each, subscription_id=name)
    assert refusal_of(partner.ask(route, subscription_id=name))[:3] == (400, "INVALID_STATUS_TRANSITION", message)


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/json"}], ids=["bare", "json"])
@pytest.mark.parametrize("body", [b"{}", b" { } ", b"null"], ids=repr)
def test_a_body_that_says_nothing_is_taken_where_none_is(partner: Asking, body: bytes, headers: dict[str, str]) -> None:
    path = f"/partner/subscriptions/{subscribed(partner)}"
    for method, below in (("GET", ""), ("PUT", "/pause"), ("PUT", "/resume"), ("DELETE", "")):
        answered = partner.face.ask(method, path + below, headers={**partner.headers, **headers}, body=body)
        assert answered.status == 200, answered.text


def test_an_expired_one_cannot_be_cancelled(partner: Asking, house: House) -> None:
    name = subscribed(partner)
    house.app.subscriptions.expire(ADMIN, name)
    assert refusal_of(partner.ask(CANCEL, subscription_id=name))[:3] == (
        400,
        "INVALID_STATUS_TRANSITION",
        "Can only cancel ACTIVE or PAUSED subscriptions. Current status: EXPIRED",
    )


@pytest.mark.parametrize("spelled", ["true", "True", "1", ""])
def test_a_cancellation_at_the_periods_end_is_refused_until_it_is_offered(partner: Asking, spelled: str) -> None:
    name = subscribed(partner)
    asked = partner.ask(CANCEL, query={"at_period_end": spelled}, subscription_id=name)
    assert refusal_of(asked) == invalid("at_period_end", "must be false: a subscription can be cancelled at once only")
    assert partner.good(GET, subscription_id=name)["status"] == "ACTIVE"


def test_one_that_is_not_at_the_periods_end_is_a_plain_cancellation(partner: Asking) -> None:
    name = subscribed(partner)
    partner.good(CANCEL, query={"at_period_end": "false"}, subscription_id=name)
    assert partner.good(GET, subscription_id=name)["status"] == "CANCELLED"


def test_whoever_was_cancelled_may_be_subscribed_anew(partner: Asking) -> None:
    partner.good(CANCEL, subscription_id=subscribed(partner))
    subscribed(partner)


@pytest.mark.parametrize("route", [SUBSCRIBE, LIST, GET, PAUSE, RESUME, CANCEL, "partnerListTemplates"])
def test_each_route_asks_for_its_permission_and_for_credentials(face: Face, house: House, route: str) -> None:
    needed = {
        "partnerListTemplates": Permission.MARKETPLACE_READ,
        LIST: Permission.SUBSCRIPTIONS_READ,
        GET: Permission.SUBSCRIPTIONS_READ,
    }.get(route, Permission.SUBSCRIPTIONS_WRITE)
    name = house.subscribed().terms.subscription_id
    asking = Asking.partner(face, house)
    key = house.app.partners.keys(ADMIN, ZEBU)[-1]
    house.app.partners.permit(ADMIN, key.api_key_id, [each for each in Permission if each is not needed])
    body = BODY if route == SUBSCRIBE else None
    assert refusal_of(asking.ask(route, json=body, subscription_id=name))[:2] == (403, "FORBIDDEN")
    assert refusal_of(Asking(face, {}).ask(route, json=body, subscription_id=name))[:2] == (401, "INVALID_CREDENTIALS")


# Listed


@pytest.fixture
def four(house: House) -> list[str]:
    """Zebu's: anita's two, the second paused; bala's two, the second cancelled. Kite and test data have others."""
    made = [
        house.subscribed(user, basket).terms.subscription_id for user in (ANITA, BALA) for basket in (CONDOR, STRADDLE)
    ]
    house.app.subscriptions.pause(ADMIN, made[1])
    house.app.subscriptions.cancel(ADMIN, made[3])
    house.subscribed(BALA, STRADDLE, by=PartnerBackend(KITE))
    house.subscribed(ANITA, by=PartnerBackend(ZEBU_TEST))
    return made


def names(document: Any) -> list[str]:
    return [each["subscription_id"] for each in document["subscriptions"]]


def test_a_list_tells_its_partner_and_only_its_own(partner: Asking, four: list[str]) -> None:
    document = partner.good(LIST)
    assert sorted(names(document)) == sorted(four)
    assert {name: value for name, value in document.items() if name != "subscriptions"} == {
        "total": 4,
        "limit": 50,
        "offset": 0,
        "next_cursor": None,
        "partner_id": "partner_zebu_live",
    }


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"status": "ACTIVE"}, [0, 2]),
        ({"status": "PAUSED"}, [1]),
        ({"status": "CANCELLED"}, [3]),
        ({"status": "EXPIRED"}, []),
        ({"user_email": "Anita@Example.com"}, [0, 1]),
        ({"user_email": "bala@example.com", "status": "CANCELLED"}, [3]),
        ({"user_email": "nobody@example.com"}, []),
    ],
    ids=str,
)
def test_filters_leave_what_fits_them_all(
    partner: Asking, four: list[str], query: dict[str, str], numbers: list[int]
) -> None:
    document = partner.good(LIST, query=query)
    assert sorted(names(document)) == sorted(four[number] for number in numbers)
    assert document["total"] == len(numbers)
    user = query.get("user_email")
    assert document.get("filtered_by") == (None if user is None else {"user_email": user.lower()})
    assert ("filtered_by" in document) == (user is not None)


def test_an_entry_is_what_subscribing_answered(partner: Asking) -> None:
    made = partner.good(SUBSCRIBE, json=BODY)
    assert partner.good(LIST)["subscriptions"] == [made]


@pytest.mark.parametrize("query", [{}, {"user_email": "anita@example.com"}, {"status": "ACTIVE"}], ids=str)
@pytest.mark.parametrize("by", ["offset", "cursor"])
def test_pages_give_each_entry_once_and_the_same_total(
    partner: Asking, house: House, four: list[str], query: dict[str, str], by: str
) -> None:
    house.app.counters.follow()
    whole = partner.good(LIST, query=query)
    shown: list[str] = []
    at: dict[str, str] = {}
    while len(shown) < whole["total"]:
        document = partner.good(LIST, query={**query, "limit": "1", **at})
        assert document["total"] == whole["total"] > 1
        shown += names(document)
        at = {by: str(len(shown)) if by == "offset" else str(document["next_cursor"])}
    assert shown == names(whole)


def test_a_total_is_never_less_than_the_page_shows_however_late_the_counters_are(
    partner: Asking, house: House, four: list[str]
) -> None:
    assert partner.good(LIST, query={"limit": "1"})["total"] == 2
    assert partner.good(LIST, query={"limit": "1", "offset": "2"})["total"] == 4
    house.app.counters.follow()
    for status, total in (("ACTIVE", 2), ("PAUSED", 1), ("CANCELLED", 1), ("EXPIRED", 0)):
        assert partner.good(LIST, query={"limit": "1", "status": status})["total"] == total
    assert partner.good(LIST, query={"limit": "1"})["total"] == 4


def test_an_offset_past_the_end_shows_nothing_and_the_total(partner: Asking, four: list[str]) -> None:
    document = partner.good(LIST, query={"offset": "10000"})
    assert (names(document), document["total"], document["offset"], document["next_cursor"]) == ([], 4, 10000, None)


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"status": "active"}, invalid("status", "must be one of ACTIVE, PAUSED, CANCELLED, EXPIRED")),
        ({"user_email": "anita"}, invalid("user_email", "must be one plain mailbox such as name@example.com")),
        ({"limit": "101"}, invalid("limit", "must be from 1 to 100")),
        ({"offset": "10001"}, invalid("offset", "must be from 0 to 10000")),
        ({"cursor": "AQ", "offset": "1"}, invalid("cursor", "must not be given together with an offset")),
        (
            {"partner_id": "partner_kite_live"},
            invalid("query", "has a parameter that is not one of user_email, status, limit, offset, cursor"),
        ),
    ],
    ids=lambda each: str(each) if isinstance(each, dict) else "",
)
def test_a_bad_parameter_is_named(partner: Asking, query: dict[str, str], refused: object) -> None:
    assert refusal_of(partner.ask(LIST, query=query)) == refused


def test_a_test_key_sees_test_data_alone(face: Face, house: House, four: list[str]) -> None:
    document = Asking.partner(face, house, ZEBU_TEST).good(LIST)
    assert (len(document["subscriptions"]), document["partner_id"]) == (1, "partner_zebu_test")


# Told again


@pytest.mark.parametrize("route", [PAUSE, RESUME, CANCEL])
def test_a_repeat_under_one_idempotency_key_gets_the_first_answer(partner: Asking, house: House, route: str) -> None:
    name = subscribed(partner)
    if route == RESUME:
        house.app.subscriptions.pause(ADMIN, name)
    key = {"Idempotency-Key": "k1"}
    first, again = (partner.ask(route, headers=key, subscription_id=name) for _ in range(2))
    assert (first.status, first.text) == (again.status, again.text)
    assert first.status == 200
    assert again.headers["idempotent-replayed"] == "true"
