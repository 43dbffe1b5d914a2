"""What a user's allocation of a basket would trade at each strategy's next entry, by the functions that plan it."""

from datetime import date, datetime, timedelta

from attrs import evolve, frozen

from quantleap.application.planning import exchange_facts
from quantleap.domain.errors import NotCoveredError, PermissionDeniedError, TemplateNotFoundError
from quantleap.domain.execution.frame import ExchangeFacts, RunTemplate, entry_frame
from quantleap.domain.execution.plan import AccountPlan, Planner, PlanRow
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import NotDue, Run, RunKind, why_not_due
from quantleap.domain.identifiers import Mode, template_id
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.lots.multiplier import ONE
from quantleap.domain.marketplace.strategy import Strategy, StrategyStatus
from quantleap.domain.periods import KOLKATA
from quantleap.domain.principals import Principal, User
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.reference_data import ReferenceData
from quantleap.ports.subscriptions import Allocations, Subscriptions
from quantleap.ports.system import Clock
from quantleap.ports.templates import Templates

LOOK_AHEAD_DAYS = 62
"""The next entry is looked for so far ahead: past two monthly expiries, from which a strategy may count its days."""


@frozen
class StrategyPreview:
    """A strategy's next entry: the day (Asia/Kolkata), what each account trades then, and the units no account takes.

    `skip_reason` says why nothing is traded at all (NOT_ACTIVE: the subscription is paused), `detail` which fact lacks.
    Without a day there are no accounts.
    """

    strategy_id: str
    trade_date: date | None
    skip_reason: SkipReason | NotDue | None
    accounts: tuple[AccountPlan, ...] = ()
    shortfall_units: int = 0
    detail: str | None = None


@frozen
class AllocationPreview:
    """Each strategy of a basket as the user's allocation would trade it; `subscription` is the live one, if any."""

    subscription: Subscription | None
    strategies: tuple[StrategyPreview, ...]


class AllocationPreviewing:
    """Shows before anything trades what would be. It writes nothing."""

    def __init__(
        self,
        *,
        templates: Templates,
        allocations: Allocations,
        subscriptions: Subscriptions,
        reference_data: ReferenceData,
        clock: Clock,
    ) -> None:
        self._templates = templates
        self._allocations = allocations
        self._subscriptions = subscriptions
        self._reference_data = reference_data
        self._clock = clock

    def preview(self, by: Principal, basket_id: str) -> AllocationPreview:
        """By the allocation and the live subscription of the user who asks; without one, by a multiplier of 1.

        Raises PermissionDeniedError, TemplateNotFoundError (a draft is not there either).
        """
        if not isinstance(by, User):
            raise PermissionDeniedError("user")
        basket = self._templates.get(template_id(basket_id, "basket_id"))
        if basket is None or basket.listing.marketplace_enabled_at is None:
            raise TemplateNotFoundError(basket_id)
        subscription = self._subscriptions.live(Mode.LIVE, by.email, basket_id)
        row = _row(subscription, self._allocations.get(Mode.LIVE, by.email, basket_id))
        is_paused = subscription is not None and subscription.life.status is SubscriptionStatus.PAUSED
        template, facts, now = RunTemplate.of(basket), exchange_facts(self._reference_data), self._clock.now()
        strategies = (_previewed(each, template, row, facts, now) for each in basket.strategies)
        return AllocationPreview(subscription, tuple(map(_as_paused, strategies) if is_paused else strategies))


def _row(subscription: Subscription | None, allocation: Allocation | None) -> PlanRow:
    """What a planner would read of the subscription, or of one that is not made yet."""
    return PlanRow(
        subscription_id="" if subscription is None else subscription.terms.subscription_id,
        mode=Mode.LIVE,
        partner_id=None if subscription is None else subscription.terms.partner_id,
        multiplier=ONE if subscription is None else subscription.options.multiplier,
        ends_on=None if subscription is None else subscription.billing.ends_on,
        allocation=allocation,
        version=1 if subscription is None else subscription.version,
    )


def _previewed(
    strategy: Strategy, template: RunTemplate, row: PlanRow, facts: ExchangeFacts, now: datetime
) -> StrategyPreview:
    name = strategy.strategy_id
    try:
        day = _next_entry(strategy, facts, now)
        if isinstance(day, NotDue):
            return StrategyPreview(name, None, day)
        plan = Planner(entry_frame(template, Run(name, day, RunKind.ENTRY), facts)).plan(row)
    except NotCoveredError as error:
        return StrategyPreview(name, None, NotDue.FACTS_MISSING, detail=str(error))
    return StrategyPreview(name, day, plan.skip_reason, plan.accounts, plan.shortfall_units)


def _next_entry(strategy: Strategy, facts: ExchangeFacts, now: datetime) -> date | NotDue:
    """The first day on which it enters, today only while its minute is still to come; or why there is none."""
    if strategy.status is StrategyStatus.INACTIVE:
        return NotDue.STRATEGY_INACTIVE
    local = now.astimezone(KOLKATA)
    first = local.date() + timedelta(days=local.time() > strategy.entry_time)
    for days in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=days)
        if why_not_due(strategy, RunKind.ENTRY, day, facts.calendar, facts.expiry_rules) is None:
            return day
    return NotDue.NOT_SCHEDULED


def _as_paused(preview: StrategyPreview) -> StrategyPreview:
    return evolve(preview, skip_reason=preview.skip_reason or SkipReason.NOT_ACTIVE)
