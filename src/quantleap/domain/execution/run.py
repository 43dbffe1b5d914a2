"""A run: one strategy entering or leaving on one trade date, and whether it is due."""

from datetime import date
from enum import StrEnum

from attrs import field, frozen

from quantleap.domain.execution.calendar import TradingCalendar
from quantleap.domain.execution.expiries import ExpiryRules
from quantleap.domain.identifiers import template_id
from quantleap.domain.marketplace.schedule import RunKind
from quantleap.domain.marketplace.strategy import Strategy, StrategyStatus, TradingType
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.validation import checked_by, instance_of

__all__ = ["NotDue", "Run", "RunKind", "due_run", "why_not_due"]


@frozen
class Run:
    """What is done once for every subscriber: `kind` of that strategy on that day, Asia/Kolkata."""

    strategy_id: str = field(validator=checked_by(template_id))
    trade_date: date
    kind: RunKind = field(validator=instance_of(RunKind))


class NotDue(StrEnum):
    """Why a strategy has no run of that kind on a day."""

    MARKET_CLOSED = "MARKET_CLOSED"
    NOT_SCHEDULED = "NOT_SCHEDULED"
    """Its days do not name the weekday."""
    OUTSIDE_SESSION = "OUTSIDE_SESSION"
    """Its times are not inside that day's special session."""
    STRATEGY_INACTIVE = "STRATEGY_INACTIVE"
    OTHER_DAY_BEFORE_EXPIRY = "OTHER_DAY_BEFORE_EXPIRY"
    """The distance to the expiry is not the one it asks for."""
    FACTS_MISSING = "FACTS_MISSING"
    """No dated fact covers the contract it would trade: see the detail."""
    NO_EXIT_BEFORE_EXPIRY = "NO_EXIT_BEFORE_EXPIRY"
    """The contract expires that day and the exit comes before the entry."""


def due_run(
    strategy: Strategy, kind: RunKind, on: date, calendar: TradingCalendar, expiry_rules: ExpiryRules
) -> Run | None:
    """The strategy's run of that kind on that day, None when it has none. Raises NotCoveredError."""
    not_due = why_not_due(strategy, kind, on, calendar, expiry_rules)
    return Run(strategy.strategy_id, on, kind) if not_due is None else None


def why_not_due(
    strategy: Strategy, kind: RunKind, on: date, calendar: TradingCalendar, expiry_rules: ExpiryRules
) -> NotDue | None:
    """Why the strategy has no run of that kind on that day, None when it has. Raises NotCoveredError.

    An entry is due on its weekdays, and drops where the exchange is closed. An exit is due on its weekdays, on the
    ordinary day before when it is not held there, and on every expiry day of its contracts: nothing outlives its
    contract. On a special session both need their time inside it, and an INTRADAY entry its exit's too.
    With `entry_days_before_expiry` an entry is due only that many trading days before the nearest expiry; with
    `exit_days_before_expiry` an exit on its weekdays is due from that many trading days before it on.
    """
    if not calendar.is_trading_day(on):
        return NotDue.MARKET_CLOSED
    check = _entry_not_due if kind is RunKind.ENTRY else _exit_not_due
    return check(strategy, on, calendar, expiry_rules)


def _entry_not_due(strategy: Strategy, on: date, calendar: TradingCalendar, expiry_rules: ExpiryRules) -> NotDue | None:
    if strategy.status is StrategyStatus.INACTIVE:
        return NotDue.STRATEGY_INACTIVE
    if Weekday.of(on) not in strategy.entry_days:
        return NotDue.NOT_SCHEDULED
    times = [strategy.entry_time]
    if strategy.trading_type is TradingType.INTRADAY:
        times.append(strategy.exit_time)
    if not all(calendar.runs_at(on, at) for at in times):
        return NotDue.OUTSIDE_SESSION
    wanted = strategy.entry_days_before_expiry
    if wanted is not None and wanted != _days_before_expiry(strategy, on, calendar, expiry_rules):
        return NotDue.OTHER_DAY_BEFORE_EXPIRY
    if strategy.exit_time <= strategy.entry_time and _expires(strategy, on, calendar, expiry_rules):
        return NotDue.NO_EXIT_BEFORE_EXPIRY
    return None


def _exit_not_due(strategy: Strategy, on: date, calendar: TradingCalendar, expiry_rules: ExpiryRules) -> NotDue | None:
    if not calendar.runs_at(on, strategy.exit_time):
        return NotDue.OUTSIDE_SESSION
    not_due = NotDue.NOT_SCHEDULED
    if _is_exit_day(strategy, on, calendar):
        from_day = strategy.exit_days_before_expiry
        if from_day is None or _days_before_expiry(strategy, on, calendar, expiry_rules) <= from_day:
            return None
        not_due = NotDue.OTHER_DAY_BEFORE_EXPIRY
    return None if _expires(strategy, on, calendar, expiry_rules) else not_due


def _is_exit_day(strategy: Strategy, on: date, calendar: TradingCalendar) -> bool:
    """Whether an exit that the strategy's weekdays name is held on that day, or moves to it."""
    return any(
        Weekday.of(due) in strategy.exit_days and calendar.exit_day(due, strategy.exit_time) == on
        for due in calendar.days_run_on(on)
    )


def _expires(strategy: Strategy, on: date, calendar: TradingCalendar, expiry_rules: ExpiryRules) -> bool:
    return expiry_rules.is_expiry(strategy.underlying, strategy.expiry_type, on, calendar)


def _days_before_expiry(strategy: Strategy, on: date, calendar: TradingCalendar, expiry_rules: ExpiryRules) -> int:
    expiry = expiry_rules.expiry_on_or_after(strategy.underlying, strategy.expiry_type, on, calendar)
    return calendar.trading_days_between(on, expiry)
