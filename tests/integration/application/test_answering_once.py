"""A request under an idempotency key is done once, whatever happens, and answered as it was answered first."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from attrs import evolve
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    CONDOR,
    KITE,
    NOON,
    STRADDLE,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
)
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.once import asked, attempt, told

from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.repositories.kept_answers import StoredKeptAnswers
from quantleap.adapters.store.seam import StoreUnavailableError, WriteConflictError
from quantleap.adapters.store.unit_of_work import StoreUnitOfWork
from quantleap.application.answering_once import KEPT_FOR, Answer, Answered, AnsweringOnce, Attempt, OnceUnits
from quantleap.composition import Application, DrivenClock
from quantleap.domain.errors import (
    ConcurrentUpdateError,
    DuplicateSubscriptionError,
    IdempotencyKeyReusedError,
    InvalidStatusTransitionError,
    SecretShownBeforeError,
)
from quantleap.domain.identifiers import Email
from quantleap.domain.principals import Admin, PartnerBackend, Principal
from quantleap.ports.errors import BusyError, UnavailableError

BACKEND = PartnerBackend(ZEBU)


def subscribing(app: Application, basket_id: str = CONDOR) -> Callable[[], object]:
    return partial(
        app.subscribing.for_partner, BACKEND, user=ANITA.email, basket_id=basket_id, broker_account_id="AB1234"
    )


def ids(house: House) -> list[str]:
    return sorted(str(item["subscription_id"]) for item in house.items() if item["entity_type"] == "SUBSCRIPTION")


def kept(house: House) -> int:
    return sum(item["entity_type"] == "KEPT_ANSWER" for item in house.items())


# Again


def test_a_repeat_gets_the_first_answer_and_does_nothing(any_house: House) -> None:
    ask = asked(any_house.app, attempt(BACKEND), subscribing(any_house.app))
    first = ask()
    assert not first.is_replay
    before = any_house.items()
    assert ask() == ask() == Answered(first.answer, is_replay=True)
    assert any_house.items() == before


def test_a_repeat_is_answered_as_it_was_first_whatever_happened_since(any_house: House) -> None:
    app = any_house.app
    name = any_house.subscribed(by=ANITA).terms.subscription_id
    ask = asked(app, attempt(ANITA), partial(app.subscriptions.pause, ANITA, name))
    paused = ask()
    app.subscriptions.resume(ANITA, name)
    app.subscriptions.cancel(ANITA, name)
    assert ask() == Answered(paused.answer, is_replay=True)
    assert [entry.status for entry in app.subscriptions.get(ANITA, name).history] == [
        "ACTIVE",
        "PAUSED",
        "ACTIVE",
        "CANCELLED",
    ]


def test_a_use_case_with_nothing_to_do_is_answered_the_same_again(any_house: House) -> None:
    answers = [asked(any_house.app, attempt(BACKEND), partial(int, number))() for number in range(3)]
    assert answers == [Answered(told(0), is_replay=number > 0) for number in range(3)]


@pytest.mark.parametrize(
    "other",
    [
        attempt(BACKEND, "k2"),
        attempt(BACKEND, target="there"),
        evolve(attempt(BACKEND), target=("PUT", "/here")),
        evolve(attempt(BACKEND), target=("POST", "/here", "a=b")),
        attempt(PartnerBackend(KITE)),
        attempt(PartnerBackend(ZEBU_TEST)),
        attempt(ADMIN),
        attempt(Admin(Email("other@quantleap.in"))),
        attempt(ANITA),
    ],
    ids=["key", "path", "method", "query", "partner", "mode", "kind of caller", "admin", "user"],
)
def test_another_request_is_another_whatever_its_key(house: House, other: Attempt) -> None:
    app = house.app
    for made in (attempt(BACKEND), other):
        assert not asked(app, made, lambda: "done")().is_replay
    assert kept(house) == 2


def test_a_partner_s_other_key_pair_repeats_its_request(house: House) -> None:
    first, second = (evolve(BACKEND, api_key_id=name) for name in ("key_00000001", "key_00000002"))
    assert not asked(house.app, attempt(first), lambda: "done")().is_replay
    assert asked(house.app, attempt(second), lambda: "again")().is_replay


@pytest.mark.parametrize("would", ["succeed", "be refused", "do nothing"])
def test_another_body_under_its_key_is_refused_whatever_it_would_come_to(any_house: House, would: str) -> None:
    app = any_house.app
    asked(app, attempt(BACKEND), subscribing(app))()
    act = {"succeed": subscribing(app, STRADDLE), "be refused": subscribing(app), "do nothing": lambda: None}[would]
    before = any_house.items()
    assert isinstance(refusal(asked(app, attempt(BACKEND, body=b"{ }"), act)), IdempotencyKeyReusedError)
    assert any_house.items() == before


def test_an_answer_is_kept_for_24_hours(any_house: House) -> None:
    any_house.clock.move_to(NOON + timedelta(milliseconds=900))
    ask = asked(any_house.app, attempt(BACKEND), any_house.clock.now)
    first = ask()
    any_house.clock.move_to(NOON + KEPT_FOR)
    assert ask() == Answered(first.answer, is_replay=True)
    any_house.clock.move_to(NOON + KEPT_FOR + timedelta(seconds=1))
    again = ask()
    assert not again.is_replay
    assert again.answer != first.answer
    assert ask() == Answered(again.answer, is_replay=True)


def test_a_key_whose_answer_expired_may_be_used_for_another_body(any_house: House) -> None:
    asked(any_house.app, attempt(BACKEND), lambda: "first")()
    any_house.clock.move_to(NOON + KEPT_FOR)
    assert not asked(any_house.app, attempt(BACKEND, body=b"{ }"), lambda: "second")().is_replay


def test_an_answer_that_showed_a_secret_is_given_once_and_not_kept(any_house: House) -> None:
    app = any_house.app

    def shown(_: object) -> Answer:
        return Answer(201, '{"secret": "sk_zebu_live_X"}', secret_of="key_00000009")

    ask = partial(app.answering_once.run, attempt(ADMIN), lambda: "issued", shown)
    assert "sk_zebu_live_X" in ask().answer.body
    refused = refusal(ask)
    assert isinstance(refused, SecretShownBeforeError)
    assert refused.api_key_id == "key_00000009"
    assert "sk_zebu" not in str(any_house.items())


# Refusals and faults


def test_a_refusal_is_not_kept_and_the_request_may_succeed_later(any_house: House) -> None:
    app = any_house.app
    own = any_house.subscribed(by=ANITA).terms.subscription_id
    ask = asked(app, attempt(ANITA), partial(app.subscriptions.resume, ANITA, own))
    assert isinstance(refusal(ask), InvalidStatusTransitionError)
    assert kept(any_house) == 0
    app.subscriptions.pause(ANITA, own)
    assert not ask().is_replay
    assert ask().is_replay


def test_what_breaks_in_the_midst_leaves_nothing_and_is_done_by_a_repeat(any_house: House) -> None:
    app = any_house.app

    def breaks(_: object) -> Answer:
        raise ZeroDivisionError

    def broken() -> object:
        subscribing(app)
        raise ZeroDivisionError

    before = any_house.items()
    for ask in (
        partial(app.answering_once.run, attempt(BACKEND), subscribing(app), breaks),
        asked(app, attempt(BACKEND), broken),
    ):
        with pytest.raises(ZeroDivisionError):
            ask()
    assert any_house.items() == before
    assert not asked(app, attempt(BACKEND), subscribing(app))().is_replay
    assert len(ids(any_house)) == 1


def test_what_breaks_after_its_commit_is_answered_to_a_repeat(any_house: House) -> None:
    app = any_house.app

    def broken() -> object:
        subscribing(app)()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked(app, attempt(BACKEND), broken)()
    assert asked(app, attempt(BACKEND), subscribing(app))().is_replay
    assert len(ids(any_house)) == 1


def test_an_attempt_that_is_over_keeps_nothing_of_what_comes_after_it(any_house: House) -> None:
    app = any_house.app
    for act in (lambda: "done", subscribing(app, "basket_none")):
        refusal(asked(app, attempt(BACKEND), act))
    subscribing(app)()
    assert kept(any_house) == 1


class Once:
    """Requests under keys over an engine that is watched. What they do is to keep their answer."""

    def __init__(self) -> None:
        self.engine = WatchedEngine(MemoryEngine())
        answers, clock = StoredKeptAnswers(self.engine), DrivenClock(NOON)
        self._once = AnsweringOnce(OnceUnits(StoreUnitOfWork(self.engine), answers, clock), answers, clock)

    def ask(self, act: Callable[[], object] = lambda: "done") -> Answered:
        """The same request."""
        return self._once.run(attempt(BACKEND), act, told)


def busy() -> None:
    raise WriteConflictError("held by others")


def test_a_twin_that_others_kept_off_is_answered_by_what_they_did() -> None:
    once = Once()

    def overtaken() -> None:
        once.ask(lambda: "the twin")
        busy()

    once.engine.before("write", overtaken)
    assert once.ask() == Answered(told("the twin"), is_replay=True)


def test_a_request_that_others_kept_off_and_nobody_did_is_busy_and_may_be_repeated() -> None:
    once = Once()
    once.engine.before("write", busy)
    refused = refusal(once.ask)
    assert isinstance(refused, BusyError)
    assert (refused.code, refused.retryable) == (ConcurrentUpdateError.code, True)
    assert not once.ask().is_replay


def test_a_commit_whose_answer_was_lost_is_found_by_the_repeat() -> None:
    once = Once()

    def lost() -> None:
        once.ask(lambda: "committed")
        raise StoreUnavailableError("the connection broke")

    once.engine.before("write", lost)
    assert isinstance(refusal(once.ask), UnavailableError)
    assert once.ask() == Answered(told("committed"), is_replay=True)


# Use cases


@pytest.mark.parametrize("by", [BACKEND, ANITA], ids=["a partner", "a user"])
def test_each_move_is_made_once_under_its_key(any_house: House, by: Principal) -> None:
    app = any_house.app
    name = any_house.subscribed(by=by if by is ANITA else None).terms.subscription_id
    for move in (app.subscriptions.pause, app.subscriptions.resume, app.subscriptions.cancel):
        ask = asked(app, attempt(by, move.__name__), partial(move, by, name))
        assert [ask().is_replay for _ in range(2)] == [False, True]
    assert len(app.subscriptions.get(ADMIN, name).history) == 4


def test_without_a_key_a_repeat_is_refused_as_it_ever_was(any_house: House) -> None:
    app = any_house.app
    subscribing(app)()
    assert isinstance(refusal(subscribing(app)), DuplicateSubscriptionError)
    assert isinstance(refusal(asked(app, attempt(BACKEND), subscribing(app))), DuplicateSubscriptionError)
    assert (len(ids(any_house)), kept(any_house)) == (1, 0)


def test_nobody_reads_from_a_stored_item_who_asked_or_by_which_key(house: House) -> None:
    asked(house.app, attempt(BALA, "a-telling-key"), lambda: "done")()
    [item] = [item for item in house.items() if item["entity_type"] == "KEPT_ANSWER"]
    assert BALA.email.address not in str(item)
    assert "a-telling-key" not in str(item)
    assert "a-telling-key" not in repr(attempt(BALA, "a-telling-key"))
