"""The states and moves: every path to depth 6 against a model written from the rules, and the published refusals."""

from collections.abc import Callable

import pytest
from attrs import evolve, frozen

from quantleap.domain.errors import HistoryFullError, InvalidInputError, InvalidStatusTransitionError
from quantleap.domain.subscriptions.history import MAX_HISTORY_ENTRIES, HistoryEntry, Stamp
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Life, Subscription
from quantleap.domain.subscriptions.terms import Options, Terms
from quantleap.domain.subscriptions.transitions import MOVES, Transition

Stamper = Callable[[int], Stamp]

DEPTH = 6

MODEL = {
    "ACTIVE": {"pause": "PAUSED", "cancel": "CANCELLED", "expire": "EXPIRED"},
    "PAUSED": {"resume": "ACTIVE", "cancel": "CANCELLED", "expire": "EXPIRED"},
    "CANCELLED": {},
    "EXPIRED": {},
}
"""The rules in words of their own: pause ACTIVE, resume PAUSED, cancel or expire either; nothing leaves the others."""


@frozen
class Modelled:
    """What the model says of a subscription: each status taken, with the number of the request that took it."""

    taken: tuple[tuple[str, int], ...] = (("ACTIVE", 0),)

    @property
    def status(self) -> str:
        return self.taken[-1][0]

    def last_taken(self, status: str, *, after_the_start: bool = False) -> int | None:
        """The number of the newest request that took that status."""
        steps = self.taken[1:] if after_the_start else self.taken
        return next((number for taken, number in reversed(steps) if taken == status), None)

    def tried(self, move: str, number: int) -> "Modelled | None":
        """After the move, or None where it is refused."""
        target = MODEL[self.status].get(move)
        return None if target is None else Modelled((*self.taken, (target, number)))


def _agrees(subscription: Subscription, model: Modelled, begun: Subscription, stamp: Stamper) -> None:
    def at(number: int | None) -> object:
        return None if number is None else stamp(number).at

    assert subscription.life == Life(
        SubscriptionStatus(model.status),
        stamp(model.taken[-1][1]).at,
        paused_at=at(model.last_taken("PAUSED")),  # type: ignore[arg-type] # the model's instants, or None
        resumed_at=at(model.last_taken("ACTIVE", after_the_start=True)),  # type: ignore[arg-type] # as above
        cancelled_at=at(model.last_taken("CANCELLED")),  # type: ignore[arg-type] # as above
    )
    assert [(entry.status.value, entry.stamp) for entry in subscription.history] == [
        (status, stamp(number)) for status, number in model.taken
    ]
    assert subscription.version == len(model.taken)
    assert subscription.terms is begun.terms
    assert subscription.options is begun.options
    assert subscription.billing is begun.billing


def test_every_path_to_depth_six_agrees_with_the_model(begun: Subscription, stamp: Stamper) -> None:
    paths = 0

    def walk(subscription: Subscription, model: Modelled, depth: int) -> None:
        nonlocal paths
        _agrees(subscription, model, begun, stamp)
        if depth == DEPTH:
            paths += 1
            return
        for transition in Transition:
            number = depth + 1
            expected = model.tried(transition.value, number)
            if expected is None:
                with pytest.raises(InvalidStatusTransitionError) as refusal:
                    subscription.move(transition, stamp(number))
                assert (refusal.value.transition, refusal.value.status) == (transition.value, model.status)
                walk(subscription, model, number)
            else:
                walk(subscription.move(transition, stamp(number)), expected, number)

    walk(begun, Modelled(), 0)
    assert paths == len(Transition) ** DEPTH


def test_the_table_says_every_move_once_and_cannot_be_changed() -> None:
    assert set(MOVES) == set(Transition)
    with pytest.raises(TypeError):
        del MOVES[Transition.PAUSE]  # type: ignore[attr-defined] # the refusal is the point


def test_live_statuses_are_those_with_a_move_out() -> None:
    assert {status for status in SubscriptionStatus if status.is_live} == {key for key, moves in MODEL.items() if moves}


@pytest.mark.parametrize(
    ("path", "refused", "message"),
    [
        (["pause"], "pause", "Can only pause ACTIVE subscriptions. Current status: PAUSED"),
        (["cancel"], "pause", "Can only pause ACTIVE subscriptions. Current status: CANCELLED"),
        ([], "resume", "Can only resume PAUSED subscriptions. Current status: ACTIVE"),
        (["expire"], "resume", "Can only resume PAUSED subscriptions. Current status: EXPIRED"),
        (["cancel"], "cancel", "Can only cancel ACTIVE or PAUSED subscriptions. Current status: CANCELLED"),
        (["pause", "expire"], "cancel", "Can only cancel ACTIVE or PAUSED subscriptions. Current status: EXPIRED"),
        (["cancel"], "expire", "Can only expire ACTIVE or PAUSED subscriptions. Current status: CANCELLED"),
    ],
)
def test_a_refused_move_has_the_published_message(
    path: list[str], refused: str, message: str, begun: Subscription, stamp: Stamper
) -> None:
    subscription = begun
    for step in path:
        subscription = subscription.move(Transition(step), stamp(1))
    with pytest.raises(InvalidStatusTransitionError) as refusal:
        subscription.move(Transition(refused), stamp(2))
    assert str(refusal.value) == message
    assert refusal.value.code == "INVALID_STATUS_TRANSITION"


