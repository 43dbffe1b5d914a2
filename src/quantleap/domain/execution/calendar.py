"""The exchange's trading days, Asia/Kolkata: sessions, holidays, and where a run moves that falls on neither."""

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from types import MappingProxyType

from attrs import field, frozen

from quantleap.domain.errors import NonTradingDayError, NotCoveredError
from quantleap.domain.validation import require

WEEKEND = "weekend"
"""The reason given for a Saturday or a Sunday that is no named holiday."""

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@frozen
class Session:
    """Trading from `opens` to `closes` (exclusive). `special`: held on a day that is not ordinary, such as Muhurat."""

    opens: time
    closes: time
    special: bool

    def __attrs_post_init__(self) -> None:
        require(self.opens < self.closes, "closes", "must be after opens")

    def holds(self, at: time) -> bool:
        """Whether an order sent at that time meets an open market."""
        return self.opens <= at < self.closes


def _read_only_holidays(holidays: Mapping[date, str]) -> Mapping[date, str]:
    return MappingProxyType(dict(sorted(holidays.items())))


def _read_only_sessions(sessions: Mapping[date, Session]) -> Mapping[date, Session]:
    return MappingProxyType(dict(sorted(sessions.items())))


@frozen(eq=False)
class TradingCalendar:
    """What is known of the days from `covers_from` to `covers_to`, both inclusive.

    `holidays` gives the name of each. `regular_sessions` gives the ordinary hours by the first day they hold.
    An ordinary day is a Monday to Friday that is no holiday. A special session stands on a day that is not ordinary: it
    settles no expiry and takes over no run from another day. A question about a day outside the coverage, or whose
    answer would have to be looked for there, raises NotCoveredError.
    """

    covers_from: date
    covers_to: date
    holidays: Mapping[date, str] = field(converter=_read_only_holidays)
    special_sessions: Mapping[date, Session] = field(converter=_read_only_sessions)
    regular_sessions: Mapping[date, Session] = field(converter=_read_only_sessions)

    def __attrs_post_init__(self) -> None:
        require(self.covers_from <= self.covers_to, "covers_to", "must not be before covers_from")
        first_hours = min(self.regular_sessions, default=None)
        require(
            first_hours is not None and first_hours <= self.covers_from,
            "regular_sessions",
            "must hold from the first day covered",
        )
        for session in self.regular_sessions.values():
            require(not session.special, "regular_sessions", "must not be marked special")
        for day in self.holidays:
            require(self._covers(day), "holidays", f"{day.isoformat()} is outside the coverage")
        for day, session in self.special_sessions.items():
            require(self._covers(day), "special_sessions", f"{day.isoformat()} is outside the coverage")
            require(self.holiday_reason(day) is not None, "special_sessions", f"{day.isoformat()} is an ordinary day")
            require(session.special, "special_sessions", f"{day.isoformat()} must be marked special")

    def session_on(self, day: date) -> Session | None:
        """That day's session, None when the exchange is closed all day."""
        if self.holiday_reason(day) is not None:
            return self.special_sessions.get(day)
        return self.regular_sessions[max(since for since in self.regular_sessions if since <= day)]

    def is_trading_day(self, day: date) -> bool:
        """Whether there is a session on that day, a special one included."""
        return self.session_on(day) is not None

    def holiday_reason(self, day: date) -> str | None:
        """Why the day is not ordinary: the holiday's name or WEEKEND. It may hold a special session all the same."""
        if not self._covers(day):
            raise NotCoveredError("trading calendar", "NSE", day)
        return self.holidays.get(day, WEEKEND if day.weekday() >= _SATURDAY else None)

    def require_trading_day(self, day: date) -> Session:
        """That day's session. Raises NonTradingDayError with the holiday's name or WEEKEND when there is none."""
        session = self.session_on(day)
        if session is None:
            raise NonTradingDayError(day, self.holidays.get(day, WEEKEND))
        return session

    def trading_day_on_or_before(self, day: date) -> date:
        """The day itself if it is ordinary, else the last ordinary day before it."""
        while self.holiday_reason(day) is not None:
            day -= _ONE_DAY
        return day

    def previous_trading_day(self, day: date) -> date:
        """The last ordinary day strictly before that day."""
        return self.trading_day_on_or_before(day - _ONE_DAY)

    def days_run_on(self, day: date) -> Iterator[date]:
        """The day, and after an ordinary day the days up to the next one: what is due then and not held moves to it."""
        yield day
        if self.holiday_reason(day) is None:
            while self.holiday_reason(day := day + _ONE_DAY) is not None:
                yield day

    def trading_days_between(self, day: date, later: date) -> int:
        """How many ordinary days lie after `day`, `later` included."""
        days = (day + timedelta(days=offset) for offset in range(1, (later - day).days + 1))
        return sum(self.holiday_reason(each) is None for each in days)

    def runs_at(self, day: date, at: time) -> bool:
        """Whether a run that a strategy names for that day and time is held. An entry that is not, drops.

        An ordinary day holds every run, a special session only those inside it, any other day none.
        """
        session = self.session_on(day)
        return session is not None and (not session.special or session.holds(at))

    def exit_day(self, due: date, at: time) -> date:
        """The day on which an exit that is due then is held: that day, else the last ordinary day before it."""
        return due if self.runs_at(due, at) else self.previous_trading_day(due)

    def _covers(self, day: date) -> bool:
        return self.covers_from <= day <= self.covers_to
