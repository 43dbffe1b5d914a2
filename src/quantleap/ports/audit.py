"""The audit trail: what changes tell of it, and where its entries are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from quantleap.domain.audit.entry import AuditEntry
from quantleap.domain.audit.question import AuditQuestion
from quantleap.domain.paging import Page, PageRequest
from quantleap.ports.feed import FeedBatch, FeedCheckpoint
from quantleap.ports.unit_of_work import Write

MAX_ENTRIES_A_COMMIT = 33
"""Entries that `keeping` stages at most: each is kept three times, and one transaction holds 100 writes."""

MAX_DAYS_A_PAGE = 32
"""Days that a page looks at: all that the usual span touches, and of a longer one no more at once."""


class AuditedChanges(Protocol):
    """The change feed as the audit trail sees it."""

    def entries(self, after: str | None, limit: int) -> FeedBatch[AuditEntry]:
        """What the next `limit` changes after that position tell (None: from the oldest kept), each at most one entry.

        An entry is the same however often its change is told. A change whose images cannot be read is passed over, and
        told. Raises InvalidInputError for a position that the feed never gave, FeedTrimmedError when some of what
        follows it is no longer kept.
        """


class AuditLog(Protocol):
    """The entries. Keeping one again changes nothing."""

    def checkpoint(self) -> FeedCheckpoint:
        """How far the trail has followed the feed, seeing all commits that returned before. Raises CorruptDataError."""

    def keeping(
        self, entries: Sequence[AuditEntry], *, since: str | None, until: str | None, at: datetime
    ) -> list[Write]:
        """Stage the entries of what changed from one position to another, and the checkpoint, saved at that instant.

        `until` None stands for the oldest change kept. Refused with ConcurrentUpdateError when another follower moved
        the checkpoint.
        """

    def page(self, question: AuditQuestion, page: PageRequest) -> Page[AuditEntry]:
        """The entries that are asked for, newest first. May be stale, and short or empty though others follow.

        Raises InvalidInputError for a position that is not one of this list.
        """
