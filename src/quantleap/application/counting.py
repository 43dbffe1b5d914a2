"""Lets the counters follow the change feed."""

from collections import Counter
from collections.abc import Iterable

from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.subscriptions.events import SubscriptionEvent, SubscriptionEventKind
from quantleap.ports.counters import Counters, LiveDeltas
from quantleap.ports.subscriptions import Subscriptions
from quantleap.ports.unit_of_work import UnitOfWork

BATCH = 500
"""Changes read, and counted in one commit, at a time."""

MAX_COUNTERS_A_COMMIT = 90
"""One transaction holds 100 writes. A batch that touches more counters is read again in halves."""

_LIVE_DELTA = {
    SubscriptionEventKind.CREATED: 1,
    SubscriptionEventKind.CANCELLED: -1,
    SubscriptionEventKind.EXPIRED: -1,
}


class Counting:
    """Brings the counters up to date. May run anywhere, any number of times, killed at any line."""

    def __init__(self, subscriptions: Subscriptions, counters: Counters, units: UnitOfWork) -> None:
        self._subscriptions = subscriptions
        self._counters = counters
        self._units = units

    def follow(self) -> int:
        """Count what was committed before it began; returns how many facts it counted.

        It stops early when another follower is at work: that one counts the rest.
        """
        counted, limit = 0, BATCH
        since = self._counters.checkpoint()
        while True:
            batch = self._subscriptions.events(since, limit)
            # Saving the checkpoint is a change too: done for a last batch without facts, there would be no end of it.
            if batch.position is None or (batch.is_last and not batch.events):
                return counted
            deltas = _deltas(batch.events)
            if len(deltas.by_partner) + len(deltas.by_basket) > MAX_COUNTERS_A_COMMIT:
                limit //= 2
                continue
            if not self._count(deltas, since, batch.position):
                return counted
            counted += len(batch.events)
            since, limit = batch.position, BATCH

    def _count(self, deltas: LiveDeltas, since: str | None, until: str) -> bool:
        try:
            self._units.commit(*self._counters.counting(deltas, since=since, until=until))
        except ConcurrentUpdateError:
            return False
        return True


def _deltas(events: Iterable[SubscriptionEvent]) -> LiveDeltas:
    by_partner: Counter[PartnerId] = Counter()
    by_basket: Counter[str] = Counter()
    for event in events:
        delta, terms = _LIVE_DELTA.get(event.kind, 0), event.subscription.terms
        if terms.partner_id is not None:
            by_partner[terms.partner_id] += delta
        if terms.mode is Mode.LIVE:
            by_basket[terms.basket_id] += delta
    return LiveDeltas(
        {partner: delta for partner, delta in by_partner.items() if delta},
        {basket: delta for basket, delta in by_basket.items() if delta},
    )
