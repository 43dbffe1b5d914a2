"""Expiry days of index options, by dated rules: which weekday, and which contract is the nearest."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from attrs import field, frozen

from quantleap.domain.errors import InvalidInputError, NotCoveredError
from quantleap.domain.execution.calendar import TradingCalendar
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.validation import require, text

_MAX_SOURCE_CHARS = 500
_DATA = "expiry rule"


@frozen
class ExpiryRule:
    """Contracts of that type expire on `weekday`: every one of them (WEEKLY) or the month's last (MONTHLY).

    The rule holds for expiries that fall, before a holiday moves them, from `effective_from` to `effective_to`, both
    inclusive, None open. `source` names the announcement.
    """

    underlying: Underlying
    expiry_type: ExpiryType
    weekday: Weekday
    effective_from: date
    effective_to: date | None
    source: str = field(validator=text(_MAX_SOURCE_CHARS))

    def __attrs_post_init__(self) -> None:
        require(self.effective_from <= self.last_day, "effective_to", "must not be before effective_from")

    @property
    def last_day(self) -> date:
        """The last day on which the rule holds; the end of the calendar when open."""
        return self.effective_to or date.max

    def covers(self, day: date) -> bool:
        """Whether the rule holds on that day."""
        return self.effective_from <= day <= self.last_day

    def expires_on(self, day: date) -> bool:
        """Whether a contract is due to expire on that day (which the rule covers), holidays apart."""
        is_last_of_month = (day + timedelta(days=7)).month != day.month
        return Weekday.of(day) is self.weekday and (self.expiry_type is ExpiryType.WEEKLY or is_last_of_month)


def _without_overlap(rows: Iterable[ExpiryRule]) -> tuple[ExpiryRule, ...]:
    ordered = tuple(sorted(rows, key=lambda rule: (rule.underlying, rule.expiry_type, rule.effective_from)))
    for before, after in pairwise(ordered):
        same = (before.underlying, before.expiry_type) == (after.underlying, after.expiry_type)
        if same and after.effective_from <= before.last_day:
            raise InvalidInputError(
                "rows", f"overlap for {after.underlying} {after.expiry_type} on {after.effective_from.isoformat()}"
            )
    return ordered


@frozen
class ExpiryRules:
    """Expiry rules of every underlying, at most one for an underlying, a type and a day."""

    rows: tuple[ExpiryRule, ...] = field(converter=_without_overlap)

    def expiry_on_or_after(
        self, underlying: Underlying, expiry_type: ExpiryType, trade_date: date, calendar: TradingCalendar
    ) -> date:
        """The nearest expiry of that type on or after the trade date; a holiday moves it to the trading day before.

        The week of a monthly expiry has no other contract, so WEEKLY gives the monthly one then. Raises NotCoveredError
        where the search meets a day that no rule or the calendar does not cover.
        """
        day = trade_date
        while True:
            if self._rule_on(underlying, expiry_type, day).expires_on(day):
                moved = calendar.trading_day_on_or_before(day)
                if moved >= trade_date:
                    return moved
            day += timedelta(days=1)

    def is_expiry(self, underlying: Underlying, expiry_type: ExpiryType, day: date, calendar: TradingCalendar) -> bool:
        """Whether a contract of that type expires on that day, its own weekday or moved to it."""
        return any(
            self._rule_on(underlying, expiry_type, due).expires_on(due)
            and calendar.trading_day_on_or_before(due) == day
            for due in calendar.days_run_on(day)
        )

    def has_weekly(self, underlying: Underlying, on: date) -> bool:
        """Whether the underlying has weekly contracts on that day. Raises NotCoveredError where no row covers it."""
        types = {rule.expiry_type for rule in self.rows if rule.underlying is underlying and rule.covers(on)}
        if not types:
            raise NotCoveredError(_DATA, underlying, on)
        return ExpiryType.WEEKLY in types

    def _rule_on(self, underlying: Underlying, expiry_type: ExpiryType, day: date) -> ExpiryRule:
        for rule in self.rows:
            if rule.underlying is underlying and rule.expiry_type is expiry_type and rule.covers(day):
                return rule
        raise NotCoveredError(_DATA, f"{underlying} {expiry_type}", day)
