"""Reference data from the files that ship inside the package."""

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

from attrs import frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.execution.calendar import Session, TradingCalendar
from quantleap.domain.execution.expiries import ExpiryRule, ExpiryRules
from quantleap.domain.lots.contract_terms import ContractTerm, ContractTerms, QuantityLimit, QuantityLimits
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.validation import checked_choice, require
from quantleap.ports.errors import MalformedReferenceDataError

_Row = TypeVar("_Row")
_Table = TypeVar("_Table")


class PackageReferenceData:
    """A `ReferenceData` over files named as those of `quantleap.data`. Each is parsed once, when first asked for."""

    def __init__(self, directory: Traversable | None = None) -> None:
        self._directory = directory or resources.files("quantleap.data")

    def trading_calendar(self) -> TradingCalendar:
        """Sessions and holidays, from `trading_days.csv`."""
        return self._trading_calendar

    def expiry_rules(self) -> ExpiryRules:
        """Expiry weekdays, from `expiry_rules.csv`."""
        return self._expiry_rules

    def contract_terms(self) -> ContractTerms:
        """Lot sizes, from `contract_terms.csv`."""
        return self._contract_terms

    def quantity_limits(self) -> QuantityLimits:
        """Largest order quantities, from `quantity_limits.csv`."""
        return self._quantity_limits

    def sample_catalog(self) -> str:
        """The text of `catalog.json`."""
        return (self._directory / "catalog.json").read_text("utf-8")

    @cached_property
    def _trading_calendar(self) -> TradingCalendar:
        return self._table("trading_days.csv", _TRADING_DAY_COLUMNS, _trading_day, _calendar_of)

    @cached_property
    def _expiry_rules(self) -> ExpiryRules:
        return self._table("expiry_rules.csv", _EXPIRY_RULE_COLUMNS, _expiry_rule, ExpiryRules)

    @cached_property
    def _contract_terms(self) -> ContractTerms:
        return self._table(
            "contract_terms.csv", _CONTRACT_TERM_COLUMNS, _contract_term, lambda rows: ContractTerms(tuple(rows))
        )

    @cached_property
    def _quantity_limits(self) -> QuantityLimits:
        return self._table(
            "quantity_limits.csv", _QUANTITY_LIMIT_COLUMNS, _quantity_limit, lambda rows: QuantityLimits(tuple(rows))
        )

    def _table(
        self,
        file: str,
        columns: tuple[str, ...],
        row_of: Callable[[Mapping[str, str]], _Row],
        table_of: Callable[[list[_Row]], _Table],
    ) -> _Table:
        """The file's table. What does not parse is refused with the file, and with the line where one is at fault."""
        header, *body = _numbered_lines((self._directory / file).read_text("utf-8")) or [(1, "")]
        with _refused_at(file, header[0]):
            require(header[1] == ",".join(columns), "header", f"must be {','.join(columns)}")
        rows = []
        for number, line in body:
            with _refused_at(file, number):
                cells = next(csv.reader([line], strict=True))
                require(len(cells) == len(columns), "row", f"must have {len(columns)} cells")
                rows.append(row_of(dict(zip(columns, cells, strict=True))))
        with _refused_at(file, None):
            return table_of(rows)


def package_reference_data() -> PackageReferenceData:
    """The facts that come with the package."""
    return PackageReferenceData()


@contextmanager
def _refused_at(file: str, line: int | None) -> Iterator[None]:
    """Whatever does not parse in here is at fault there."""
    try:
        yield
    except (InvalidInputError, ValueError, csv.Error) as error:
        raise MalformedReferenceDataError(file, line, str(error)) from error


def _numbered_lines(text: str) -> list[tuple[int, str]]:
    """The lines that are neither empty nor a remark (`#`), each with its number from 1."""
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#")]


