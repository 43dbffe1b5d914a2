"""What people are shown, apart from how it is drawn."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from attrs import field, frozen

from quantleap.domain.money import Money, indian_grouping
from quantleap.domain.periods import KOLKATA


class Tone(StrEnum):
    """How a line is meant."""

    PLAIN = "plain"
    HEADING = "heading"
    NOTE = "note"
    GOOD = "good"
    BAD = "bad"


@frozen
class Line:
    """One line of text."""

    text: str
    tone: Tone = Tone.PLAIN


def _pairs(pairs: Iterable[tuple[str, object]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, shown(value)) for label, value in pairs)


@frozen
class Facts:
    """Labels, each with its value."""

    pairs: tuple[tuple[str, str], ...] = field(converter=_pairs)


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _rows(rows: Iterable[Iterable[object]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(shown(cell) for cell in row) for row in rows)


@frozen
class Table:
    """Rows under headings; the columns named in `numbers` are flush right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(converter=_rows)
    numbers: frozenset[str] = field(default=(), converter=_names)


View: TypeAlias = Line | Facts | Table


def shown(value: object) -> str:
    """A value as people read it.

    Amounts in Indian grouping behind their currency, whole numbers grouped likewise, instants in Indian Standard Time,
    absence as a dash.
    """
    match value:
        case None | "":
            return "-"
        case bool():
            return "yes" if value else "no"
        case Money():
            return f"{value.currency} {value.indian_text()}"
        case int():
            return f"{'-' if value < 0 else ''}{indian_grouping(str(abs(value)))}"
        case datetime():
            return f"{value.astimezone(KOLKATA):%Y-%m-%d %H:%M:%S} IST"
    return str(value)
