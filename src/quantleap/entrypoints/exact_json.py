"""JSON text with exact numbers: a Decimal is written digit by digit and never becomes a float."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from json.encoder import encode_basestring_ascii as _quoted

_INDENT = "  "
_WORDS = {None: "null", True: "true", False: "false"}


def json_text(value: object) -> str:
    """The value as indented JSON in ASCII: None, bool, str, int, Decimal, datetime, date, time, mappings and lists.

    Instants are RFC 3339 in UTC with a `Z`, times of the day `HH:MM`. Anything else, a float first of all, is a
    TypeError.
    """
    return _written(value, "\n")


def json_line(value: object) -> str:
    """The same on one line."""
    return _written(value, None)


def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC with a `Z`: `2026-11-25T03:50:00Z`."""
    in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return f"{in_utc.isoformat().removesuffix('+00:00')}Z"


def _written(value: object, newline: str | None) -> str:
    """`newline` is the line break at this depth, its indentation included; None keeps everything on one line."""
    if isinstance(value, str):  # most of what there is
        return _quoted(value)
    match value:
        case dict() | Mapping():  # the first is found out sooner
            members = [(f"{_quoted(str(key))}: ", item) for key, item in value.items()]
            return _bracketed("{", members, "}", newline)
        case list() | tuple():
            return _bracketed("[", [("", item) for item in value], "]", newline)
    return _scalar(value)


def _bracketed(opening: str, members: Iterable[tuple[str, object]], closing: str, newline: str | None) -> str:
    inner = None if newline is None else newline + _INDENT
    parts = [f"{inner or ''}{lead}{_written(item, inner)}" for lead, item in members]
    if not parts:
        return opening + closing
    return f"{opening}{(', ' if newline is None else ',').join(parts)}{newline or ''}{closing}"


def _scalar(value: object) -> str:
    match value:
        case None | bool():
            return _WORDS[value]
        case int():
            return str(int(value))
        case Decimal() if value.is_finite():
            return format(value, "f")
        case datetime():
            return _quoted(instant_text(value))
        case date():
            return _quoted(value.isoformat())
        case time():
            return _quoted(value.strftime("%H:%M"))
    raise TypeError(f"{type(value).__name__} has no exact JSON form")
