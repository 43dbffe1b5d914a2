"""The shipped facts of the exchange, against two public calendars, and the reading of their files."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from shutil import copytree
from warnings import catch_warnings

import exchange_calendars  # type: ignore[import-untyped]  # the library ships no types
import pandas_market_calendars  # type: ignore[import-untyped]  # the library ships no types
import pytest
from attrs import frozen

from quantleap import data
from quantleap.adapters.calendars.package_data import PackageReferenceData
from quantleap.domain.errors import NotCoveredError
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.periods import KOLKATA
from quantleap.ports.errors import MalformedReferenceDataError
from quantleap.ports.reference_data import ReferenceData

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
CLOSE_MOVED_ON = date(2026, 8, 3)
PACKAGE = PackageReferenceData()
CALENDAR = PACKAGE.trading_calendar()

Hours = tuple[time, time] | None
"""When a day opens and closes; None is closed all day."""


@frozen
class Disagreement:
    """An oracle that differs from the shipped data on a day, and why the shipped data is right."""

    oracle: Hours
    why: str


BUDGET = Disagreement(
    None, "the library lacks the weekend sessions of the Union Budget (NSE/CMTR/65729, NSE/CMTR/72349)"
)
MUHURAT = Disagreement(None, "the library lacks Muhurat sessions; this one is in NSE/CMTR/70319")
LATER_CLOSE = Disagreement(
    (time(9, 15), time(15, 30)),
    "the library has the cash market's hours; equity derivatives close at 15:40 since 2026-08-03 (NSE, May 2026)",
)


def every_day() -> Iterator[date]:
    yield from (FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1))


def shipped_hours(day: date) -> Hours:
    session = CALENDAR.session_on(day)
    return None if session is None else (session.opens, session.closes)


def xbom_hours() -> dict[date, Hours]:
    with catch_warnings(action="ignore"):  # the library uses what the pandas of the day has deprecated
        schedule = exchange_calendars.get_calendar("XBOM", start=FIRST.isoformat(), end=LAST.isoformat()).schedule
    return {row.Index.date(): (in_india(row.open), in_india(row.close)) for row in schedule.itertuples()}


def nse_hours() -> dict[date, Hours]:
    with catch_warnings(action="ignore"):
        schedule = pandas_market_calendars.get_calendar("NSE").schedule(FIRST.isoformat(), LAST.isoformat())
    return {row.Index.date(): (in_india(row.market_open), in_india(row.market_close)) for row in schedule.itertuples()}


def in_india(instant: datetime) -> time:
    return instant.astimezone(KOLKATA).time()


ORACLES = {
    "exchange_calendars XBOM": (
        xbom_hours,
        {date(2025, 2, 1): BUDGET, date(2025, 10, 21): MUHURAT, date(2026, 2, 1): BUDGET},
    ),
    "pandas_market_calendars NSE": (nse_hours, {date(2025, 2, 1): BUDGET, date(2026, 2, 1): BUDGET}),
}


@pytest.mark.parametrize("oracle", ORACLES)
def test_every_day_agrees_with_the_oracle_or_its_disagreement_is_explained(oracle: str) -> None:
    read_hours, explained_days = ORACLES[oracle]
    oracle_hours = read_hours()
    explained = dict(explained_days)
    explained |= {day: LATER_CLOSE for day in every_day() if day >= CLOSE_MOVED_ON and day in oracle_hours}

    found = {day: oracle_hours.get(day) for day in every_day() if oracle_hours.get(day) != shipped_hours(day)}

    assert found == {day: disagreement.oracle for day, disagreement in explained.items()}


def test_the_sunday_muhurat_of_2026_is_left_out_until_its_hours_have_a_source() -> None:
    assert not CALENDAR.is_trading_day(date(2026, 11, 8))


def test_the_calendar_covers_two_years_and_nothing_else() -> None:
    assert (CALENDAR.covers_from, CALENDAR.covers_to) == (FIRST, LAST)


def test_the_close_of_the_derivatives_market_moved_in_august_2026() -> None:
    assert CALENDAR.require_trading_day(date(2026, 7, 31)).closes == time(15, 30)
    assert CALENDAR.require_trading_day(CLOSE_MOVED_ON).closes == time(15, 40)


@pytest.mark.parametrize(
    ("underlying", "expiry_type", "trade_date", "expiry"),
    [
        (Underlying.NIFTY, ExpiryType.WEEKLY, date(2025, 8, 29), date(2025, 9, 2)),
        (Underlying.NIFTY, ExpiryType.WEEKLY, date(2025, 10, 20), date(2025, 10, 20)),
        (Underlying.NIFTY, ExpiryType.WEEKLY, date(2026, 1, 6), date(2026, 1, 6)),
        (Underlying.NIFTY, ExpiryType.WEEKLY, date(2026, 3, 2), date(2026, 3, 2)),
        (Underlying.NIFTY, ExpiryType.WEEKLY, date(2026, 11, 9), date(2026, 11, 9)),
        (Underlying.NIFTY, ExpiryType.MONTHLY, date(2026, 3, 4), date(2026, 3, 30)),
        (Underlying.BANKNIFTY, ExpiryType.MONTHLY, date(2025, 4, 1), date(2025, 4, 24)),
        (Underlying.BANKNIFTY, ExpiryType.MONTHLY, date(2025, 12, 1), date(2025, 12, 30)),
        (Underlying.FINNIFTY, ExpiryType.MONTHLY, date(2026, 11, 16), date(2026, 11, 23)),
        (Underlying.MIDCPNIFTY, ExpiryType.MONTHLY, date(2025, 8, 29), date(2025, 9, 30)),
    ],
)
def test_published_expiry_days(underlying: Underlying, expiry_type: ExpiryType, trade_date: date, expiry: date) -> None:
    assert PACKAGE.expiry_rules().expiry_on_or_after(underlying, expiry_type, trade_date, CALENDAR) == expiry


def test_only_nifty_has_weekly_contracts() -> None:
    rules = PACKAGE.expiry_rules()

    assert [each for each in Underlying if rules.has_weekly(each, date(2026, 1, 5))] == [Underlying.NIFTY]


def test_the_lot_of_nifty_is_75_to_the_december_2025_expiry_and_65_from_january() -> None:
    terms = PACKAGE.contract_terms()

    assert terms.lot_size(Underlying.NIFTY, date(2025, 12, 30)) == 75
    assert terms.lot_size(Underlying.NIFTY, date(2026, 1, 27)) == 65


def test_the_largest_order_of_banknifty_went_back_to_600_in_december_2025() -> None:
    limits = PACKAGE.quantity_limits()

    assert limits.max_order_quantity(Underlying.BANKNIFTY, date(2025, 11, 28)) == 900
    assert limits.max_order_quantity(Underlying.BANKNIFTY, date(2025, 12, 1)) == 600


def test_a_contract_that_no_row_covers_has_no_lot_size() -> None:
    with pytest.raises(NotCoveredError):
        PACKAGE.contract_terms().lot_size(Underlying.NIFTY, date(2025, 1, 2))


def test_the_sample_catalog_is_json_with_four_templates() -> None:
    assert len(json.loads(PACKAGE.sample_catalog())["templates"]) == 4


def test_each_file_is_read_once() -> None:
    source: ReferenceData = PackageReferenceData()

    assert source.trading_calendar() is source.trading_calendar()
    assert source.expiry_rules() is source.expiry_rules()
    assert source.contract_terms() is source.contract_terms()
    assert source.quantity_limits() is source.quantity_limits()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The shipped files, to be spoilt."""
    return copytree(Path(next(iter(data.__path__))), tmp_path / "data")


