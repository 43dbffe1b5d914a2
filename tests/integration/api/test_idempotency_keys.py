"""Requests with an `Idempotency-Key`: the first answer again, whatever happened since, and what is refused."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.integration.api.asking import Asking
from tests.integration.api.faces import Answered, Face
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, NOON, House
from tests.integration.contracts.doubles import WatchedEngine

from quantleap.adapters.store.seam import StoreUnavailableError, Write, WriteConflictError
from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.entrypoints.api.errors import TOLD, refusal, told
from quantleap.entrypoints.api.once import MAX_KEY_CHARS
from quantleap.entrypoints.api.routes.table import ROUTES
from quantleap.ports.errors import BusyError

BODY = {
    "user_email": "anita@example.com",
    "basket_id": CONDOR,
    "broker_account_id": "AB1",
    "custom_lot_multiplier": 2,
}
KEY = {"Idempotency-Key": "k1"}


@pytest.fixture
def partner(face: Face, house: House) -> Asking:
    return Asking.partner(face, house)


def subscribe(partner: Asking, headers: dict[str, str] = KEY, **changes: Any) -> Answered:
    return partner.ask("partnerSubscribe", json={**BODY, **changes}, headers=headers)


def is_replay(answered: Answered) -> bool:
    return answered.headers.get("idempotent-replayed") == "true"


def test_a_repeat_gets_the_first_answer_byte_for_byte_and_says_so(partner: Asking, house: House) -> None:
    first = subscribe(partner)
    assert (first.status, is_replay(first)) == (201, False)
    for _ in range(2):
        again = subscribe(partner)
        assert (again.status, again.text, is_replay(again)) == (201, first.text, True)
        assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert len(house.app.subscriptions.get(ADMIN, first.json["subscription_id"]).history) == 1


def test_it_is_answered_as_first_though_all_has_changed(partner: Asking, house: House) -> None:
    name = subscribe(partner).json["subscription_id"]
    paused = partner.ask("partnerPauseSubscription", subscription_id=name, headers=KEY)
    partner.good("partnerCancelSubscription", subscription_id=name)
    again = partner.ask("partnerPauseSubscription", subscription_id=name, headers=KEY)
    assert (again.status, again.text, is_replay(again)) == (200, paused.text, True)
    assert len(house.app.subscriptions.get(ADMIN, name).history) == 3


def test_one_key_serves_each_path_and_method_of_its_own(partner: Asking) -> None:
    name = subscribe(partner).json["subscription_id"]
    for route in ("partnerPauseSubscription", "partnerResumeSubscription", "partnerCancelSubscription"):
        answers = [partner.ask(route, subscription_id=name, headers=KEY) for _ in range(2)]
        assert [(answer.status, is_replay(answer)) for answer in answers] == [(200, False), (200, True)]


def test_a_user_repeats_as_a_partner_does_and_neither_sees_the_other_s(
    face: Face, house: House, partner: Asking
) -> None:
    users = [Asking.user(face, house, user) for user in (ANITA, BALA)]
    made = [user.ask("userSubscribe", basket_id=CONDOR, headers=KEY) for user in users * 2]
    assert [(answer.status, is_replay(answer)) for answer in made] == [(201, False)] * 2 + [(201, True)] * 2
    assert [answer.text for answer in made[2:]] == [answer.text for answer in made[:2]]
    assert subscribe(partner, user_email="chandra@example.com").status == 201


def test_another_body_is_refused_even_where_it_means_the_same(partner: Asking) -> None:
    subscribe(partner)
    spaced = json.dumps({**BODY}, indent=1).encode()
    sent = {**partner.headers, **KEY, "Content-Type": "application/json"}
    for refused in (
        subscribe(partner, user_email="bala@example.com"),
        partner.face.ask("POST", "/partner/marketplace/subscribe", headers=sent, body=spaced),
    ):
        assert (refused.status, refused.json["code"]) == (400, "IDEMPOTENCY_KEY_REUSED")
        assert refused.json["error"] == "bad_request"


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * (MAX_KEY_CHARS + 1), "tab\there"])
def test_a_key_that_is_none_is_refused(partner: Asking, key: str) -> None:
    sent = {**partner.headers, "Content-Type": "application/json", "Idempotency-Key": key}
    refused = partner.face.ask("POST", "/partner/marketplace/subscribe", headers=sent, body=json.dumps(BODY).encode())
    assert (refused.status, refused.json["details"]["field"]) == (400, "Idempotency-Key")


def test_the_longest_key_is_taken_and_a_read_takes_none(partner: Asking) -> None:
    assert subscribe(partner, {"Idempotency-Key": "k" * MAX_KEY_CHARS}).status == 201
    lists = [partner.ask("partnerListSubscriptions", headers=KEY) for _ in range(2)]
    assert [(answer.status, is_replay(answer)) for answer in lists] == [(200, False)] * 2


def test_a_refusal_is_not_kept(partner: Asking) -> None:
    refused = [subscribe(partner, basket_id="basket_none") for _ in range(2)]
    assert [(answer.status, is_replay(answer)) for answer in refused] == [(404, False)] * 2
    assert subscribe(partner).status == 201


def test_what_was_kept_is_gone_after_24_hours(partner: Asking, house: House) -> None:
    name = subscribe(partner).json["subscription_id"]
    house.clock.move_to(NOON + timedelta(hours=24, seconds=-1))
    assert is_replay(subscribe(partner))
    house.clock.move_to(NOON + timedelta(hours=24))
    late = subscribe(partner)
    assert (late.status, late.json["code"]) == (409, "DUPLICATE_SUBSCRIPTION")
    assert late.json["details"]["existing_subscription_id"] == name


def test_every_route_that_changes_something_takes_a_key_and_no_other_does() -> None:
    assert {route.method for route in ROUTES if route.takes_idempotency_key} == {"POST", "PUT", "DELETE"}
    assert {route.method for route in ROUTES if not route.takes_idempotency_key} == {"GET", "POST"}
    assert [route.name for route in ROUTES if not route.takes_idempotency_key and route.method == "POST"] == [
        "adminPreviewEdit"
    ]


# Faults


@pytest.fixture
def engine(house: House) -> WatchedEngine:
    """The house's, in whose place a fault may happen."""
    units = house.app.answering_once._units._units
    watched = WatchedEngine(house.app._engine)
    units._engine = watched  # type: ignore[attr-defined]
    return watched


