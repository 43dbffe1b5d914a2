"""Expiry days of NIFTY and BANKNIFTY around the move from Thursday to Tuesday of 2025-09-01, with made-up holidays."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError, NotCoveredError
from quantleap.domain.execution.calendar import Session, TradingCalendar
from quantleap.domain.execution.expiries import ExpiryRule, ExpiryRules
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday

NIFTY, BANKNIFTY = Underlying.NIFTY, Underlying.BANKNIFTY
WEEKLY, MONTHLY = ExpiryType.WEEKLY, ExpiryType.MONTHLY
FIRST, LAST = date(2025, 7, 1), date(2025, 12, 31)
SWITCH = date(2025, 9, 1)

CALENDAR = TradingCalendar(
    covers_from=FIRST,
    covers_to=LAST,
    holidays={
        date(2025, 10, 21): "Festival",
        date(2025, 10, 28): "Last Tuesday of October",
        date(2025, 11, 3): "A Monday",
        date(2025, 11, 4): "The Tuesday after it",
    },
    special_sessions={date(2025, 10, 21): Session(time(13, 45), time(14, 45), special=True)},
    regular_sessions={FIRST: Session(time(9, 15), time(15, 30), special=False)},
)


def rule(
    underlying: Underlying, expiry_type: ExpiryType, weekday: Weekday, since: date, until: date | None = None
) -> ExpiryRule:
    return ExpiryRule(underlying, expiry_type, weekday, since, until, "a circular")


RULES = ExpiryRules(
    [
        rule(NIFTY, WEEKLY, Weekday.TUESDAY, SWITCH),
        rule(NIFTY, WEEKLY, Weekday.THURSDAY, FIRST, date(2025, 8, 31)),
        rule(NIFTY, MONTHLY, Weekday.TUESDAY, SWITCH),
        rule(NIFTY, MONTHLY, Weekday.THURSDAY, FIRST, date(2025, 8, 31)),
        rule(BANKNIFTY, MONTHLY, Weekday.TUESDAY, SWITCH),
    ]
)


@pytest.mark.parametrize(
    ("trade_date", "weekly", "monthly"),
    [
        pytest.param(date(2025, 8, 20), date(2025, 8, 21), date(2025, 8, 28), id="Thursdays before the switch"),
        pytest.param(date(2025, 8, 28), date(2025, 8, 28), date(2025, 8, 28), id="on the last Thursday expiry"),
        pytest.param(date(2025, 8, 29), date(2025, 9, 2), date(2025, 9, 30), id="between the old rule and the new"),
        pytest.param(date(2025, 9, 3), date(2025, 9, 9), date(2025, 9, 30), id="Tuesdays after the switch"),
        pytest.param(date(2025, 10, 20), date(2025, 10, 20), date(2025, 10, 27), id="a holiday moves it to Monday"),
        pytest.param(date(2025, 10, 21), date(2025, 10, 27), date(2025, 10, 27), id="the day it was moved from"),
        pytest.param(date(2025, 10, 28), date(2025, 10, 31), date(2025, 11, 25), id="a moved monthly is over"),
        pytest.param(date(2025, 11, 3), date(2025, 11, 11), date(2025, 11, 25), id="moved over the weekend, and over"),
    ],
)
def test_the_nearest_expiry_on_or_after_the_trade_date(trade_date: date, weekly: date, monthly: date) -> None:
    assert RULES.expiry_on_or_after(NIFTY, WEEKLY, trade_date, CALENDAR) == weekly
    assert RULES.expiry_on_or_after(NIFTY, MONTHLY, trade_date, CALENDAR) == monthly


@given(offset=st.integers(min_value=0, max_value=150), expiry_type=st.sampled_from(ExpiryType))
def test_an_expiry_is_an_ordinary_day_not_before_the_trade_date_and_its_own_nearest(
    offset: int, expiry_type: ExpiryType
) -> None:
    trade_date = FIRST + timedelta(days=offset)
    expiry = RULES.expiry_on_or_after(NIFTY, expiry_type, trade_date, CALENDAR)

    assert expiry >= trade_date
    assert CALENDAR.holiday_reason(expiry) is None
    assert RULES.is_expiry(NIFTY, expiry_type, expiry, CALENDAR)
    before = [trade_date + timedelta(days=step) for step in range((expiry - trade_date).days)]
    assert not any(RULES.is_expiry(NIFTY, expiry_type, day, CALENDAR) for day in before)


def test_an_expiry_beyond_the_calendar_is_an_error_never_a_guess() -> None:
    with pytest.raises(NotCoveredError) as refusal:
        RULES.expiry_on_or_after(NIFTY, WEEKLY, LAST, CALENDAR)

    assert (refusal.value.data, refusal.value.on) == ("trading calendar", date(2026, 1, 6))


def test_a_day_without_a_rule_is_an_error_that_names_underlying_and_type() -> None:
    with pytest.raises(NotCoveredError) as refusal:
        RULES.expiry_on_or_after(BANKNIFTY, WEEKLY, date(2025, 9, 3), CALENDAR)

    assert str(refusal.value) == "No expiry rule for BANKNIFTY WEEKLY on 2025-09-03"


def test_only_an_underlying_with_a_weekly_rule_has_weekly_contracts() -> None:
    assert RULES.has_weekly(NIFTY, date(2025, 9, 3))
    assert not RULES.has_weekly(BANKNIFTY, date(2025, 9, 3))


def test_whether_there_are_weekly_contracts_is_unknown_where_no_row_covers_the_day() -> None:
    with pytest.raises(NotCoveredError):
        RULES.has_weekly(BANKNIFTY, date(2025, 8, 29))


def test_two_rules_for_one_day_cannot_be_held() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        ExpiryRules([rule(NIFTY, WEEKLY, Weekday.TUESDAY, SWITCH), rule(NIFTY, WEEKLY, Weekday.MONDAY, LAST)])

    assert refusal.value.reason == "overlap for NIFTY WEEKLY on 2025-12-31"


def test_a_rule_does_not_end_before_it_begins() -> None:
    with pytest.raises(InvalidInputError):
        rule(NIFTY, WEEKLY, Weekday.TUESDAY, SWITCH, date(2025, 8, 31))
