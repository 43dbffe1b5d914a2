"""Writes the audit trail from what the change feed tells, from where it stopped to the feed's end."""

from attrs import evolve, frozen

from quantleap.application.feed_walking import FeedWalk, Stop, Stretch, Walked
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.audit.entry import AuditEntry, told_as
from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.domain.identifiers import Mode
from quantleap.ports.audit import MAX_ENTRIES_A_COMMIT, AuditedChanges, AuditLog
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.feed import FeedCheckpoint
from quantleap.ports.system import Clock
from quantleap.ports.unit_of_work import UnitOfWork, Write

BATCH = MAX_ENTRIES_A_COMMIT
"""Changes read, and told in one commit, at a time: each is one entry at most."""

_ACTOR = "system:audit"


@frozen
class Audited:
    """How many changes were told, what could not be read and was passed over, and why it stopped where it did.

    `gap` says why changes before those that were told went by unread, None where none did; `reason` says more of LOST.
    """

    stop: Stop
    told: int = 0
    unreadable: tuple[CorruptDataError, ...] = ()
    gap: str | None = None
    reason: str = ""


class AuditFollower:
    """Moves trail and checkpoint on together, each change told once, whoever else does and wherever killed."""

    def __init__(self, changes: AuditedChanges, log: AuditLog, units: UnitOfWork, clock: Clock) -> None:
        self._log = log
        self._units = units
        self._clock = clock
        self._feed = FeedWalk(changes.entries, self._staged, units, clock, batch=BATCH)

    def catch_up(self) -> Audited:
        """Tell what was committed before it began, as far as it comes.

        Where the feed has passed it by, the trail says so in an entry of its own, and goes on from the oldest change
        that is kept. It is LOST only where its checkpoint cannot be read, or that change not either.
        """
        try:
            checkpoint = self._log.checkpoint()
        except CorruptDataError as error:
            return Audited(Stop.LOST, reason=str(error))
        walked = self._feed.from_checkpoint(checkpoint)
        if walked.stop is not Stop.LOST or walked.checkpoint.position is None:
            return _outcome(walked)
        try:
            self._note_gap(walked.checkpoint.position)
        except ConcurrentUpdateError:
            return evolve(_outcome(walked), stop=Stop.OVERTAKEN)
        again = _outcome(self._feed.from_checkpoint(FeedCheckpoint()))
        return evolve(
            again, told=walked.told + again.told, unreadable=walked.unreadable + again.unreadable, gap=walked.reason
        )

    def _note_gap(self, position: str) -> None:
        """That what follows the position was not read; the oldest change that is kept comes next."""
        now = self._clock.now()
        gap = AuditEntry(
            entry_id=told_as((AuditAction.GAP, position, now.isoformat())),
            at=now,
            action=AuditAction.GAP,
            subject_id="feed",
            mode=Mode.LIVE,
            actor=_ACTOR,
        )
        self._units.commit(*self._log.keeping([gap], since=position, until=None, at=now))

    def _staged(self, stretch: Stretch[AuditEntry]) -> list[Write]:
        return self._log.keeping(stretch.events, since=stretch.since, until=stretch.until, at=stretch.at)


def _outcome(walked: Walked) -> Audited:
    return Audited(walked.stop, walked.told, walked.unreadable, reason=walked.reason)