QUESTIONS: Mapping[str, Callable[[PackageReferenceData], object]] = {
    "trading_days.csv": PackageReferenceData.trading_calendar,
    "expiry_rules.csv": PackageReferenceData.expiry_rules,
    "contract_terms.csv": PackageReferenceData.contract_terms,
    "quantity_limits.csv": PackageReferenceData.quantity_limits,
}


@pytest.mark.parametrize(
    ("file", "row", "reason"),
    [
        ("trading_days.csv", "2026-13-01,HOLIDAY,,,Nothing,a circular", "month must be in 1..12"),
        ("trading_days.csv", "2026-12-01,HOLYDAY,,,Nothing,a circular", "kind: must be one of COVERED_FROM, "),
        ("trading_days.csv", "2026-12-01,HOLIDAY,,,,a circular", "reason: must not be empty"),
        ("trading_days.csv", "2026-12-01,HOLIDAY,,,Nothing,", "source: must not be empty"),
        ("trading_days.csv", "2026-12-01,HOLIDAY,09:15,,Nothing,a circular", "opens: HOLIDAY has no hours"),
        ("trading_days.csv", "2026-12-05,SPECIAL,,,Nothing,a circular", "Invalid isoformat string: ''"),
        ("trading_days.csv", "2026-12-05,SPECIAL,15:30,09:15,Nothing,a circular", "closes: must be after opens"),
        ("trading_days.csv", '2026-12-01,HOLIDAY,,,"Nothing,a circular', "unexpected end of data"),
        ("trading_days.csv", "2026-12-01,HOLIDAY", "row: must have 6 cells"),
        ("expiry_rules.csv", "SENSEX,WEEKLY,TUESDAY,2025-01-01,,a circular", "underlying: must be one of NIFTY, "),
        ("contract_terms.csv", "NIFTY,NSE,2025-01-01,2025-01-31,0,a circular", "lot_size: must be from 1 to 100000"),
        ("quantity_limits.csv", "NIFTY,NSE,2022-01-01,2022-12-31,many,a circular", "invalid literal for int()"),
    ],
)
def test_a_malformed_row_is_refused_with_its_file_and_line(files: Path, file: str, row: str, reason: str) -> None:
    text = (files / file).read_text()
    (files / file).write_text(f"{text.rstrip()}\n\n# a remark\n{row}\n")

    with pytest.raises(MalformedReferenceDataError) as refusal:
        QUESTIONS[file](PackageReferenceData(files))

    last_line = text.rstrip().count("\n") + 4
    assert (refusal.value.file, refusal.value.line) == (file, last_line)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("file", "row", "reason"),
    [
        ("trading_days.csv", "2026-12-25,HOLIDAY,,,Christmas,a circular", "rows: repeat a day and kind"),
        ("trading_days.csv", "2027-12-31,COVERED_TO,,,last day,a circular", "rows: must hold one COVERED_TO"),
        (
            "trading_days.csv",
            "2027-12-25,HOLIDAY,,,Christmas,a circular",
            "holidays: 2027-12-25 is outside the coverage",
        ),
        ("expiry_rules.csv", "NIFTY,WEEKLY,MONDAY,2026-01-01,,a circular", "rows: overlap for NIFTY WEEKLY"),
        ("contract_terms.csv", "NIFTY,NSE,2026-01-01,,70,a circular", "rows: overlap for NIFTY"),
        ("quantity_limits.csv", "NIFTY,NSE,2026-01-01,,1900,a circular", "rows: overlap for NIFTY"),
    ],
)
def test_rows_that_contradict_each_other_are_refused_with_their_file(
    files: Path, file: str, row: str, reason: str
) -> None:
    with (files / file).open("a") as table:
        table.write(f"{row}\n")

    with pytest.raises(MalformedReferenceDataError) as refusal:
        QUESTIONS[file](PackageReferenceData(files))

    assert refusal.value.line is None
    assert str(refusal.value).startswith(f"{file}: {reason}")


@pytest.mark.parametrize("text", ["", "# only a remark\n", "day,kind\n"])
def test_a_file_without_its_columns_is_refused(files: Path, text: str) -> None:
    (files / "trading_days.csv").write_text(text)

    with pytest.raises(MalformedReferenceDataError) as refusal:
        PackageReferenceData(files).trading_calendar()

    assert refusal.value.reason == "header: must be day,kind,opens,closes,reason,source"
