"""When a failed charge is tried again, and when the subscription expires instead."""

from datetime import date, timedelta
from itertools import pairwise

from attrs import field, frozen

from quantleap.domain.validation import checked_int, require, tuple_of

MAX_RETRIES = 10
MAX_RETRY_DAYS = 27
"""The last retry comes before the next period can be due: the shortest month has 28 days."""


@frozen
class DunningSchedule:
    """Retries on these days after the first failure: 1 to 10 of them, strictly ascending, each from 1 to 27."""

    retry_after_days: tuple[int, ...] = field(default=(1, 3, 7), validator=tuple_of(int, 1, MAX_RETRIES))

    @retry_after_days.validator
    def _ascending(self, _: object, value: tuple[int, ...]) -> None:
        for index, days in enumerate(value):
            checked_int(days, f"retry_after_days[{index}]", 1, MAX_RETRY_DAYS)
        ascending = all(before < after for before, after in pairwise(value))
        require(ascending, "retry_after_days", "must be strictly ascending")

    def next_retry(self, first_failed_on: date, failures: int) -> date | None:
        """The day of the next try after that many failures (1 or more, the first included); None: expire now."""
        checked_int(failures, "failures", 1, MAX_RETRIES + 1)
        if failures > len(self.retry_after_days):
            return None
        return first_failed_on + timedelta(days=self.retry_after_days[failures - 1])