def test_a_fault_is_told_without_its_inside_and_its_repeat_is_done(partner: Asking, engine: WatchedEngine) -> None:
    def fail() -> None:
        raise StoreUnavailableError("table Secret at 10.0.0.1 is down")

    engine.before("transact", fail)
    failed = subscribe(partner)
    assert (failed.status, failed.headers["retry-after"], failed.json["code"]) == (503, "1", "UNAVAILABLE")
    assert "Secret" not in failed.text
    done = subscribe(partner)
    assert (done.status, is_replay(done)) == (201, False)


def test_a_commit_whose_answer_was_lost_is_replayed(
    partner: Asking, engine: WatchedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(writes: Sequence[Write]) -> None:
        engine.inside.transact(writes)
        raise StoreUnavailableError("the connection broke")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "transact", lost)
        assert subscribe(partner).status == 503
    again = subscribe(partner)
    assert (again.status, is_replay(again)) == (201, True)


def test_a_twin_that_conflicts_until_it_is_given_up_is_a_conflict_to_be_repeated(
    partner: Asking, engine: WatchedEngine
) -> None:
    def busy() -> None:
        raise WriteConflictError("table Secret is written by others")

    engine.before("transact", busy)
    refused = subscribe(partner)
    assert (refused.status, refused.headers["retry-after"]) == (409, "1")
    assert refused.json == {
        "error": "conflict",
        "message": "Other requests are changing the same; repeat the request",
        "code": ConcurrentUpdateError.code,
        "request_id": refused.headers["x-request-id"],
    }
    assert subscribe(partner).status == 201


def test_a_busy_store_is_told_by_its_own_row_and_its_reason_by_none() -> None:
    assert told(WriteConflictError) is TOLD[BusyError]
    assert "secret" not in refusal(WriteConflictError("secret"), "req_000000000001").text


def test_another_key_pair_of_the_partner_may_repeat_a_request(face: Face, house: House, partner: Asking) -> None:
    subscribe(partner)
    assert is_replay(subscribe(Asking.partner(face, house)))
