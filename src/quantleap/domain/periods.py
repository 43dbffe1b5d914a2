"""Days and months, Asia/Kolkata: UTC+05:30 without daylight saving since 1945, so no zone data is needed."""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from attrs import field, frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.validation import require, whole_number

KOLKATA = timezone(timedelta(hours=5, minutes=30), "IST")
MAX_PERIOD_INDEX = 1200
"""A hundred years of months: past it a period index is a mistake."""

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def kolkata_date(instant: datetime) -> date:
    """The calendar day in India at that instant (which must carry a zone)."""
    require(instant.tzinfo is not None, "instant", "must carry a time zone")
    return instant.astimezone(KOLKATA).date()


def kolkata_midnight(day: date) -> datetime:
    """The instant at which that day begins in India, in UTC."""
    return datetime.combine(day, time(), KOLKATA).astimezone(UTC)


def same_day_next_months(anchor: date, months: int) -> date:
    """The anchor's day that many months on, clamped to the month's end: 31 Jan, 28 Feb, 31 Mar."""
    year, month0 = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month0 + 1, min(anchor.day, calendar.monthrange(year, month0 + 1)[1]))


@frozen
class BillingPeriod:
    """Period `index` of a subscription begun on `anchor`: from `start` to the day before `end`, charged on `start`."""

    anchor: date
    index: int = field(validator=whole_number(0, MAX_PERIOD_INDEX))

    @property
    def start(self) -> date:
        """First day of the period, and the day its charge is due."""
        return same_day_next_months(self.anchor, self.index)

    @property
    def end(self) -> date:
        """First day of the next period (exclusive end of this one)."""
        return same_day_next_months(self.anchor, self.index + 1)


@frozen(order=True)
class Month:
    """A calendar month in India, such as a statement's: `2026-11`."""

    year: int = field(validator=whole_number(2000, 2999))
    month: int = field(validator=whole_number(1, 12))

    @classmethod
    def parse(cls, spelled: object, *, field: str = "month") -> "Month":
        """Read `2026-11`."""
        match = _MONTH.fullmatch(spelled) if isinstance(spelled, str) else None
        if match is None:
            raise InvalidInputError(field, "must be a month such as 2026-11")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that holds that day."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month.of(same_day_next_months(self.first_day, 1))

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is over, in UTC."""
        return kolkata_midnight(same_day_next_months(self.first_day, 1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
