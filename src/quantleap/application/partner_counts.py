"""How many subscriptions a partner has, as its counters say, which many requests ask."""

from collections.abc import Mapping

from quantleap.application.recent import Recent
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.ports.counters import Counters
from quantleap.ports.system import Clock, Staleness

_MAX_PARTNERS = 1000


class PartnerCounts:
    """Each as it was counted at most the staleness ago; apart from other reads, for it loads hardly anything."""

    def __init__(self, counters: Counters, clock: Clock, staleness: Staleness) -> None:
        self._counters = counters
        self._recent: Recent[PartnerId, Mapping[SubscriptionStatus, int]] = Recent(
            clock, staleness.at_most, size=_MAX_PARTNERS
        )

    def all(self, partner_id: PartnerId) -> int:
        """Of every status."""
        return sum(self._counts(partner_id).values())

    def live(self, partner_id: PartnerId) -> int:
        """The live ones."""
        return sum(count for status, count in self._counts(partner_id).items() if status.is_live)

    def of(self, partner_id: PartnerId, status: SubscriptionStatus) -> int:
        """Of one status."""
        return self._counts(partner_id)[status]

    def _counts(self, partner_id: PartnerId) -> Mapping[SubscriptionStatus, int]:
        counts = self._recent.get(partner_id, self._counters.of_partner)
        return {} if counts is None else counts
