"""The one way in which the change feed is followed: what comes of a batch and how far it was read are one commit."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Generic, TypeAlias, TypeVar

from attrs import Factory, define, frozen

from quantleap.domain.errors import ConcurrentUpdateError, InvalidInputError
from quantleap.ports.errors import CorruptDataError, FeedTrimmedError
from quantleap.ports.feed import FeedBatch, FeedCheckpoint
from quantleap.ports.system import Clock
from quantleap.ports.unit_of_work import UnitOfWork, Write

T = TypeVar("T")

SAVED_EVERY = timedelta(hours=1)
"""A checkpoint is moved on so often even where nothing was told, so that the feed never passes a quiet store by."""


class Stop(Enum):
    """Why a follower stopped."""

    AT_THE_END = auto()
    OVERTAKEN = auto()
    """Another follower, or a recount, is at work and does the rest."""
    HELD = auto()
    """A recount holds the counters, or held them when it was killed."""
    LOST = auto()
    """It cannot go on from where it stands: some of what follows is gone, or the feed is another."""


@frozen
class Walked:
    """Where a walk ended and why, how many facts it told, and what could not be read and was passed over.

    `reason` says more of LOST.
    """

    stop: Stop
    checkpoint: FeedCheckpoint
    told: int
    unreadable: tuple[CorruptDataError, ...]
    reason: str


@frozen
class Stretch(Generic[T]):
    """What was read from one position to another, and the instant at which that is saved."""

    events: tuple[T, ...]
    since: str | None
    until: str
    at: datetime


Reads: TypeAlias = Callable[[str | None, int], FeedBatch[T]]
"""At most so many changes after a position."""

Stages: TypeAlias = Callable[[Stretch[T]], list[Write] | None]
"""What comes of a stretch, and the checkpoint, which is refused with ConcurrentUpdateError where it is no longer at
`since`. None: that is too much for one commit, and half as much is to be read.
"""


@define
class _Progress:
    checkpoint: FeedCheckpoint
    limit: int
    told: int = 0
    unreadable: list[CorruptDataError] = Factory(list)


class FeedWalk(Generic[T]):
    """Goes on batch by batch, each told once, whoever else follows and wherever it is killed."""

    def __init__(self, read: Reads[T], stage: Stages[T], units: UnitOfWork, clock: Clock, *, batch: int) -> None:
        self._read = read
        self._stage = stage
        self._units = units
        self._clock = clock
        self._batch = batch

    def from_checkpoint(self, checkpoint: FeedCheckpoint) -> Walked:
        """As far as it comes. What its own commits write is met once more at the end, and tells nothing."""
        progress = _Progress(checkpoint, self._batch)
        stop, reason = self._walk(progress)
        return Walked(stop, progress.checkpoint, progress.told, tuple(progress.unreadable), reason)

    def _walk(self, progress: _Progress) -> tuple[Stop, str]:
        try:
            while True:
                stop = self._step(progress)
                if stop is not None:
                    return stop, ""
        # A position that the feed never gave (it is another since a restore), or a counter that is no number.
        except (FeedTrimmedError, InvalidInputError) as error:
            return Stop.LOST, str(error)

    def _step(self, progress: _Progress) -> Stop | None:
        """One batch; None when there may be more."""
        since = progress.checkpoint.position
        batch = self._read(since, progress.limit)
        if batch.position is None or (batch.is_last and not self._is_worth_saving(batch, progress.checkpoint)):
            return Stop.AT_THE_END
        now = self._clock.now()
        staged = self._stage(Stretch(batch.events, since, batch.position, now))
        if staged is None:
            progress.limit //= 2
            return None
        try:
            self._units.commit(*staged)
        except ConcurrentUpdateError:
            return Stop.OVERTAKEN
        progress.checkpoint, progress.limit = FeedCheckpoint(batch.position, now), self._batch
        progress.told += len(batch.events)
        progress.unreadable += batch.unreadable
        return None

    def _is_worth_saving(self, batch: FeedBatch[T], checkpoint: FeedCheckpoint) -> bool:
        """Whether the last batch moves the checkpoint: that is a change too, and moving it for nothing has no end."""
        if batch.events or batch.unreadable:
            return True
        saved_at = checkpoint.saved_at
        is_due = saved_at is None or self._clock.now() - saved_at >= SAVED_EVERY
        return is_due and batch.position != checkpoint.position
