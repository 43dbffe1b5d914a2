"""A made-up fortnight from Monday 2026-03-02: a festival with an evening session, and a session on a Sunday."""

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError, NonTradingDayError, NotCoveredError
from quantleap.domain.execution.calendar import WEEKEND, Session, TradingCalendar

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 15)
REGULAR = Session(time(9, 15), time(15, 30), special=False)
LATER_CLOSE = Session(time(9, 15), time(15, 40), special=False)
EVENING = Session(time(18, 0), time(19, 0), special=True)
FULL_SUNDAY = Session(time(9, 15), time(15, 30), special=True)

FRIDAY_BEFORE, SUNDAY_SESSION = date(2026, 3, 6), date(2026, 3, 8)
FESTIVAL, DAY_AFTER_FESTIVAL = date(2026, 3, 10), date(2026, 3, 11)


def calendar(
    *,
    covers_to: date = LAST,
    holidays: Mapping[date, str] | None = None,
    special: Mapping[date, Session] | None = None,
    regular: Mapping[date, Session] | None = None,
) -> TradingCalendar:
    return TradingCalendar(
        covers_from=FIRST,
        covers_to=covers_to,
        holidays={FESTIVAL: "Festival", DAY_AFTER_FESTIVAL: "Day after"} if holidays is None else holidays,
        special_sessions={FESTIVAL: EVENING, SUNDAY_SESSION: FULL_SUNDAY} if special is None else special,
        regular_sessions={FIRST: REGULAR, date(2026, 3, 12): LATER_CLOSE} if regular is None else regular,
    )


CALENDAR = calendar()


@pytest.mark.parametrize(
    ("day", "session"),
    [
        (date(2026, 3, 9), REGULAR),
        (date(2026, 3, 12), LATER_CLOSE),
        (date(2026, 3, 13), LATER_CLOSE),
        (date(2026, 3, 7), None),
        (SUNDAY_SESSION, FULL_SUNDAY),
        (FESTIVAL, EVENING),
        (DAY_AFTER_FESTIVAL, None),
    ],
)
def test_each_day_has_its_regular_hours_its_special_session_or_none(day: date, session: Session | None) -> None:
    assert CALENDAR.session_on(day) == session
    assert CALENDAR.is_trading_day(day) is (session is not None)


def test_a_day_without_a_session_is_refused_with_the_reason() -> None:
    with pytest.raises(NonTradingDayError) as weekend:
        CALENDAR.require_trading_day(date(2026, 3, 7))
    with pytest.raises(NonTradingDayError) as holiday:
        CALENDAR.require_trading_day(DAY_AFTER_FESTIVAL)

    assert weekend.value.reason == WEEKEND
    assert str(holiday.value) == "2026-03-11 is not a trading day: Day after"


def test_a_day_with_a_session_gives_it_when_a_trading_day_is_required() -> None:
    assert CALENDAR.require_trading_day(FESTIVAL) == EVENING
    assert CALENDAR.require_trading_day(date(2026, 3, 9)) == REGULAR


def test_the_reason_of_a_holiday_stands_though_a_special_session_is_held() -> None:
    assert CALENDAR.holiday_reason(FESTIVAL) == "Festival"
    assert CALENDAR.holiday_reason(SUNDAY_SESSION) == WEEKEND
    assert CALENDAR.holiday_reason(date(2026, 3, 9)) is None


def test_looking_back_passes_over_holidays_weekends_and_special_sessions() -> None:
    assert CALENDAR.previous_trading_day(date(2026, 3, 12)) == date(2026, 3, 9)
    assert CALENDAR.previous_trading_day(date(2026, 3, 9)) == FRIDAY_BEFORE
    assert CALENDAR.trading_day_on_or_before(SUNDAY_SESSION) == FRIDAY_BEFORE
    assert CALENDAR.trading_day_on_or_before(date(2026, 3, 12)) == date(2026, 3, 12)


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_a_day_outside_the_coverage_is_an_error_that_names_it(day: date) -> None:
    with pytest.raises(NotCoveredError) as refusal:
        CALENDAR.session_on(day)

    assert str(refusal.value) == f"No trading calendar for NSE on {day.isoformat()}"


def test_an_answer_that_lies_before_the_coverage_is_an_error() -> None:
    with pytest.raises(NotCoveredError):
        CALENDAR.previous_trading_day(FIRST)


