"""Planning what is due at a minute: every active subscriber of every due strategy, streamed."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, time
from functools import partial

from attrs import frozen

from quantleap.domain.errors import NotCoveredError, TemplateNotFoundError
from quantleap.domain.execution.frame import EntryFrame, ExchangeFacts, RunTemplate, entry_frame
from quantleap.domain.execution.plan import Planner, PlanRow, SubscriberPlan
from quantleap.domain.execution.run import NotDue, Run, RunKind, why_not_due
from quantleap.domain.identifiers import Mode
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.principals import Principal, mode_of, require_admin
from quantleap.domain.validation import checked_date, checked_instance, require
from quantleap.ports.reference_data import ReferenceData
from quantleap.ports.subscriptions import Subscriptions
from quantleap.ports.templates import DueStrategy, Templates


@frozen
class PlannedRun:
    """One run and the plans of its subscribers, which are made while they are read: once, and none is kept.

    Where several runs of the minute are of one template, the first whose plans are read reads the subscribers for all
    of them, and they are kept until the last of these runs was read or let go.
    """

    frame: EntryFrame
    plans: Iterator[SubscriberPlan]


@frozen
class SkippedRun:
    """A strategy that the schedule names and that has no run that day after all. `detail` says which fact lacks."""

    basket_id: str
    strategy_id: str
    reason: NotDue
    detail: str | None = None


def exchange_facts(data: ReferenceData) -> ExchangeFacts:
    """What frames are built from, as the data has it."""
    return ExchangeFacts(data.trading_calendar(), data.expiry_rules(), data.contract_terms(), data.quantity_limits())


class Planning:
    """Plans entries. It writes nothing: planning a minute twice gives the same twice, for the same data."""

    def __init__(self, templates: Templates, subscriptions: Subscriptions, reference_data: ReferenceData) -> None:
        self._templates = templates
        self._subscriptions = subscriptions
        self._reference_data = reference_data

    def entries_due(self, by: Principal, trade_date: date, at: time) -> Iterator[PlannedRun | SkippedRun]:
        """What the strategies scheduled for that minute (Asia/Kolkata) enter on that day.

        One query for the schedule, one read of baskets and strategies together (of 100 items each), and the pages of
        one query of subscribers a template. Raises, before anything is planned, InvalidInputError unless `at` is a
        whole minute, NonTradingDayError when the exchange is closed, NotCoveredError when no data covers the day and
        TemplateNotFoundError for a template that is gone.
        """
        require_admin(by)
        checked_date(trade_date, "trade_date")
        checked_instance(at, time, "at")
        require(at == time(at.hour, at.minute), "at", "must be a whole minute of the day, without a zone")
        facts = exchange_facts(self._reference_data)
        facts.calendar.require_trading_day(trade_date)
        due = self._templates.due(Weekday.of(trade_date), at, RunKind.ENTRY)
        templates, rows = self._for_runs(due), self._rows(due, mode_of(by))
        waiting = deque((each.strategy_id, templates[each.basket_id], rows[each.basket_id]) for each in due)
        return _runs(waiting, trade_date, at, facts)

    def _for_runs(self, due: Sequence[DueStrategy]) -> dict[str, RunTemplate]:
        templates = self._templates.for_runs(due)
        for each in due:
            if each.basket_id not in templates:
                raise TemplateNotFoundError(each.basket_id)
        return templates

    def _rows(self, due: Sequence[DueStrategy], mode: Mode) -> dict[str, Iterable[PlanRow]]:
        """Each template's subscribers, not yet read."""
        rows: dict[str, Iterable[PlanRow]] = {}
        for basket_id, runs in Counter(each.basket_id for each in due).items():
            read = partial(self._subscriptions.subscribers, mode, basket_id)
            rows[basket_id] = _SharedRows(read) if runs > 1 else read()
        return rows


class _SharedRows:
    """Rows that are read when the first who wants them asks for one, and kept for the others."""

    def __init__(self, read: Callable[[], Iterator[PlanRow]]) -> None:
        self._read = read
        self._rows: list[PlanRow] | None = None

    def __iter__(self) -> Iterator[PlanRow]:
        if self._rows is None:  # a fault halfway leaves it so, and who comes next reads from the beginning
            self._rows = list(self._read())
        yield from self._rows


def _runs(
    waiting: deque[tuple[str, RunTemplate, Iterable[PlanRow]]], trade_date: date, at: time, facts: ExchangeFacts
) -> Iterator[PlannedRun | SkippedRun]:
    while waiting:  # each is let go when it is given, and so are the rows that no later one shares
        yield _run(*waiting.popleft(), trade_date=trade_date, at=at, facts=facts)


def _run(
    strategy_id: str,
    template: RunTemplate,
    rows: Iterable[PlanRow],
    *,
    trade_date: date,
    at: time,
    facts: ExchangeFacts,
) -> PlannedRun | SkippedRun:
    strategy = template.find(strategy_id)
    if strategy is None or strategy.entry_time != at:  # an edit moved or removed it since the schedule was read
        return SkippedRun(template.basket_id, strategy_id, NotDue.NOT_SCHEDULED)
    try:
        not_due = why_not_due(strategy, RunKind.ENTRY, trade_date, facts.calendar, facts.expiry_rules)
        if not_due is not None:
            return SkippedRun(template.basket_id, strategy_id, not_due)
        frame = entry_frame(template, Run(strategy_id, trade_date, RunKind.ENTRY), facts)
    except NotCoveredError as error:  # one strategy's contract must not keep the others from trading
        return SkippedRun(template.basket_id, strategy_id, NotDue.FACTS_MISSING, str(error))
    return PlannedRun(frame, Planner(frame).plan_all(rows))
