"""Where a staleness is set, what many requests share is read once in that time, and what may not be stale never is."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import evolve, frozen
from tests.integration.api.asking import Asking
from tests.integration.api.faces import LambdaFace
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, NOON, STRADDLE, ZEBU, House
from tests.integration.contracts.doubles import WatchedEngine

from quantleap import composition
from quantleap.composition.stores import open_store
from quantleap.domain.money import Money

FIVE = timedelta(seconds=5)
NOT_YET = FIVE - timedelta(microseconds=1)
BODY = {"user_email": "anita@example.com", "basket_id": CONDOR, "broker_account_id": "AB1234"}


@frozen
class Watched:
    """A house whose requests to the engine are seen, and zebu's server before it."""

    house: House
    engine: WatchedEngine
    partner: Asking

    def asked(self) -> list[str]:
        """What the engine was asked since it was last asked for."""
        calls = list(self.engine.calls)
        self.engine.calls.clear()
        return calls


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """One whose staleness is five seconds."""
    inside, secrets = open_store("memory://", keys=None, may_create=True)
    engine = WatchedEngine(inside)
    monkeypatch.setattr(composition, "open_store", lambda *_, **__: (engine, secrets))
    house = House.furnished("memory://", staleness=FIVE)
    with house.app:
        made = Watched(house, engine, Asking.partner(LambdaFace(house.app), house))
        made.asked()
        yield made


def later(watched: Watched, span: timedelta) -> None:
    watched.house.clock.move_to(NOON + span)


def test_what_many_requests_share_is_read_once(watched: Watched) -> None:
    assert watched.partner.ask("partnerSubscribe", json=BODY).status == 201
    # key and partner together; the bucket; partner, template and counter; the subscription
    assert watched.asked() == ["get_many", "write", "get", "get", "get", "transact"]
    again = {**BODY, "user_email": "bala@example.com"}
    assert watched.partner.ask("partnerSubscribe", json=again).status == 201
    assert watched.asked() == ["write", "transact"]


def test_a_list_is_answered_again_without_a_read(watched: Watched) -> None:
    first = watched.partner.good("partnerListTemplates")
    watched.asked()
    assert watched.partner.good("partnerListTemplates") == first
    assert watched.asked() == ["write"]


@pytest.mark.parametrize(("span", "price"), [(NOT_YET, 999), (FIVE, 1500)], ids=["before", "after"])
def test_a_change_of_price_reaches_new_subscribers_after_that_time_at_the_latest(
    watched: Watched, span: timedelta, price: int
) -> None:
    watched.partner.good("partnerListTemplates")
    watched.partner.good("partnerSubscribe", json={**BODY, "user_email": "bala@example.com"})
    authoring = watched.house.app.authoring
    content = authoring.get(ADMIN, CONDOR).content
    authoring.edit(ADMIN, evolve(content, subscription_price=Money(150000, "INR")))
    later(watched, span)
    assert watched.partner.good("partnerSubscribe", json=BODY)["subscription_price"] == price
    [listed] = watched.partner.good("partnerListTemplates", query={"category": "neutral"})["templates"]
    assert listed["subscription_price"] == price


@pytest.mark.parametrize(("span", "status"), [(NOT_YET, 201), (FIVE, 404)], ids=["before", "after"])
def test_what_is_taken_off_takes_new_subscribers_no_longer_than_that(
    watched: Watched, span: timedelta, status: int
) -> None:
    watched.partner.good("partnerSubscribe", json={**BODY, "user_email": "bala@example.com"})
    watched.house.app.authoring.take_off(ADMIN, CONDOR)
    later(watched, span)
    assert watched.partner.ask("partnerSubscribe", json=BODY).status == status


@pytest.mark.parametrize(("span", "is_shown"), [(NOT_YET, False), (FIVE, True)], ids=["before", "after"])
def test_a_disclosure_policy_is_followed_after_that_time_at_the_latest(
    watched: Watched, span: timedelta, is_shown: bool
) -> None:
    authoring = watched.house.app.authoring
    authoring.edit(ADMIN, evolve(authoring.get(ADMIN, CONDOR).content, expected_return_monthly=Decimal(3)))
    watched.partner.good("partnerListTemplates")
    watched.house.app.partners.revise(ADMIN, ZEBU, show_performance=True)
    later(watched, span)
    [listed] = watched.partner.good("partnerListTemplates", query={"category": "neutral"})["templates"]
    assert ("expected_return_monthly" in listed) == is_shown


def test_a_new_template_is_there_at_once_for_who_names_it(watched: Watched) -> None:
    assert watched.partner.ask("partnerSubscribe", json={**BODY, "basket_id": "new"}).status == 404
    authoring = watched.house.app.authoring
    content = authoring.get(ADMIN, CONDOR).content
    strategies = tuple(evolve(each, strategy_id="new") for each in content.strategies)
    authoring.create(ADMIN, evolve(content, basket_id="new", strategies=strategies))
    authoring.enable(ADMIN, "new")
    assert watched.partner.ask("partnerSubscribe", json={**BODY, "basket_id": "new"}).status == 201


def test_a_move_and_whose_a_subscription_is_are_never_decided_by_what_is_old(watched: Watched) -> None:
    name = watched.partner.good("partnerSubscribe", json=BODY)["subscription_id"]
    for _ in range(2):
        assert watched.partner.good("partnerGetSubscription", subscription_id=name)["status"] == "ACTIVE"
    watched.house.app.subscriptions.pause(ANITA, name)
    assert watched.partner.good("partnerGetSubscription", subscription_id=name)["status"] == "PAUSED"
    assert watched.partner.ask("partnerPauseSubscription", subscription_id=name).status == 400
    watched.house.subscribed(BALA, STRADDLE)
    assert len(watched.partner.good("partnerListSubscriptions")["subscriptions"]) == 2
