"""Counts what the change feed tells, from where counting stopped to the feed's end."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from enum import Enum, auto

from attrs import Factory, define, frozen

from quantleap.domain.errors import ConcurrentUpdateError, InvalidInputError
from quantleap.domain.identifiers import Mode
from quantleap.domain.subscriptions.events import SubscriptionEvent, SubscriptionEventKind
from quantleap.domain.subscriptions.terms import Terms
from quantleap.ports.counters import MAX_COUNTERS_A_COMMIT, Checkpoint, Counted, Counters
from quantleap.ports.errors import CorruptDataError, FeedTrimmedError
from quantleap.ports.subscriptions import EventBatch, Subscriptions
from quantleap.ports.system import Clock
from quantleap.ports.unit_of_work import UnitOfWork

BATCH = 500
"""Changes read, and counted in one commit, at a time."""

SAVED_EVERY = timedelta(hours=1)
"""A checkpoint is moved on so often even where nothing was counted, so that the feed never passes a quiet store by."""

_LIVE_DELTA = {
    SubscriptionEventKind.CREATED: 1,
    SubscriptionEventKind.CANCELLED: -1,
    SubscriptionEventKind.EXPIRED: -1,
}


class Stop(Enum):
    """Why a follower stopped."""

    AT_THE_END = auto()
    OVERTAKEN = auto()
    """Another follower, or a recount, is at work and counts the rest."""
    HELD = auto()
    """A recount holds the counters, or held them when it was killed."""
    LOST = auto()
    """It cannot go on from where counting stands: the counters must be made anew."""


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


def counted_by(terms: Terms) -> tuple[Counted, ...]:
    """Whose counters a live subscription of those terms counts in."""
    counters: list[Counted] = [] if terms.partner_id is None else [terms.partner_id]
    if terms.mode is Mode.LIVE:
        counters.append(terms.basket_id)
    return tuple(counters)


@define
class _Walk:
    """How far a follower has come."""

    checkpoint: Checkpoint
    counted: int = 0
    unreadable: list[CorruptDataError] = Factory(list)
    limit: int = BATCH


class Follower:
    """Moves counters and checkpoint on together, each change counted once, whoever else does and wherever killed."""

    def __init__(self, subscriptions: Subscriptions, counters: Counters, units: UnitOfWork, clock: Clock) -> None:
        self._subscriptions = subscriptions
        self._counters = counters
        self._units = units
        self._clock = clock

    def catch_up(self) -> Followed:
        """Count what was committed before it began, as far as it comes. It reads the feed alone."""
        try:
            checkpoint = self._counters.checkpoint()
        except CorruptDataError as error:
            return Followed(Stop.LOST, None, reason=str(error))
        if checkpoint.recount is not None:
            return Followed(Stop.HELD, checkpoint)
        walk = _Walk(checkpoint)
        stop, reason = self._walk(walk)
        return Followed(stop, walk.checkpoint, walk.counted, tuple(walk.unreadable), reason)

    def _walk(self, walk: _Walk) -> tuple[Stop, str]:
        try:
            while True:
                stop = self._step(walk)
                if stop is not None:
                    return stop, ""
        # A position that the feed never gave (it is another since a restore), or a counter that is no number.
        except (FeedTrimmedError, InvalidInputError) as error:
            return Stop.LOST, str(error)

    def _step(self, walk: _Walk) -> Stop | None:
        """Count one batch; None when there may be more."""
        batch = self._subscriptions.events(walk.checkpoint.position, walk.limit)
        if batch.position is None or (batch.is_last and not self._is_worth_saving(batch, walk.checkpoint)):
            return Stop.AT_THE_END
        deltas = _deltas(batch.events)
        if len(deltas) > MAX_COUNTERS_A_COMMIT:
            walk.limit //= 2
            return None
        since, now = walk.checkpoint.position, self._clock.now()
        try:
            self._units.commit(*self._counters.counting(deltas, since=since, until=batch.position, at=now))
        except ConcurrentUpdateError:
            return Stop.OVERTAKEN
        walk.checkpoint, walk.limit = Checkpoint(batch.position, now), BATCH
        walk.counted += len(batch.events)
        walk.unreadable += batch.unreadable
        return None

    def _is_worth_saving(self, batch: EventBatch, checkpoint: Checkpoint) -> bool:
        """Whether the last batch moves the checkpoint: that is a change too, and moving it for nothing has no end."""
        if batch.events or batch.unreadable:
            return True
        saved_at = checkpoint.saved_at
        is_due = saved_at is None or self._clock.now() - saved_at >= SAVED_EVERY
        return is_due and batch.position != checkpoint.position


def _deltas(events: Iterable[SubscriptionEvent]) -> dict[Counted, int]:
    deltas: Counter[Counted] = Counter()
    for event in events:
        for counter in counted_by(event.subscription.terms):
            deltas[counter] += _LIVE_DELTA.get(event.kind, 0)
    return {counter: delta for counter, delta in deltas.items() if delta}
