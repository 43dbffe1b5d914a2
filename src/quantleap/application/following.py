"""Counts what the change feed tells, from where counting stopped to the feed's end."""

from collections import Counter
from collections.abc import Iterable

from attrs import frozen

from quantleap.application.feed_walking import FeedWalk, Stop, Stretch
from quantleap.domain.identifiers import Mode
from quantleap.domain.subscriptions.events import SubscriptionEvent
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.terms import Terms
from quantleap.ports.counters import MAX_COUNTERS_A_COMMIT, Checkpoint, Counted, Counters, StatusCount
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.subscriptions import Subscriptions
from quantleap.ports.system import Clock
from quantleap.ports.unit_of_work import UnitOfWork, Write

BATCH = 500
"""Changes read, and counted in one commit, at a time."""


@frozen
class Followed:
    """How many facts were counted, what could not be read and was passed over, and why it stopped where it did.

    `checkpoint` is where counting stood at the end (None: that cannot be read), `reason` says more of LOST.
    """

    stop: Stop
    checkpoint: Checkpoint | None
    counted: int = 0
    unreadable: tuple[CorruptDataError, ...] = ()
    reason: str = ""


def counted_by(terms: Terms, status: SubscriptionStatus) -> tuple[Counted, ...]:
    """The counters that a subscription of those terms counts in while it has that status."""
    counters: list[Counted] = [] if terms.partner_id is None else [StatusCount(terms.partner_id, status)]
    if terms.mode is Mode.LIVE and status.is_live:
        counters.append(terms.basket_id)
    return tuple(counters)


class Follower:
    """Moves counters and checkpoint on together, each change counted once, whoever else does and wherever killed."""

    def __init__(self, subscriptions: Subscriptions, counters: Counters, units: UnitOfWork, clock: Clock) -> None:
        self._counters = counters
        self._feed = FeedWalk(subscriptions.events, self._staged, units, clock, batch=BATCH)

    def catch_up(self) -> Followed:
        """Count what was committed before it began, as far as it comes. It reads the feed alone."""
        try:
            checkpoint = self._counters.checkpoint()
        except CorruptDataError as error:
            return Followed(Stop.LOST, None, reason=str(error))
        if checkpoint.recount is not None:
            return Followed(Stop.HELD, checkpoint)
        walked = self._feed.from_checkpoint(checkpoint)
        stands_at = Checkpoint(walked.checkpoint.position, walked.checkpoint.saved_at)
        return Followed(walked.stop, stands_at, walked.told, walked.unreadable, walked.reason)

    def _staged(self, stretch: Stretch[SubscriptionEvent]) -> list[Write] | None:
        deltas = _deltas(stretch.events)
        if len(deltas) > MAX_COUNTERS_A_COMMIT:
            return None
        return self._counters.counting(deltas, since=stretch.since, until=stretch.until, at=stretch.at)


def _deltas(events: Iterable[SubscriptionEvent]) -> dict[Counted, int]:
    deltas: Counter[Counted] = Counter()
    for event in events:
        terms, before = event.subscription.terms, event.status_before
        deltas.update(counted_by(terms, event.subscription.life.status))
        if before is not None:
            deltas.subtract(counted_by(terms, before))
    return {counter: delta for counter, delta in deltas.items() if delta}