def test_a_subscription_begins_active_with_one_entry_and_version_one(
    terms: Terms, options: Options, stamp: Stamper
) -> None:
    begun = Subscription.begin(terms, options, stamp(3))
    assert begun.life == Life(SubscriptionStatus.ACTIVE, stamp(3).at)
    assert begun.history == (HistoryEntry(SubscriptionStatus.ACTIVE, stamp(3)),)
    assert begun.version == 1
    assert (begun.terms, begun.options) == (terms, options)
    assert begun.billing.periods_charged == 0


def _with_full_history(begun: Subscription, status: SubscriptionStatus, stamp: Stamper) -> Subscription:
    entries = (*begun.history * (MAX_HISTORY_ENTRIES - 1), HistoryEntry(status, stamp(1)))
    return evolve(begun, life=Life(status, stamp(1).at), history=entries, version=MAX_HISTORY_ENTRIES)


def test_pause_and_resume_alternate_until_the_thousandth_entry(begun: Subscription, stamp: Stamper) -> None:
    subscription = begun
    for number in range(1, 1000):
        move = Transition.PAUSE if subscription.life.status is SubscriptionStatus.ACTIVE else Transition.RESUME
        subscription = subscription.move(move, stamp(number))
    assert len(subscription.history) == 1000
    with pytest.raises(HistoryFullError):
        subscription.move(Transition.RESUME, stamp(1000))


@pytest.mark.parametrize(
    ("status", "move"),
    [(SubscriptionStatus.ACTIVE, Transition.PAUSE), (SubscriptionStatus.PAUSED, Transition.RESUME)],
)
def test_a_history_of_a_thousand_refuses_pause_and_resume_by_name(
    status: SubscriptionStatus, move: Transition, begun: Subscription, stamp: Stamper
) -> None:
    with pytest.raises(HistoryFullError) as refusal:
        _with_full_history(begun, status, stamp).move(move, stamp(2))
    assert refusal.value.details() == {"subscription_id": "sub_zebu_0190a3f2", "limit": 1000}
    assert refusal.value.code == "HISTORY_FULL"


@pytest.mark.parametrize("status", [SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED])
@pytest.mark.parametrize("move", [Transition.CANCEL, Transition.EXPIRE])
def test_a_history_of_a_thousand_lets_cancel_and_expire_pass(
    status: SubscriptionStatus, move: Transition, begun: Subscription, stamp: Stamper
) -> None:
    ended = _with_full_history(begun, status, stamp).move(move, stamp(2))
    assert not ended.life.status.is_live
    assert len(ended.history) == 1001


def test_an_illegal_move_on_a_full_history_is_refused_as_illegal(begun: Subscription, stamp: Stamper) -> None:
    full = _with_full_history(begun, SubscriptionStatus.PAUSED, stamp)
    with pytest.raises(InvalidStatusTransitionError):
        full.move(Transition.PAUSE, stamp(2))


def test_only_the_newest_change_tells_whose_request_made_it(begun: Subscription, stamp: Stamper) -> None:
    paused = begun.move(Transition.PAUSE, stamp(1))
    assert paused.was_last_changed_by("req_000000000001")
    assert not paused.was_last_changed_by("req_000000000000")
    assert begun.was_last_changed_by("req_000000000000")


@pytest.mark.parametrize("status", [None, SubscriptionStatus.PAUSED])
def test_a_history_that_does_not_end_in_the_status_cannot_be_built(
    status: SubscriptionStatus | None, begun: Subscription, stamp: Stamper
) -> None:
    history = () if status is None else (HistoryEntry(status, stamp(1)),)
    with pytest.raises(InvalidInputError, match=r"^history: must end in the current status$"):
        evolve(begun, history=history)


def test_the_summary_holds_everything_but_the_history(begun: Subscription, stamp: Stamper) -> None:
    subscription = begun.charged(0, stamp(1).at).move(Transition.PAUSE, stamp(2))
    summary = subscription.summary
    assert (summary.terms, summary.options, summary.life) == (begun.terms, begun.options, subscription.life)
    assert (summary.periods_charged, summary.version) == (1, 3)
