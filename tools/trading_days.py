"""Compare `trading_days.csv` with two public calendars, and add the holidays of another year.

    python tools/trading_days.py                  lists every weekday on which the file and a library differ
    python tools/trading_days.py --extend 2027    adds the holidays of that year on which both libraries agree

An added row has no source and a holiday no reason, so the package refuses the file until somebody has filled them in
from the exchange's circular. Special sessions and hours are never added: no library has them all.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from warnings import catch_warnings

import exchange_calendars  # type: ignore[import-untyped]  # the library ships no types
import pandas_market_calendars  # type: ignore[import-untyped]  # the library ships no types

from quantleap.adapters.calendars.package_data import PackageReferenceData

FILE = Path(__file__).parents[1] / "src" / "quantleap" / "data" / "trading_days.csv"
FRIDAY = 4


def xbom_sessions(first: date, last: date) -> set[date]:
    """Trading days by exchange_calendars, BSE."""
    calendar = exchange_calendars.get_calendar("XBOM", start=first.isoformat(), end=last.isoformat())
    return {session.date() for session in calendar.sessions}


def nse_sessions(first: date, last: date) -> set[date]:
    """Trading days by pandas_market_calendars, NSE."""
    days = pandas_market_calendars.get_calendar("NSE").valid_days(first.isoformat(), last.isoformat())
    return {day.date() for day in days}


LIBRARIES: dict[str, Callable[[date, date], set[date]]] = {
    "exchange_calendars XBOM": xbom_sessions,
    "pandas_market_calendars NSE": nse_sessions,
}


def days_between(first: date, last: date) -> list[date]:
    """Every day, both ends included."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def differences() -> list[str]:
    """One line for each day on which a library and the file differ."""
    calendar = PackageReferenceData().trading_calendar()
    lines = []
    for name, sessions_between in LIBRARIES.items():
        sessions = sessions_between(calendar.covers_from, calendar.covers_to)
        for day in days_between(calendar.covers_from, calendar.covers_to):
            if calendar.is_trading_day(day) is not (day in sessions):
                lines.append(f"{day.isoformat()} {day:%a}: {name} says {'open' if day in sessions else 'closed'}")
    return lines


def rows_of(year: int) -> list[str]:
    """The rows to add for that year: its last day, and the weekdays that both libraries close."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    open_somewhere = set().union(*(sessions_between(first, last) for sessions_between in LIBRARIES.values()))
    weekdays = [day for day in days_between(first, last) if day.weekday() <= FRIDAY]
    holidays = [f"{day.isoformat()},HOLIDAY,,,,\n" for day in weekdays if day not in open_somewhere]
    return [f"{last.isoformat()},COVERED_TO,,,last day known,\n", *holidays]


def extend(year: int) -> None:
    """Replace the file's last day and append the year's holidays."""
    kept = [line for line in FILE.read_text("utf-8").splitlines(keepends=True) if ",COVERED_TO," not in line]
    FILE.write_text("".join([*kept, *rows_of(year)]), "utf-8")


def main() -> int:
    """Exit status 1 when the file and a library differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extend", type=int, metavar="YEAR", help="add the holidays of that year")
    year = parser.parse_args().extend
    with catch_warnings(action="ignore"):  # the libraries use what the pandas of the day has deprecated
        if year is not None:
            extend(year)
            return 0
        found = differences()
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
