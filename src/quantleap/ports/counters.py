"""Counts that follow the change feed, seconds behind it, and can be made anew from the records."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from attrs import frozen

from quantleap.domain.identifiers import PartnerId
from quantleap.ports.unit_of_work import Write

Counted: TypeAlias = PartnerId | str
"""Whose live subscriptions are counted: a partner's, or (text) the template's of that id."""

MAX_COUNTERS_A_COMMIT = 90
"""Counters that `counting` and `correcting` stage at most: one transaction holds 100 writes."""


@frozen
class RecountMark:
    """That the counters are being made anew, by whom (a request id), and since when."""

    token: str
    since: datetime


@frozen
class Checkpoint:
    """The feed's position up to which changes are counted (None: from its beginning), and when it was last saved.

    While a recount holds it, nobody else counts.
    """

    position: str | None = None
    saved_at: datetime | None = None
    recount: RecountMark | None = None


@frozen
class FeedDelay:
    """The longest time between a commit and its change's being in the feed."""

    at_most: timedelta


class Counters(Protocol):
    """How many live subscriptions there are. Test-mode ones count for their partner, never for a template."""

    def live_of(self, partner_id: PartnerId) -> int:
        """A partner's live subscriptions, as of the checkpoint."""

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
