"""Weekdays follow the calendar."""

from datetime import date, timedelta

import pytest

from quantleap.domain.marketplace.weekday import Weekday


@pytest.mark.parametrize("offset", range(14))
def test_the_weekday_of_a_date_is_the_calendars(offset: int) -> None:
    day = date(2026, 1, 1) + timedelta(days=offset)
    weekday = Weekday.of(day)
    assert weekday.value == day.strftime("%A").upper()
    assert weekday.number == day.isoweekday()


def test_codes_are_three_letters() -> None:
    assert [weekday.code for weekday in Weekday] == ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
