"""Chapter four: one user pauses and comes back, another leaves, and illegal moves are refused."""

from collections.abc import Callable

from attrs import frozen

from quantleap.application.subscription_care import StatusChange
from quantleap.domain.errors import InvalidStatusTransitionError
from quantleap.entrypoints.cli.demo.chapter import Chapter, Check
from quantleap.entrypoints.cli.demo.stage import BASKET_ID, Stage, moment
from quantleap.entrypoints.cli.output.views import Facts, Table

ALLOWED = "allowed"
REFUSED = "refused"


@frozen
class _Step:
    """A move that was asked for, and how it ended: the new status, or the refusal's words."""

    who: str
    move: str
    outcome: str
    answer: str


def move_some(stage: Stage) -> Chapter:
    """Pause, pause again, resume; cancel, resume: five moves, two of which are no moves from where they are asked."""
    stage.clock.move_to(moment(9, 10))
    care, first, last = stage.app.subscriptions, stage.subscriptions[0], stage.subscriptions[-1]
    first_user, last_user = str(stage.user(1)), str(stage.user(stage.users))
    steps = (
        _asked(first_user, "pause", lambda: care.pause(stage.backend, first, reason="on holiday")),
        _asked(first_user, "pause", lambda: care.pause(stage.backend, first)),
        _asked(first_user, "resume", lambda: care.resume(stage.backend, first)),
        _asked(last_user, "cancel", lambda: care.cancel(stage.backend, last, reason="moved abroad")),
        _asked(last_user, "resume", lambda: care.resume(stage.backend, last)),
    )
    stage.app.counters.follow()
    stage.app.auditing.follow()
    count = stage.app.marketplace.template(stage.backend, BASKET_ID).subscriber_count
    return Chapter(
        key="moving",
        title="One pauses and comes back, one leaves",
        document={
            "moves": [
                {"user_email": step.who, "move": step.move, "outcome": step.outcome, "answer": step.answer}
                for step in steps
            ],
            "subscriber_count": count,
        },
        views=(
            Table(("user", "asks to", "", "answer"), ((s.who, s.move, s.outcome, s.answer) for s in steps)),
            Facts((("the template's subscribers", count),)),
        ),
        checks=(
            Check(
                "legal moves pass, illegal ones do not",
                [ALLOWED, REFUSED, ALLOWED, ALLOWED, REFUSED],
                [step.outcome for step in steps],
            ),
            Check("one subscriber fewer is counted", stage.users - 1, count),
        ),
    )


def _asked(who: str, name: str, move: Callable[[], StatusChange]) -> _Step:
    try:
        return _Step(who, name, ALLOWED, move().status)
    except InvalidStatusTransitionError as refusal:
        return _Step(who, name, REFUSED, str(refusal))
