"""When runs are due, on the exchange's real days of October 2025 to March 2026."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.execution.frame import ExchangeFacts
from quantleap.domain.execution.run import NotDue, Run, RunKind, due_run, why_not_due
from quantleap.domain.marketplace.strategy import Strategy, StrategyStatus
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = Weekday
ENTRY, EXIT = RunKind
Build = Callable[..., Strategy]

ORDINARY_MONDAY = date(2026, 1, 12)
HOLIDAY_THURSDAY = date(2026, 1, 15)
BUDGET_SUNDAY = date(2026, 2, 1)
MUHURAT_TUESDAY = date(2025, 10, 21)
EXPIRY_TUESDAY = date(2026, 1, 13)


def ask(strategy: Strategy, kind: RunKind, on: date, facts: ExchangeFacts) -> NotDue | None:
    return why_not_due(strategy, kind, on, facts.calendar, facts.expiry_rules)


@pytest.mark.parametrize(
    ("on", "changes", "expected"),
    [
        pytest.param(ORDINARY_MONDAY, {}, None, id="an ordinary day"),
        pytest.param(HOLIDAY_THURSDAY, {}, NotDue.MARKET_CLOSED, id="drops on a holiday"),
        pytest.param(date(2026, 1, 14), {"entry_days": (THURSDAY,)}, NotDue.NOT_SCHEDULED, id="and moves nowhere"),
        pytest.param(date(2026, 1, 17), {"entry_days": (SATURDAY,)}, NotDue.MARKET_CLOSED, id="an ordinary Saturday"),
        pytest.param(BUDGET_SUNDAY, {}, NotDue.NOT_SCHEDULED, id="a special session nobody named"),
        pytest.param(BUDGET_SUNDAY, {"entry_days": (SUNDAY,)}, None, id="a special session that is named"),
        pytest.param(MUHURAT_TUESDAY, {}, NotDue.OUTSIDE_SESSION, id="before the special session"),
        pytest.param(
            MUHURAT_TUESDAY, {"entry_time": time(14)}, NotDue.OUTSIDE_SESSION, id="its exit is after the session"
        ),
        pytest.param(
            MUHURAT_TUESDAY, {"entry_time": time(14), "exit_time": time(14, 30)}, None, id="both inside the session"
        ),
        pytest.param(ORDINARY_MONDAY, {"status": StrategyStatus.INACTIVE}, NotDue.STRATEGY_INACTIVE, id="switched off"),
    ],
)
def test_an_intraday_entry_is_due(
    on: date, changes: dict[str, Any], expected: NotDue | None, intraday: Build, facts: ExchangeFacts
) -> None:
    if "entry_days" in changes:
        changes = {**changes, "exit_days": changes["entry_days"]}

    assert ask(intraday(**changes), ENTRY, on, facts) == expected


@pytest.mark.parametrize(
    ("on", "changes", "expected"),
    [
        pytest.param(MUHURAT_TUESDAY, {"entry_time": time(14)}, None, id="may be carried out of a special session"),
        pytest.param(EXPIRY_TUESDAY, {}, None, id="on the expiry day, before the exit"),
        pytest.param(
            EXPIRY_TUESDAY, {"entry_time": time(15, 20)}, NotDue.NO_EXIT_BEFORE_EXPIRY, id="after the last exit"
        ),
        pytest.param(ORDINARY_MONDAY, {"entry_time": time(15, 20)}, None, id="after the exit, a day before expiry"),
        pytest.param(date(2026, 1, 8), {"entry_days_before_expiry": 3}, None, id="three trading days before"),
        pytest.param(
            date(2026, 1, 9), {"entry_days_before_expiry": 3}, NotDue.OTHER_DAY_BEFORE_EXPIRY, id="two before, not 3"
        ),
        pytest.param(date(2026, 1, 14), {"entry_days_before_expiry": 3}, None, id="a holiday is no trading day"),
        pytest.param(EXPIRY_TUESDAY, {"entry_days_before_expiry": 0}, None, id="none before: the expiry day"),
    ],
)
def test_a_positional_entry_is_due(
    on: date, changes: dict[str, Any], expected: NotDue | None, positional: Build, facts: ExchangeFacts
) -> None:
    assert ask(positional(**changes), ENTRY, on, facts) == expected


@pytest.mark.parametrize(
    ("on", "changes", "expected"),
    [
        pytest.param(date(2026, 1, 16), {"exit_days": (FRIDAY,)}, None, id="on its weekday"),
        pytest.param(date(2026, 1, 14), {"exit_days": (FRIDAY,)}, NotDue.NOT_SCHEDULED, id="on another weekday"),
        pytest.param(HOLIDAY_THURSDAY, {"exit_days": (THURSDAY,)}, NotDue.MARKET_CLOSED, id="not on the holiday"),
        pytest.param(date(2026, 1, 14), {"exit_days": (THURSDAY,)}, None, id="but on the day before the holiday"),
        pytest.param(date(2026, 1, 23), {"exit_days": (MONDAY,)}, None, id="over the weekend before a holiday"),
        pytest.param(date(2026, 1, 23), {"exit_days": (SATURDAY,)}, None, id="from an ordinary Saturday"),
        pytest.param(date(2025, 10, 20), {"exit_days": (WEDNESDAY,)}, None, id="past a special session"),
        pytest.param(
            MUHURAT_TUESDAY, {"exit_days": (TUESDAY,)}, NotDue.OUTSIDE_SESSION, id="not outside the special session"
        ),
        pytest.param(
            MUHURAT_TUESDAY, {"exit_days": (TUESDAY,), "exit_time": time(14)}, None, id="inside the special session"
        ),
        pytest.param(
            MUHURAT_TUESDAY,
            {"exit_days": (WEDNESDAY,), "exit_time": time(14)},
            NotDue.NOT_SCHEDULED,
            id="a special session takes no exit over from another day",
        ),
        pytest.param(EXPIRY_TUESDAY, {"exit_days": (FRIDAY,)}, None, id="the contract expires before its weekday"),
        pytest.param(date(2026, 3, 2), {"exit_days": (FRIDAY,)}, None, id="a holiday moved the expiry"),
        pytest.param(date(2026, 1, 14), {"status": StrategyStatus.INACTIVE}, None, id="switched off, still left"),
        pytest.param(ORDINARY_MONDAY, {"exit_days_before_expiry": 1}, None, id="one trading day before expiry"),
        pytest.param(EXPIRY_TUESDAY, {"exit_days_before_expiry": 1}, None, id="and on every day after that"),
        pytest.param(
            date(2026, 1, 9), {"exit_days_before_expiry": 1}, NotDue.OTHER_DAY_BEFORE_EXPIRY, id="not earlier"
        ),
    ],
)
def test_an_exit_is_due(
    on: date, changes: dict[str, Any], expected: NotDue | None, positional: Build, facts: ExchangeFacts
) -> None:
    assert ask(positional(**changes), EXIT, on, facts) == expected


def test_a_monthly_position_is_left_on_the_months_expiry_though_its_weekday_is_later(
    positional: Build, facts: ExchangeFacts
) -> None:
    strategy = positional(underlying=Underlying.BANKNIFTY, expiry_type=ExpiryType.MONTHLY, exit_days=(FRIDAY,))
    february = [date(2026, 2, 23) + timedelta(days=offset) for offset in range(5)]

    assert [day for day in february if ask(strategy, EXIT, day, facts) is None] == [
        date(2026, 2, 24),
        date(2026, 2, 27),
    ]


def test_a_due_run_names_strategy_day_and_kind(intraday: Build, facts: ExchangeFacts) -> None:
    run = due_run(intraday(), ENTRY, ORDINARY_MONDAY, facts.calendar, facts.expiry_rules)

    assert run == Run("condor", ORDINARY_MONDAY, ENTRY)
    assert due_run(intraday(), ENTRY, HOLIDAY_THURSDAY, facts.calendar, facts.expiry_rules) is None


def test_a_run_is_of_a_well_formed_strategy_id() -> None:
    with pytest.raises(InvalidInputError):
        Run("No such id", ORDINARY_MONDAY, ENTRY)


some_weekdays = st.sets(st.sampled_from(Weekday), min_size=1).map(
    lambda days: tuple(sorted(days, key=lambda day: day.number))
)
some_minutes = st.builds(time, st.integers(min_value=9, max_value=15), st.integers(min_value=0, max_value=59))
some_days = st.integers(min_value=0, max_value=150).map(lambda offset: date(2025, 10, 3) + timedelta(days=offset))


@given(
    entry_days=some_weekdays,
    exit_days=some_weekdays,
    entry_time=some_minutes,
    exit_time=some_minutes,
    expiry_type=st.sampled_from(ExpiryType),
    on=some_days,
)
def test_every_entry_has_an_exit_after_it_and_not_after_its_contracts_expiry(
    *,
    entry_days: tuple[Weekday, ...],
    exit_days: tuple[Weekday, ...],
    entry_time: time,
    exit_time: time,
    expiry_type: ExpiryType,
    on: date,
    positional: Build,
    facts: ExchangeFacts,
) -> None:
    strategy = positional(
        entry_days=entry_days,
        exit_days=exit_days,
        entry_time=entry_time,
        exit_time=exit_time,
        expiry_type=expiry_type,
    )
    if ask(strategy, ENTRY, on, facts) is not None:
        return
    expiry = facts.expiry_rules.expiry_on_or_after(strategy.underlying, expiry_type, on, facts.calendar)
    first = on if exit_time > entry_time else on + timedelta(days=1)
    days = [first + timedelta(days=offset) for offset in range((expiry - first).days + 1)]

    assert any(ask(strategy, EXIT, day, facts) is None for day in days)


@given(exit_days=some_weekdays, exit_time=some_minutes, due=some_days)
def test_no_exit_that_a_strategy_names_is_lost(
    exit_days: tuple[Weekday, ...], exit_time: time, due: date, positional: Build, facts: ExchangeFacts
) -> None:
    strategy = positional(exit_days=exit_days, exit_time=exit_time)
    if Weekday.of(due) in exit_days:
        assert ask(strategy, EXIT, facts.calendar.exit_day(due, exit_time), facts) is None
