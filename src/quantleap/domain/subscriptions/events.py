"""What the world is told of a subscription: derived from two states of it and from nothing else."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from attrs import frozen

from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription


class SubscriptionEventKind(StrEnum):
    """Names as published for webhooks."""

    CREATED = "subscription.created"
    PAUSED = "subscription.paused"
    RESUMED = "subscription.resumed"
    CANCELLED = "subscription.cancelled"
    EXPIRED = "subscription.expired"
    RENEWED = "subscription.renewed"


_KIND_ON_ENTERING = {
    SubscriptionStatus.ACTIVE: SubscriptionEventKind.RESUMED,
    SubscriptionStatus.PAUSED: SubscriptionEventKind.PAUSED,
    SubscriptionStatus.CANCELLED: SubscriptionEventKind.CANCELLED,
    SubscriptionStatus.EXPIRED: SubscriptionEventKind.EXPIRED,
}


@frozen
class SubscriptionEvent:
    """One fact: what happened, when, and the subscription right after it."""

    kind: SubscriptionEventKind
    occurred_at: datetime
    subscription: Subscription

    @property
    def event_id(self) -> str:
        """A hash of subscription, version and kind: the same however often, and by whichever engine, it is told."""
        told = f"{self.subscription.terms.subscription_id}\n{self.subscription.version}\n{self.kind}"
        return "evt_" + sha256(told.encode()).hexdigest()[:32]


def events_between(before: Subscription | None, after: Subscription) -> Iterator[SubscriptionEvent]:
    """The facts that lead from one state to the next (`before` None: it did not exist), oldest first."""
    if before is None:
        yield SubscriptionEvent(SubscriptionEventKind.CREATED, after.terms.subscribed_at, after)
        return
    # Period 0 is charged at the start and renews nothing.
    charged_at = after.billing.charged_at
    if charged_at is not None and after.billing.periods_charged > max(before.billing.periods_charged, 1):
        yield SubscriptionEvent(SubscriptionEventKind.RENEWED, charged_at, after)
    if after.life.status is not before.life.status:
        yield SubscriptionEvent(_KIND_ON_ENTERING[after.life.status], after.life.changed_at, after)
