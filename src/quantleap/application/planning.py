"""Planning what is due at a minute: every active subscriber of every due strategy, streamed."""

from collections.abc import Iterator
from datetime import date, time

from attrs import frozen

from quantleap.domain.errors import NotCoveredError, TemplateNotFoundError
from quantleap.domain.execution.frame import EntryFrame, ExchangeFacts, entry_frame
from quantleap.domain.execution.plan import Planner, SubscriberPlan
from quantleap.domain.execution.run import NotDue, Run, RunKind, why_not_due
from quantleap.domain.identifiers import Mode
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.principals import Principal, mode_of, require_admin
from quantleap.domain.validation import checked_date, checked_instance, require
from quantleap.ports.reference_data import ReferenceData
from quantleap.ports.subscriptions import Subscriptions
from quantleap.ports.templates import DueStrategy, Templates


@frozen
class PlannedRun:
    """One run and the plans of its subscribers, which are made while they are read: once, and none is kept."""

    frame: EntryFrame
    plans: Iterator[SubscriberPlan]


@frozen
class SkippedRun:
    """A strategy that the schedule names and that has no run that day after all. `detail` says which fact lacks."""

    basket_id: str
    strategy_id: str
    reason: NotDue
    detail: str | None = None


class Planning:
    """Plans entries. It writes nothing: planning a minute twice gives the same twice, for the same data."""

    def __init__(self, templates: Templates, subscriptions: Subscriptions, reference_data: ReferenceData) -> None:
        self._templates = templates
        self._subscriptions = subscriptions
        self._reference_data = reference_data

    def entries_due(self, by: Principal, trade_date: date, at: time) -> Iterator[PlannedRun | SkippedRun]:
        """What the strategies scheduled for that minute (Asia/Kolkata) enter on that day.

        One query for the schedule, a read of the baskets, and a query of subscribers a strategy. Raises, before
        anything is planned, InvalidInputError unless `at` is a whole minute, NonTradingDayError when the exchange is
        closed and NotCoveredError when no data covers the day.
        """
        require_admin(by)
        checked_date(trade_date, "trade_date")
        checked_instance(at, time, "at")
        require(at == time(at.hour, at.minute), "at", "must be a whole minute of the day, without a zone")
        facts = self._facts()
        facts.calendar.require_trading_day(trade_date)
        due = self._templates.due(Weekday.of(trade_date), at, RunKind.ENTRY)
        baskets = self._baskets(due)
        mode = mode_of(by)
        return (self._run(baskets[each.basket_id], each, trade_date, at, facts=facts, mode=mode) for each in due)

    def _run(
        self, basket: Basket, due: DueStrategy, trade_date: date, at: time, *, facts: ExchangeFacts, mode: Mode
    ) -> PlannedRun | SkippedRun:
        strategy = next((each for each in basket.strategies if each.strategy_id == due.strategy_id), None)
        if strategy is None or strategy.entry_time != at:  # an edit moved or removed it since the schedule was read
            return SkippedRun(due.basket_id, due.strategy_id, NotDue.NOT_SCHEDULED)
        try:
            not_due = why_not_due(strategy, RunKind.ENTRY, trade_date, facts.calendar, facts.expiry_rules)
            if not_due is not None:
                return SkippedRun(due.basket_id, due.strategy_id, not_due)
            frame = entry_frame(basket, Run(due.strategy_id, trade_date, RunKind.ENTRY), facts)
        except NotCoveredError as error:  # one strategy's contract must not keep the others from trading
            return SkippedRun(due.basket_id, due.strategy_id, NotDue.FACTS_MISSING, str(error))
        return PlannedRun(frame, Planner(frame).plan_all(self._subscriptions.subscribers(mode, due.basket_id)))

    def _baskets(self, due: list[DueStrategy]) -> dict[str, Basket]:
        ids = sorted({each.basket_id for each in due})
        found = dict(zip(ids, self._templates.get_many(ids), strict=True))
        for basket_id, basket in found.items():
            if basket is None:
                raise TemplateNotFoundError(basket_id)
        return {basket_id: basket for basket_id, basket in found.items() if basket is not None}

    def _facts(self) -> ExchangeFacts:
        data = self._reference_data
        return ExchangeFacts(
            data.trading_calendar(), data.expiry_rules(), data.contract_terms(), data.quantity_limits()
        )
