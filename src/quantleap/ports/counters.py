"""Counts that follow the change feed, seconds behind it, and can be made anew from the records."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypeAlias

from attrs import frozen

from quantleap.domain.identifiers import PartnerId
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.ports.feed import FeedCheckpoint
from quantleap.ports.unit_of_work import Write


@frozen
class StatusCount:
    """The counter of a partner's subscriptions of one status."""

    partner_id: PartnerId
    status: SubscriptionStatus

    def __str__(self) -> str:
        return f"{self.partner_id} {self.status}"


Counted: TypeAlias = StatusCount | str
"""What is counted: a partner's subscriptions of a status, or (text) the live ones of the template of that id."""

MAX_COUNTERS_A_COMMIT = 90
"""Counters that `counting` and `correcting` stage at most: one transaction holds 100 writes."""


@frozen
class RecountMark:
    """That the counters are being made anew, by whom (a request id), and since when."""

    token: str
    since: datetime


@frozen
class Checkpoint(FeedCheckpoint):
    """How far the counters have followed the feed. While a recount holds it, nobody else counts."""

    recount: RecountMark | None = None


class Counters(Protocol):
    """How many subscriptions there are. Test-mode ones count for their partner, never for a template."""

    def of_partner(self, partner_id: PartnerId) -> Mapping[SubscriptionStatus, int]:
        """A partner's subscriptions by status, every status among them, as of the checkpoint. May be stale.

        Raises CorruptDataError.
        """

    def has_template(self, basket_id: str) -> bool:
        """Whether there is that template, and so a counter of it to write."""

    def checkpoint(self) -> Checkpoint:
        """Where counting stands, seeing every commit that returned before. Raises CorruptDataError."""

    def counting(self, deltas: Mapping[Counted, int], *, since: str | None, until: str, at: datetime) -> list[Write]:
        """Stage by how much counters changed from one position to another, and the checkpoint, saved at that instant.

        Refused with ConcurrentUpdateError when another follower moved the checkpoint (each change counts once) or a
        recount holds it.
        """

    def marking(self, mark: RecountMark, *, only_from: Checkpoint | None) -> list[Write]:
        """Stage that this recount holds the checkpoint, whoever held it before.

        With `only_from` it is refused with ConcurrentUpdateError when the checkpoint is no longer that one.
        """

    def correcting(self, counts: Mapping[Counted, int], mark: RecountMark) -> list[Write]:
        """Stage what the counters are. Refused with ConcurrentUpdateError when another recount holds the checkpoint."""

    def unmarking(self, mark: RecountMark, *, until: str | None, at: datetime) -> list[Write]:
        """Stage that the counters are as of that position and anybody may count on. Refused as `correcting` is."""
