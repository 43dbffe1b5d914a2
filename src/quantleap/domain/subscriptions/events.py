"""What the world is told of a subscription: derived from two states of it, or again from its whole history."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from heapq import merge
from typing import TypeAlias

from attrs import frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.subscriptions.history import HistoryEntry
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.transitions import MOVE_TO


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
    def number(self) -> int:
        """Which fact of its kind it is: a change of status its place in the history (from 1), a renewal its period.

        Not the version of the subscription: that also counts what is no fact, and no history tells it.
        """
        if self.kind is SubscriptionEventKind.RENEWED:
            return self.subscription.billing.periods_charged - 1
        return len(self.subscription.history)

    @property
    def status_before(self) -> SubscriptionStatus | None:
        """The status that the fact found; None of the first fact, before which there was no subscription."""
        if self.kind is SubscriptionEventKind.RENEWED:
            return self.subscription.life.status
        return None if self.kind is SubscriptionEventKind.CREATED else self.subscription.history[-2].status

    @property
    def event_id(self) -> str:
        """A hash of subscription, number and kind: the same however often, by whichever engine, and whether the feed
        tells it or the history.
        """
        told = f"{self.subscription.terms.subscription_id}\n{self.number}\n{self.kind}"
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


def events_of_history(subscription: Subscription, charged_at: Mapping[int, datetime]) -> Iterator[SubscriptionEvent]:
    """Every fact of the whole life, oldest first, for a consumer that the feed has passed by.

    `charged_at` gives the instant of each charged period, by its index. Ids and instants are those that the feed told;
    changes of status come in the order of the history, renewals in theirs, the two parted by their instants. Each fact
    carries the terms and options as they are now, and life, history and charges as they were after it; its version
    counts facts and first charge alone, and no last day or parking is told.

    Raises InvalidInputError when the instant of a charged period is missing, InvalidStatusTransitionError when the
    history is none that the table of moves allows.
    """
    missing = next((index for index in range(subscription.billing.periods_charged) if index not in charged_at), None)
    if missing is not None:
        raise InvalidInputError("charged_at", f"lacks period {missing} of {subscription.terms.subscription_id}")
    begun, *moves = subscription.history
    before = Subscription.begin(subscription.terms, subscription.options, begun.stamp)
    yield from events_between(None, before)
    charges = [_Charge(index, charged_at[index]) for index in range(subscription.billing.periods_charged)]
    for act in _in_order(charges, moves):
        after = _after(before, act)
        yield from events_between(before, after)
        before = after


@frozen
class _Charge:
    """That a period was charged, and when."""

    period_index: int
    at: datetime


_Act: TypeAlias = _Charge | HistoryEntry


def _in_order(charges: Iterable[_Act], moves: list[HistoryEntry]) -> Iterator[_Act]:
    """Charges and moves, each in their own order even where clocks disagreed; nothing is charged after the end."""
    ending = [moves.pop()] if moves and not moves[-1].status.is_live else []
    living: Iterable[_Act] = moves
    yield from merge(charges, living, key=_instant_of)
    yield from ending


def _instant_of(act: _Act) -> datetime:
    return act.at if isinstance(act, _Charge) else act.stamp.at


def _after(before: Subscription, act: _Act) -> Subscription:
    if isinstance(act, _Charge):
        return before.charged(act.period_index, act.at)
    return before.move(MOVE_TO[act.status], act.stamp)
