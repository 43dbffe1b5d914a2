"""Retries of a failed charge."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.billing.dunning import DunningSchedule
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.periods import BillingPeriod


@pytest.mark.parametrize(
    ("failures", "retry"),
    [(1, date(2026, 3, 1)), (2, date(2026, 3, 3)), (3, date(2026, 3, 7)), (4, None), (11, None)],
)
def test_by_default_a_failed_charge_is_retried_after_1_3_and_7_days_and_then_expires(
    failures: int, retry: date | None
) -> None:
    assert DunningSchedule().next_retry(date(2026, 2, 28), failures) == retry


@given(st.sets(st.integers(1, 27), min_size=1, max_size=10), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_retry_comes_in_turn_and_before_the_next_period_is_due(days: set[int], failed_on: date) -> None:
    schedule = DunningSchedule(tuple(sorted(days)))
    retries = [schedule.next_retry(failed_on, failures) for failures in range(1, len(days) + 2)]
    assert retries == [*(failed_on + timedelta(days=after) for after in sorted(days)), None]
    last = retries[-2]
    assert last is not None
    assert last < BillingPeriod(failed_on, 0).end


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ((), "retry_after_days"),
        (tuple(range(1, 12)), "retry_after_days"),
        ([1, 3], "retry_after_days"),
        ((3, 1), "retry_after_days"),
        ((1, 1), "retry_after_days"),
        ((0, 1), "retry_after_days[0]"),
        ((1, 28), "retry_after_days[1]"),
        ((True, 3), "retry_after_days[0]"),
        ((1.0,), "retry_after_days"),
    ],
)
def test_a_schedule_that_does_not_ascend_within_27_days_cannot_be_built(days: Any, field: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        DunningSchedule(days)
    assert refusal.value.field == field


@pytest.mark.parametrize("failures", [0, -1, 12, True])
def test_failures_are_counted_from_the_first(failures: int) -> None:
    with pytest.raises(InvalidInputError, match="failures"):
        DunningSchedule().next_retry(date(2026, 2, 28), failures)
