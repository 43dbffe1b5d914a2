"""The subscription, and the moves that make a new value of it."""

from datetime import date, datetime

from attrs import evolve, field, frozen, validators

from quantleap.domain.errors import (
    HistoryFullError,
    InvalidInputError,
    InvalidStatusTransitionError,
    PeriodNotChargeableError,
)
from quantleap.domain.periods import MAX_PERIOD_INDEX, BillingPeriod
from quantleap.domain.principals import MAX_REASON_BYTES
from quantleap.domain.subscriptions.history import MAX_HISTORY_ENTRIES, HistoryEntry, Stamp
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.terms import Options, Terms
from quantleap.domain.subscriptions.transitions import MOVES, Transition
from quantleap.domain.validation import kept_text, whole_number


@frozen
class Life:
    """The status, since when, and when each status was last taken."""

    status: SubscriptionStatus
    changed_at: datetime
    paused_at: datetime | None = None
    resumed_at: datetime | None = None
    cancelled_at: datetime | None = None

    def after(self, transition: Transition, at: datetime) -> "Life":
        """The life after that move. Raises InvalidStatusTransitionError when the table has no such move from here."""
        move = MOVES[transition]
        if self.status not in move.sources:
            raise InvalidStatusTransitionError(transition.value, move.allowed_from, self.status.value)
        stamped = move.stamps
        return Life(
            move.target,
            at,
            at if stamped == "paused_at" else self.paused_at,
            at if stamped == "resumed_at" else self.resumed_at,
            at if stamped == "cancelled_at" else self.cancelled_at,
        )


@frozen
class Billing:
    """How many periods were charged and when the last was; the last day it runs; why an operator holds its money."""

    periods_charged: int = field(default=0, validator=whole_number(0, MAX_PERIOD_INDEX))
    charged_at: datetime | None = None
    ends_on: date | None = None
    parked: str | None = field(default=None, validator=validators.optional(kept_text(MAX_REASON_BYTES)))


@frozen(kw_only=True)
class SubscriptionSummary:
    """What a list shows of a subscription: everything but its history."""

    terms: Terms
    options: Options
    life: Life
    periods_charged: int
    version: int

    @property
    def next_billing_date(self) -> date | None:
        """The day the next period begins (Asia/Kolkata), never the start itself; none once it is terminal."""
        if not self.life.status.is_live:
            return None
        return BillingPeriod(self.terms.started_on, max(1, self.periods_charged)).start


@frozen
class Subscription:
    """The whole of it. Its history is never empty, and the newest entry is the status it is in."""

    terms: Terms
    options: Options
    life: Life
    billing: Billing
    history: tuple[HistoryEntry, ...] = field()
    version: int = 1

    @history.validator
    def _ends_in_the_status(self, _: object, value: tuple[HistoryEntry, ...]) -> None:
        if not value or value[-1].status is not self.life.status:
            raise InvalidInputError("history", "must end in the current status")

    @classmethod
    def begin(cls, terms: Terms, options: Options, stamp: Stamp) -> "Subscription":
        """A new one, ACTIVE at the stamp's instant."""
        entry = HistoryEntry(SubscriptionStatus.ACTIVE, stamp)
        return cls(terms, options, Life(SubscriptionStatus.ACTIVE, stamp.at), Billing(), (entry,))

    @property
    def summary(self) -> SubscriptionSummary:
        """The same without its history."""
        return SubscriptionSummary(
            terms=self.terms,
            options=self.options,
            life=self.life,
            periods_charged=self.billing.periods_charged,
            version=self.version,
        )

    def move(self, transition: Transition, stamp: Stamp) -> "Subscription":
        """The subscription after the move, one history entry longer.

        Raises InvalidStatusTransitionError when the table has no such move from here, HistoryFullError when pause or
        resume meets a full history.
        """
        life = self.life.after(transition, stamp.at)
        if len(self.history) >= MAX_HISTORY_ENTRIES and MOVES[transition].bounded:
            raise HistoryFullError(self.terms.subscription_id, MAX_HISTORY_ENTRIES)
        history = (*self.history, HistoryEntry(life.status, stamp))
        return Subscription(self.terms, self.options, life, self.billing, history, self.version + 1)

    def was_last_changed_by(self, request_id: str) -> bool:
        """Whether the newest change is that very request's, whose refusal is then success: a client repeated it."""
        return self.history[-1].stamp.request_id == request_id

    def next_period(self) -> BillingPeriod:
        """The first period not charged yet.

        Raises PeriodNotChargeableError when the subscription is terminal, or its last day is before the period begins.
        """
        index, status = self.billing.periods_charged, self.life.status
        if not status.is_live:
            raise PeriodNotChargeableError(self.terms.subscription_id, index, f"the subscription is {status}")
        period, ends_on = BillingPeriod(self.terms.started_on, index), self.billing.ends_on
        if ends_on is not None and ends_on < period.start:
            raise PeriodNotChargeableError(self.terms.subscription_id, index, f"its last day is {ends_on.isoformat()}")
        return period

    def held(self, reason: str) -> "Subscription":
        """The subscription parked: nothing is charged until an operator has looked at it."""
        return evolve(self, billing=evolve(self.billing, parked=reason), version=self.version + 1)

    def unparked(self) -> "Subscription":
        """The subscription free to be charged again."""
        return evolve(self, billing=evolve(self.billing, parked=None), version=self.version + 1)

    def charged(self, period_index: int, at: datetime) -> "Subscription":
        """The subscription with that period charged: in order, each once, while it is live."""
        due = self.next_period().index
        if due != period_index:
            reason = "it was charged before" if period_index < due else f"period {due} comes first"
            raise PeriodNotChargeableError(self.terms.subscription_id, period_index, reason)
        billing = evolve(self.billing, periods_charged=period_index + 1, charged_at=at)
        return evolve(self, billing=billing, version=self.version + 1)