_TRADING_DAY_COLUMNS = ("day", "kind", "opens", "closes", "reason", "source")
_EXPIRY_RULE_COLUMNS = ("underlying", "expiry_type", "weekday", "effective_from", "effective_to", "source")
_CONTRACT_TERM_COLUMNS = ("underlying", "exchange", "first_expiry", "last_expiry", "lot_size", "source")
_QUANTITY_LIMIT_COLUMNS = ("underlying", "exchange", "effective_from", "effective_to", "max_order_quantity", "source")


class _DayKind(StrEnum):
    """What a row of `trading_days.csv` says of its day."""

    COVERED_FROM = "COVERED_FROM"
    COVERED_TO = "COVERED_TO"
    REGULAR = "REGULAR"
    HOLIDAY = "HOLIDAY"
    SPECIAL = "SPECIAL"


@frozen
class _TradingDay:
    """One row of `trading_days.csv`; only REGULAR and SPECIAL have a session."""

    day: date
    kind: _DayKind
    session: Session | None
    reason: str


def _trading_day(row: Mapping[str, str]) -> _TradingDay:
    kind = checked_choice(row["kind"], "kind", _DayKind)
    require(bool(row["reason"]), "reason", "must not be empty")
    require(bool(row["source"]), "source", "must not be empty")
    session = None
    if kind in (_DayKind.REGULAR, _DayKind.SPECIAL):
        opens, closes = time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"])
        session = Session(opens, closes, special=kind is _DayKind.SPECIAL)
    else:
        require(not row["opens"] and not row["closes"], "opens", f"{kind} has no hours")
    return _TradingDay(date.fromisoformat(row["day"]), kind, session, row["reason"])


def _calendar_of(rows: list[_TradingDay]) -> TradingCalendar:
    of_kind = {kind: {row.day: row for row in rows if row.kind is kind} for kind in _DayKind}
    require(sum(map(len, of_kind.values())) == len(rows), "rows", "repeat a day and kind")
    for kind in (_DayKind.COVERED_FROM, _DayKind.COVERED_TO):
        require(len(of_kind[kind]) == 1, "rows", f"must hold one {kind}")
    return TradingCalendar(
        covers_from=min(of_kind[_DayKind.COVERED_FROM]),
        covers_to=min(of_kind[_DayKind.COVERED_TO]),
        holidays={day: row.reason for day, row in of_kind[_DayKind.HOLIDAY].items()},
        special_sessions=_sessions(of_kind[_DayKind.SPECIAL]),
        regular_sessions=_sessions(of_kind[_DayKind.REGULAR]),
    )


def _sessions(rows: Mapping[date, _TradingDay]) -> dict[date, Session]:
    return {day: row.session for day, row in rows.items() if row.session is not None}


def _expiry_rule(row: Mapping[str, str]) -> ExpiryRule:
    return ExpiryRule(
        underlying=checked_choice(row["underlying"], "underlying", Underlying),
        expiry_type=checked_choice(row["expiry_type"], "expiry_type", ExpiryType),
        weekday=checked_choice(row["weekday"], "weekday", Weekday),
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=_open_date(row["effective_to"]),
        source=row["source"],
    )


def _contract_term(row: Mapping[str, str]) -> ContractTerm:
    return ContractTerm(
        underlying=checked_choice(row["underlying"], "underlying", Underlying),
        exchange=row["exchange"],
        first_expiry=date.fromisoformat(row["first_expiry"]),
        last_expiry=_open_date(row["last_expiry"]),
        lot_size=int(row["lot_size"]),
        source=row["source"],
    )


def _quantity_limit(row: Mapping[str, str]) -> QuantityLimit:
    return QuantityLimit(
        underlying=checked_choice(row["underlying"], "underlying", Underlying),
        exchange=row["exchange"],
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=_open_date(row["effective_to"]),
        max_order_quantity=int(row["max_order_quantity"]),
        source=row["source"],
    )


def _open_date(cell: str) -> date | None:
    """A last day; an empty cell is open."""
    return date.fromisoformat(cell) if cell else None
