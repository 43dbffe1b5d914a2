"""One spelling of a value as JSON (RFC 8785, JSON Canonicalization Scheme), so that a hash of it means something."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.validation import kind_of

MAX_EXACT_INT = 2**53 - 1
"""Whole numbers past it are not exact in every JSON reader (RFC 8785, section 3.2.2.3; RFC 7493, section 2.2)."""

MAX_DECIMAL_DIGITS = 15
"""Significant digits that an IEEE 754 double always gives back, so that the plain spelling is the one of RFC 8785."""

_SMALLEST_PLAIN_EXPONENT = -6
"""RFC 8785 follows ECMAScript, which spells numbers below 1e-6 with an exponent: those are refused."""


def canonical_json(value: object) -> str:
    """RFC 8785 text of None, bool, str, int, Decimal, lists, tuples and mappings with text keys, nested at will.

    Integers are at most 2**53 - 1 in magnitude. A Decimal is spelled plainly and as short as it goes (`299.7`, `100`);
    with a fraction it has at most 15 significant digits and is at least 1e-6. Anything else, a float first of all, is
    an InvalidInputError that gives the path.
    """
    try:
        return _encoded(value)
    except InvalidInputError as refusal:
        raise refusal.under("value") from None


def sha256_hex(value: object) -> str:
    """SHA-256 of the canonical JSON in UTF-8, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _encoded(value: object) -> str:
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return _text(value)
        case int():
            return _integer(value)
        case Decimal():
            return _decimal(value)
        case list() | tuple():
            return _array(value)
        case Mapping():
            return _object(value)
    raise InvalidInputError("", f"must be exact JSON data, not {kind_of(value)}")


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInputError("", "must not hold a lone surrogate") from None
    return json.dumps(value, ensure_ascii=False)


def _integer(value: int) -> str:
    if abs(value) > MAX_EXACT_INT:
        raise InvalidInputError("", f"must be from -{MAX_EXACT_INT} to {MAX_EXACT_INT}")
    return str(int(value))


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise InvalidInputError("", "must be finite")
    if value.is_zero():
        return "0"
    if not _SMALLEST_PLAIN_EXPONENT <= value.adjusted() <= len(str(MAX_EXACT_INT)):
        raise InvalidInputError("", "is too small or too large to be spelled exactly")
    whole, _, fraction = format(value, "f").partition(".")
    fraction = fraction.rstrip("0")
    if not fraction:
        return _integer(int(whole))
    if len(f"{whole}{fraction}".lstrip("-0")) > MAX_DECIMAL_DIGITS:
        raise InvalidInputError("", f"must have at most {MAX_DECIMAL_DIGITS} significant digits")
    return f"{whole}.{fraction}"


def _array(items: Iterable[object]) -> str:
    return f"[{','.join(_inside(f'[{index}]', item) for index, item in enumerate(items))}]"


def _object(pairs: Mapping[object, object]) -> str:
    members = [(_key(key), item) for key, item in pairs.items()]
    members.sort(key=lambda member: member[0].encode("utf-16-be"))
    return f"{{{','.join(f'{_text(key)}:{_inside(key, item)}' for key, item in members)}}}"


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise InvalidInputError("", f"must have text keys, not {kind_of(key)}")
    _text(key)
    return key


def _inside(place: str, value: object) -> str:
    try:
        return _encoded(value)
    except InvalidInputError as refusal:
        raise refusal.under(place) from None
