"""JSON text with exact numbers: a Decimal is written digit by digit and never becomes a float."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

_INDENT = "  "


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
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _written(value: object, newline: str | None) -> str:
    """`newline` is the line break at this depth, its indentation included; None keeps everything on one line."""
    match value:
        case Mapping():
            members = [(f"{json.dumps(str(key))}: ", item) for key, item in value.items()]
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
        case None | bool() | str():
            return json.dumps(value)
        case int():
            return str(int(value))
        case Decimal() if value.is_finite():
            return format(value, "f")
        case datetime():
            return json.dumps(instant_text(value))
        case date():
            return json.dumps(value.isoformat())
        case time():
            return json.dumps(value.strftime("%H:%M"))
    raise TypeError(f"{type(value).__name__} has no exact JSON form")
