"""Checks that attrs fields share: each refuses with the field's name and the reason."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from attrs import Attribute

from quantleap.domain.errors import InvalidInputError

MAX_DIGITS = 18
"""Digits an exact number may have in all: what fits 64 bits, far above any price, strike or rate."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
"""Unicode categories no name needs: controls, line breaks, surrogates, unassigned and private characters."""

_MAILBOX = re.compile(r"[^\s@]@[^\s@]")

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)
InstanceT = TypeVar("InstanceT")
Validator = Callable[[Any, "Attribute[Any]", Any], None]


def require(condition: bool, field: str, reason: str) -> None:  # noqa: FBT001 - the condition reads as an assertion
    """Raise InvalidInputError(field, reason) unless the condition holds."""
    if not condition:
        raise InvalidInputError(field, reason)


def checked_int(value: object, field: str, low: int, high: int) -> int:
    """An int from low to high, both inclusive; a boolean, float or string is refused."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInputError(field, f"must be a whole number, not {kind_of(value)}")
    if not low <= value <= high:
        raise InvalidInputError(field, f"must be from {low} to {high}")
    return value


def checked_decimal(value: object, field: str, *, max_places: int) -> Decimal:
    """An exact, finite number: int or Decimal of at most that many decimal places. A float is not exact, so refused."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidInputError(field, f"must be an exact number (int or Decimal), not {kind_of(value)}")
    number = Decimal(value)
    if not number.is_finite():
        raise InvalidInputError(field, "must be finite")
    if not number:
        return Decimal(0)
    sign, digits, exponent = number.as_tuple()
    exponent = int(exponent)  # a finite Decimal's exponent is a number
    kept = len(digits)
    while exponent < 0 and digits[kept - 1] == 0:
        kept, exponent = kept - 1, exponent + 1
    digits = digits[:kept]
    if -exponent > max_places:
        raise InvalidInputError(field, f"must have at most {max_places} decimal places")
    if len(digits) + max(exponent, 0) > MAX_DIGITS:
        raise InvalidInputError(field, "has too many digits")
    return Decimal((sign, digits, exponent))


def checked_text(value: object, field: str, *, max_chars: int, min_chars: int = 1) -> str:
    """One line of plain text: a string of that length with no control, surrogate or unassigned character."""
    if not isinstance(value, str):
        raise InvalidInputError(field, f"must be text, not {kind_of(value)}")
    if not min_chars <= len(value) <= max_chars:
        raise InvalidInputError(field, f"must have {min_chars} to {max_chars} characters")
    if any(unicodedata.category(character) in _INVISIBLE for character in value):
        raise InvalidInputError(field, "must not hold control or invisible characters")
    return value


def checked_match(value: object, field: str, pattern: re.Pattern[str], form: str) -> str:
    """A string that the pattern matches whole; `form` says it in words for the refusal."""
    if not isinstance(value, str):
        raise InvalidInputError(field, f"must be text, not {kind_of(value)}")
    if pattern.fullmatch(value) is None:
        raise InvalidInputError(field, f"must be {form}")
    return value


def checked_choice(value: object, field: str, choices: type[ChoiceT]) -> ChoiceT:
    """The member that a text spells; the refusal lists what is allowed and never repeats the value."""
    if not isinstance(value, str):
        raise InvalidInputError(field, f"must be text, not {kind_of(value)}")
    try:
        return choices(value)
    except ValueError:
        raise InvalidInputError(field, f"must be one of {', '.join(choices)}") from None


def checked_instance(value: Any, kind: type[InstanceT], field: str) -> InstanceT:
    """An instance of that class; the refusal names what it must be."""
    if not isinstance(value, kind):
        raise InvalidInputError(field, f"must be a {kind.__name__}, not {kind_of(value)}")
    return value


def checked_date(value: object, field: str) -> date:
    """A date, and not a datetime, which is one too."""
    if type(value) is not date:
        raise InvalidInputError(field, f"must be a date, not {kind_of(value)}")
    return value


def whole_number(low: int, high: int) -> Validator:
    """attrs validator: an int from low to high, both inclusive."""

    def validate(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
        checked_int(value, attribute.name, low, high)

    return validate


def text(max_chars: int, *, min_chars: int = 1) -> Validator:
    """attrs validator: plain text of that many characters."""

    def validate(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
        checked_text(value, attribute.name, max_chars=max_chars, min_chars=min_chars)

    return validate


def exact_number(low: Decimal, high: Decimal, *, max_places: int) -> Validator:
    """attrs validator: a Decimal from low to high, both inclusive, of at most that many decimal places."""

    def validate(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if not low <= checked_decimal(value, attribute.name, max_places=max_places) <= high:
            raise InvalidInputError(attribute.name, f"must be from {low} to {high}")

    return validate


def checked_by(check: Callable[[object, str], object]) -> Validator:
    """attrs validator: whatever `check(value, field)` accepts, such as the formats of `identifiers`."""

    def validate(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
        check(value, attribute.name)

    return validate


def instance_of(kind: type) -> Validator:
    """attrs validator: an instance of that class; a StrEnum's member, not the text that spells it."""

    def validate(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
        checked_instance(value, kind, attribute.name)

    return validate


def tuple_of(kind: type, low: int, high: int) -> Validator:
    """attrs validator: a tuple of that many instances of that class."""

    def validate(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, tuple) or not all(isinstance(item, kind) for item in value):
            raise InvalidInputError(attribute.name, f"must be a tuple of {kind.__name__}")
        if not low <= len(value) <= high:
            raise InvalidInputError(attribute.name, f"must hold {low} to {high}")

    return validate


def kept_text(max_bytes: int) -> Validator:
    """attrs validator: plain text of that many bytes in UTF-8 without an email, for what is kept for years.

    Histories and the ledger outlive a user's erasure, so they name no mailbox.
    """

    def validate(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
        checked = checked_text(value, attribute.name, max_chars=max_bytes)
        require(len(checked.encode()) <= max_bytes, attribute.name, f"must have at most {max_bytes} bytes")
        require(_MAILBOX.search(checked) is None, attribute.name, "must not hold an email")

    return validate


def plain_date(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    """attrs validator: a date, and not a datetime, which is one too."""
    checked_date(value, attribute.name)


def instant(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    """attrs validator: a datetime that carries a time zone, so that it names one instant."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise InvalidInputError(attribute.name, "must be an instant with a time zone")


_KINDS: dict[type, str] = {
    bool: "a boolean",
    int: "a number",
    float: "a float",
    str: "text",
    list: "a list",
    dict: "an object",
}


def kind_of(value: object) -> str:
    """The JSON word for a value's type, so that a refusal speaks the caller's language."""
    return "null" if value is None else _KINDS.get(type(value), type(value).__name__)
