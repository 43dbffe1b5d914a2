"""A user's own subscriptions: shown, moved, listed, and nobody else's."""

from typing import Any

import pytest
from tests.integration.api.asking import Asking, invalid, refusal_of
from tests.integration.api.faces import Face
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, STRADDLE, ZEBU_TEST, House

from quantleap.domain.principals import PartnerBackend

LIST, GET = "userListSubscriptions", "userGetSubscription"
PAUSE, RESUME, CANCEL = "userPauseSubscription", "userResumeSubscription", "userCancelSubscription"
NOON = "2026-11-24T06:30:00Z"


@pytest.fixture
def anita(face: Face, house: House) -> Asking:
    return Asking.user(face, house, ANITA)


@pytest.fixture
def two(house: House) -> list[str]:
    """Anita's: one by zebu, and one directly, which is paused. There are test data of her, and bala's, too."""
    by_zebu, direct = house.subscribed(ANITA), house.subscribed(by=ANITA, basket_id=STRADDLE)
    made = [each.terms.subscription_id for each in (by_zebu, direct)]
    house.app.subscriptions.pause(ADMIN, made[1])
    house.subscribed(ANITA, by=PartnerBackend(ZEBU_TEST))
    house.subscribed(BALA)
    return made


def names(document: Any) -> list[str]:
    return [each["subscription_id"] for each in document["subscriptions"]]


def test_all_of_theirs_are_listed_whoever_made_them(anita: Asking, two: list[str]) -> None:
    document = anita.good(LIST)
    assert sorted(names(document)) == sorted(two)
    assert {name: value for name, value in document.items() if name != "subscriptions"} == {
        "total": 2,
        "limit": 50,
        "offset": 0,
        "next_cursor": None,
    }
    assert {each["template_owner_id"] for each in document["subscriptions"]} == {"admin@quantleap.in"}
    assert sorted(str(each["partner_id"]) for each in document["subscriptions"]) == ["None", "partner_zebu_live"]


@pytest.mark.parametrize(("status", "numbers"), [("ACTIVE", [0]), ("PAUSED", [1]), ("EXPIRED", [])])
def test_a_status_leaves_those_that_have_it(anita: Asking, two: list[str], status: str, numbers: list[int]) -> None:
    document = anita.good(LIST, query={"status": status})
    assert (names(document), document["total"]) == ([two[number] for number in numbers], len(numbers))


@pytest.mark.parametrize("by", ["offset", "cursor"])
def test_pages_give_each_entry_once_and_the_same_total(anita: Asking, two: list[str], by: str) -> None:
    first = anita.good(LIST, query={"limit": "1"})
    second = anita.good(LIST, query={"limit": "1", by: "1" if by == "offset" else str(first["next_cursor"])})
    assert sorted([*names(first), *names(second)]) == sorted(two)
    assert (first["total"], second["total"], second["next_cursor"]) == (2, 2, None)


def test_one_is_shown_with_its_history_and_its_template(anita: Asking, two: list[str]) -> None:
    document = anita.good(GET, subscription_id=two[1])
    subscription = document["subscription"]
    assert [each["status"] for each in subscription["status_history"]] == ["ACTIVE", "PAUSED"]
    assert not any("@" in each["changed_by"] for each in subscription["status_history"])
    assert document["template"]["basket_id"] == subscription["template_basket_id"] == STRADDLE


@pytest.mark.parametrize("route", [GET, PAUSE, RESUME, CANCEL])
def test_another_users_is_not_there(face: Face, house: House, two: list[str], route: str) -> None:
    bala = Asking.user(face, house, BALA)
    refused = (404, "SUBSCRIPTION_NOT_FOUND", f"No subscription {two[0]}", {"subscription_id": two[0]})
    assert refusal_of(bala.ask(route, subscription_id=two[0])) == refused
    assert house.app.subscriptions.get(ADMIN, two[0]).life.status == "ACTIVE"


def test_moves_are_told_by_the_published_messages(anita: Asking, two: list[str]) -> None:
    for route, done, status in (
        (PAUSE, "paused", "PAUSED"),
        (RESUME, "resumed", "ACTIVE"),
        (CANCEL, "cancelled", "CANCELLED"),
    ):
        assert anita.good(route, subscription_id=two[0]) == {
            "message": f"Subscription {done} successfully",
            "subscription_id": two[0],
            "status": status,
            f"{done}_at": NOON,
        }


def test_a_refused_move_names_the_status_as_it_is(anita: Asking, two: list[str]) -> None:
    message = "Can only pause ACTIVE subscriptions. Current status: PAUSED"
    assert refusal_of(anita.ask(PAUSE, subscription_id=two[1]))[:3] == (400, "INVALID_STATUS_TRANSITION", message)


def test_a_cancellation_at_the_periods_end_is_refused_until_it_is_offered(anita: Asking, two: list[str]) -> None:
    asked = anita.ask(CANCEL, query={"at_period_end": "true"}, subscription_id=two[0])
    assert refusal_of(asked) == invalid("at_period_end", "must be false: a subscription can be cancelled at once only")
    anita.good(CANCEL, query={"at_period_end": "false"}, subscription_id=two[0])


def test_a_partners_key_opens_no_users_route_and_a_token_no_partners(face: Face, house: House, anita: Asking) -> None:
    by_partner, by_user = Asking.partner(face, house), anita
    assert refusal_of(by_partner.ask(LIST))[:2] == (401, "INVALID_CREDENTIALS")
    assert refusal_of(by_user.ask("partnerListSubscriptions"))[:2] == (401, "INVALID_CREDENTIALS")
    assert refusal_of(Asking(face, {}).ask(LIST))[:2] == (401, "INVALID_CREDENTIALS")


def test_a_user_is_asked_for_no_token_of_a_rate_limit(anita: Asking) -> None:
    assert not any(name.startswith("x-ratelimit") for name in anita.ask(LIST).headers)


def test_the_condor_cancelled_leaves_the_account_for_a_while(anita: Asking, two: list[str]) -> None:
    """Exits follow open positions: who ends a subscription keeps the accounts that hold them."""
    anita.good(CANCEL, subscription_id=two[0])
    assert anita.good("getAllocation", basket_id=CONDOR)["accounts"]
