"""Days of the week, as strategies name them."""

from datetime import date
from enum import StrEnum


class Weekday(StrEnum):
    """Monday first, as ISO 8601 counts."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"

    @classmethod
    def of(cls, day: date) -> "Weekday":
        """The weekday of that date."""
        return _IN_WEEK_ORDER[day.weekday()]

    @property
    def number(self) -> int:
        """1 for Monday to 7 for Sunday (ISO 8601)."""
        return _IN_WEEK_ORDER.index(self) + 1

    @property
    def code(self) -> str:
        """Three letters, as schedule keys spell it: `MON`."""
        return self.value[:3]


_IN_WEEK_ORDER = tuple(Weekday)
