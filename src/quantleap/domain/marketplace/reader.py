"""Building values from JSON objects by a table of fields: a refusal's field is the path to what is wrong."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from attrs import NOTHING, AttrsInstance, fields_dict

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.validation import MAX_DIGITS, ChoiceT, checked_choice, checked_decimal, kind_of

T = TypeVar("T")
ValueT = TypeVar("ValueT", bound=AttrsInstance)
Parse: TypeAlias = Callable[[object, str], T]
"""Turns a raw value into its own type, or refuses it in the name of the given field."""

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def build(kind: type[ValueT], document: object, parsers: Mapping[str, Parse[Any]]) -> ValueT:
    """The value of that class which a JSON object describes, each known key with its parser.

    A key that is absent takes the field's own default; one without a default is required. Null is the same as absent
    where the default is None. A key without a parser is refused first, since it is most likely a misspelt one.
    """
    given = checked_object(document, "document")
    for key in given:
        if key not in parsers:
            raise InvalidInputError(shown_key(key), "is not a known field")
    defaults = {name: attribute.default for name, attribute in fields_dict(kind).items()}
    parsed = {}
    for name, parse in parsers.items():
        value = given.get(name, defaults[name])
        if value is NOTHING:
            raise InvalidInputError(name, "is required")
        if value is not defaults[name]:
            parsed[name] = parse(value, name)
    return kind(**parsed)


def as_it_is(value: object, _: str) -> Any:
    """Parses nothing: the value being built checks this field itself."""
    return value


def choice(choices: type[ChoiceT]) -> Parse[ChoiceT]:
    """Parses the text of one of the enumeration's members."""
    return lambda value, field: checked_choice(value, field, choices)


def exact_decimal(value: object, field: str) -> Decimal:
    """A whole or decimal JSON number, exactly; the value being built checks its bounds."""
    return checked_decimal(value, field, max_places=MAX_DIGITS)


def nested(read: Callable[[object], T]) -> Parse[T]:
    """Parses an object with its own reading function, whose refusals it puts under the field."""

    def parse(value: object, field: str) -> T:
        checked_object(value, field)
        try:
            return read(value)
        except InvalidInputError as refusal:
            raise refusal.under(field) from None

    return parse


def each(parse: Parse[T], *, at_most: int) -> Parse[tuple[T, ...]]:
    """Parses every item of a list; a list that is too long is refused before its items are looked at."""

    def parse_all(value: object, field: str) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise InvalidInputError(field, f"must be a list, not {kind_of(value)}")
        if len(value) > at_most:
            raise InvalidInputError(field, f"must hold at most {at_most}")
        return tuple(parse(item, f"{field}[{index}]") for index, item in enumerate(value))

    return parse_all


def checked_object(value: object, field: str) -> Mapping[object, object]:
    """A JSON object."""
    if not isinstance(value, Mapping):
        raise InvalidInputError(field, f"must be an object, not {kind_of(value)}")
    return value


def shown_key(key: object) -> str:
    """An unknown key is somebody else's text, perhaps an email: shown only when it could be a misspelt field."""
    return key if isinstance(key, str) and _PLAIN_KEY.fullmatch(key) else "(not a field name)"
