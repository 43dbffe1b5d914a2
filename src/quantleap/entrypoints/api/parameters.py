"""Query parameters: each text read into a value, every refusal gathered."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.paging import CURSOR_FORM, MAX_OFFSET
from quantleap.domain.validation import checked_choice, checked_int
from quantleap.entrypoints.api.request import Request
from quantleap.entrypoints.api.route import Parameter, Route

_MAX_DIGITS = 9

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


def read_query(route: Route, request: Request) -> tuple[dict[str, Any], list[InvalidInputError]]:
    """The value of each parameter of the route, and what was wrong. A parameter that the route lacks is refused: a
    misspelled filter would list everything.
    """
    values: dict[str, Any] = {parameter.name: parameter.default for parameter in route.parameters}
    refusals = [] if request.query.keys() <= values.keys() else [_unknown(route)]
    for parameter in route.parameters:
        given = request.query.get(parameter.name)
        if given is None:
            if parameter.is_required:
                refusals.append(InvalidInputError(parameter.name, "is required"))
            continue
        try:
            values[parameter.name] = _read(parameter, given)
        except InvalidInputError as refusal:
            refusals.append(InvalidInputError(parameter.name, refusal.reason))
    return values, refusals


def _unknown(route: Route) -> InvalidInputError:
    """Says what the route takes; what was sent is not repeated."""
    known = ", ".join(parameter.name for parameter in route.parameters)
    return InvalidInputError(
        "query",
        f"has a parameter that is not one of {known}" if known else "has a parameter, and this route takes none",
    )


def _read(parameter: Parameter, given: tuple[str, ...]) -> Any:
    if len(given) > 1:
        raise InvalidInputError(parameter.name, "is given twice")
    return parameter.read(given[0])


def choice(name: str, about: str, choices: type[ChoiceT], default: ChoiceT | None = None) -> Parameter:
    """One of a few words."""
    return Parameter(
        name=name,
        about=about,
        read=lambda spelled: checked_choice(spelled, name, choices),
        schema=_schema({"type": "string", "enum": [each.value for each in choices]}, default),
        default=default,
    )


def whole(name: str, about: str, low: int, high: int, default: int) -> Parameter:
    """A whole number."""
    return Parameter(
        name=name,
        about=about,
        read=_whole_number(name, low, high),
        schema=_schema({"type": "integer", "minimum": low, "maximum": high}, default),
        default=default,
    )


def text(name: str, about: str, read: Callable[[str], Any], **schema: Any) -> Parameter:
    """A text that `read` checks."""
    return Parameter(name=name, about=about, read=read, schema={"type": "string", **schema})


def paging(default_limit: int) -> tuple[Parameter, ...]:
    """`limit`, `offset` and `cursor` of a list."""
    return (
        whole("limit", "How many at most.", 1, 100, default_limit),
        whole("offset", "How many to leave out first.", 0, MAX_OFFSET, 0),
        cursor("The `next_cursor` of the page before, in place of an offset."),
    )


def cursor(about: str) -> Parameter:
    """Where a list goes on."""
    return text("cursor", about, str, pattern=f"^{CURSOR_FORM}$")


_INSTANT = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"
"""RFC 3339, of this century."""


def instant(name: str, about: str) -> Parameter:
    """An instant."""
    return text(name, about, lambda spelled: _read_instant(spelled, name), format="date-time", pattern=f"^{_INSTANT}$")


def _read_instant(spelled: str, name: str) -> datetime:
    refusal = InvalidInputError(name, "must be an instant such as 2026-11-24T06:30:00Z")
    if re.fullmatch(_INSTANT, spelled, re.ASCII) is None:
        raise refusal
    try:
        return datetime.fromisoformat(spelled)
    except ValueError:
        raise refusal from None


def _whole_number(name: str, low: int, high: int) -> Callable[[str], int]:
    def read(spelled: str) -> int:
        if not (spelled.isascii() and spelled.isdigit() and len(spelled) <= _MAX_DIGITS):
            raise InvalidInputError(name, f"must be a whole number from {low} to {high}")
        return checked_int(int(spelled), name, low, high)

    return read


def _schema(schema: Mapping[str, Any], default: object) -> dict[str, Any]:
    return {**schema} if default is None else {**schema, "default": default}
