"""Days, months and billing periods, Asia/Kolkata."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.periods import (
    KOLKATA,
    MAX_PERIOD_INDEX,
    BillingPeriod,
    Month,
    kolkata_date,
    kolkata_midnight,
    same_day_next_months,
)

TEN_YEARS = 120
EVERY_DAY_OF_2024_AND_2025 = [date(2024, 1, 1) + timedelta(days=days) for days in range(731)]


def days_of_month(day: date) -> int:
    into_next_month = day.replace(day=28) + timedelta(days=4)
    return (into_next_month - timedelta(days=into_next_month.day)).day


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 10, 31, 18, 29, 59, 999999, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 10, 31, 18, 30, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 1, 0, 0, tzinfo=KOLKATA), date(2026, 11, 1)),
        (datetime(2026, 10, 31, 14, 30, tzinfo=timezone(timedelta(hours=-4))), date(2026, 11, 1)),
    ],
)
def test_the_day_of_an_instant_is_the_day_in_india(instant: datetime, day: date) -> None:
    assert kolkata_date(instant) == day


def test_an_instant_without_a_zone_has_no_day() -> None:
    with pytest.raises(InvalidInputError, match="instant: must carry a time zone"):
        kolkata_date(datetime(2026, 11, 1))  # noqa: DTZ001 - the very thing refused


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda instant: 1946 <= instant.year < 9999))
def test_the_fixed_offset_agrees_with_the_zone_database(instant: datetime) -> None:
    assert kolkata_date(instant) == instant.astimezone(ZoneInfo("Asia/Kolkata")).date()


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_midnight_is_the_first_instant_of_the_day(day: date) -> None:
    midnight = kolkata_midnight(day)
    assert midnight.utcoffset() == timedelta(0)
    assert kolkata_date(midnight) == day
    assert kolkata_date(midnight - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_the_31st_clamps_to_the_month_and_comes_back() -> None:
    starts = [BillingPeriod(date(2027, 1, 31), index).start for index in range(4)]
    assert starts == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]
    assert same_day_next_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert same_day_next_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


def test_over_ten_years_from_every_start_day_no_month_is_skipped_or_repeated() -> None:
    for anchor in EVERY_DAY_OF_2024_AND_2025:
        starts = [same_day_next_months(anchor, months) for months in range(TEN_YEARS + 1)]
        first = anchor.year * 12 + anchor.month
        assert [start.year * 12 + start.month - first for start in starts] == list(range(TEN_YEARS + 1))
        assert all(start.day == min(anchor.day, days_of_month(start)) for start in starts)


def test_over_ten_years_from_every_start_day_periods_tile_without_gap() -> None:
    for anchor in EVERY_DAY_OF_2024_AND_2025:
        next_start = anchor
        for index in range(TEN_YEARS):
            period = BillingPeriod(anchor, index)
            assert period.start == next_start
            assert period.start < period.end
            next_start = period.end


@pytest.mark.parametrize("index", [-1, MAX_PERIOD_INDEX + 1, True, 1.0])
def test_a_period_index_is_a_whole_number_within_a_hundred_years(index: object) -> None:
    with pytest.raises(InvalidInputError, match="index"):
        BillingPeriod(date(2026, 1, 1), index)  # type: ignore[arg-type] # what an untyped caller may pass


@pytest.mark.parametrize("spelled", ["2026-11", "2000-01", "2999-12"])
def test_a_month_reads_back_what_it_prints(spelled: str) -> None:
    assert str(Month.parse(spelled)) == spelled


@pytest.mark.parametrize(
    "spelled", ["", "2026-13", "2026-00", "2026-1", "26-01", "2026-11-01", "2026/11", 202611, None]
)
def test_what_is_no_month_is_refused(spelled: object) -> None:
    with pytest.raises(InvalidInputError, match="statement: must be a month such as 2026-11"):
        Month.parse(spelled, field="statement")


@pytest.mark.parametrize("spelled", ["1999-12", "3000-01"])
def test_a_month_outside_the_millennium_is_refused(spelled: str) -> None:
    with pytest.raises(InvalidInputError, match="year"):
        Month.parse(spelled)


@given(st.dates(date(2000, 1, 1), date(2999, 12, 31)))
def test_a_month_holds_its_days_up_to_its_end(day: date) -> None:
    month = Month.of(day)
    assert month.first_day == day.replace(day=1)
    assert kolkata_midnight(month.first_day) <= kolkata_midnight(day) < month.ends_at
    assert kolkata_date(month.ends_at).day == 1
    assert kolkata_date(month.ends_at - timedelta(microseconds=1)).replace(day=1) == month.first_day


def test_after_december_comes_january() -> None:
    assert Month(2026, 11).following.following == Month(2027, 1)


def test_months_compare_in_time() -> None:
    assert Month(2025, 12) < Month(2026, 1) < Month(2026, 11)