@pytest.mark.parametrize(
    ("day", "at", "held"),
    [
        (date(2026, 3, 9), time(9, 20), True),
        (DAY_AFTER_FESTIVAL, time(9, 20), False),
        (FESTIVAL, time(17, 59), False),
        (FESTIVAL, time(18, 0), True),
        (FESTIVAL, time(18, 59), True),
        (FESTIVAL, time(19, 0), False),
        (SUNDAY_SESSION, time(9, 20), True),
    ],
)
def test_a_special_session_holds_only_the_runs_inside_it(day: date, at: time, *, held: bool) -> None:
    assert CALENDAR.runs_at(day, at) is held


@pytest.mark.parametrize(
    ("due", "at", "held_on"),
    [
        (date(2026, 3, 9), time(15, 15), date(2026, 3, 9)),
        (DAY_AFTER_FESTIVAL, time(15, 15), date(2026, 3, 9)),
        (FESTIVAL, time(15, 15), date(2026, 3, 9)),
        (FESTIVAL, time(18, 30), FESTIVAL),
        (DAY_AFTER_FESTIVAL, time(18, 30), date(2026, 3, 9)),
        (date(2026, 3, 14), time(15, 15), date(2026, 3, 13)),
    ],
)
def test_an_exit_due_without_a_session_moves_to_the_ordinary_day_before(due: date, at: time, held_on: date) -> None:
    assert CALENDAR.exit_day(due, at) == held_on


@given(offset=st.integers(min_value=5, max_value=13), at=st.times())
def test_an_exit_never_moves_later_and_always_lands_where_runs_are_held(offset: int, at: time) -> None:
    due = FIRST + timedelta(days=offset)
    held_on = CALENDAR.exit_day(due, at)

    assert held_on <= due
    assert CALENDAR.runs_at(held_on, at)
    between = [due - timedelta(days=back) for back in range((due - held_on).days)]
    assert all(CALENDAR.holiday_reason(day) is not None for day in between)


def test_a_session_closes_after_it_opens() -> None:
    with pytest.raises(InvalidInputError):
        Session(time(9, 15), time(9, 15), special=False)


OUTSIDE = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("field", "build"),
    [
        ("covers_to", lambda: calendar(covers_to=date(2026, 3, 1))),
        ("holidays", lambda: calendar(holidays={OUTSIDE: "Later"}, special={})),
        ("special_sessions", lambda: calendar(special={OUTSIDE: EVENING})),
        ("special_sessions", lambda: calendar(special={date(2026, 3, 9): EVENING})),
        ("special_sessions", lambda: calendar(special={FESTIVAL: REGULAR})),
        ("regular_sessions", lambda: calendar(regular={})),
        ("regular_sessions", lambda: calendar(regular={date(2026, 3, 3): REGULAR})),
        ("regular_sessions", lambda: calendar(regular={FIRST: EVENING})),
    ],
)
def test_a_calendar_that_contradicts_itself_cannot_be_built(field: str, build: Callable[[], TradingCalendar]) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        build()

    assert refusal.value.field == field


def test_a_calendar_keeps_its_own_copy_of_what_it_was_built_from() -> None:
    holidays = {FESTIVAL: "Festival"}
    built = calendar(holidays=holidays, special={})
    holidays[date(2026, 3, 9)] = "Made up later"

    assert built.is_trading_day(date(2026, 3, 9))


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (date(2026, 3, 5), [date(2026, 3, 5)]),
        (FRIDAY_BEFORE, [FRIDAY_BEFORE, date(2026, 3, 7), SUNDAY_SESSION]),
        (date(2026, 3, 9), [date(2026, 3, 9), FESTIVAL, DAY_AFTER_FESTIVAL]),
        (FESTIVAL, [FESTIVAL]),
    ],
)
def test_an_ordinary_day_takes_over_from_the_days_up_to_the_next_one(day: date, days: list[date]) -> None:
    assert list(CALENDAR.days_run_on(day)) == days


@pytest.mark.parametrize(
    ("day", "later", "count"),
    [
        (date(2026, 3, 9), date(2026, 3, 9), 0),
        (date(2026, 3, 9), date(2026, 3, 12), 1),
        (FRIDAY_BEFORE, date(2026, 3, 12), 2),
        (SUNDAY_SESSION, date(2026, 3, 13), 3),
    ],
)
def test_only_ordinary_days_are_counted_between_two(day: date, later: date, count: int) -> None:
    assert CALENDAR.trading_days_between(day, later) == count
