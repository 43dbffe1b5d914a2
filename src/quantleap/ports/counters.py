"""Counts that follow the change feed, seconds behind it."""

from collections.abc import Mapping
from typing import Protocol

from attrs import frozen

from quantleap.domain.identifiers import PartnerId
from quantleap.ports.unit_of_work import Write


@frozen
class LiveDeltas:
    """By how much the live subscriptions of each partner and template changed."""

    by_partner: Mapping[PartnerId, int]
    by_basket: Mapping[str, int]


class Counters(Protocol):
    """How many live subscriptions there are. Test-mode ones count for their partner, never for a template."""

    def live_of(self, partner_id: PartnerId) -> int:
        """A partner's live subscriptions, as of the checkpoint."""

    def checkpoint(self) -> str | None:
        """The feed's position up to which changes are counted; None before the first."""

    def counting(self, deltas: LiveDeltas, *, since: str | None, until: str) -> list[Write]:
        """Stage the changes from one position to another.

        Refused with ConcurrentUpdateError when another follower moved the checkpoint: each change counts once.
        """
