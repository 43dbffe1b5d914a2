"""Reads a catalog's JSON: exactly, bounded, and refused with the path of what is wrong."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from quantleap.domain.errors import InvalidInputError

MAX_BYTES = 1024 * 1024

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class _Repeating(dict[str, Any]):
    """A JSON object that gave a key twice."""

    def __init__(self, pairs: list[tuple[str, Any]], repeated: str) -> None:
        super().__init__(pairs)
        self.repeated = repeated


def read_catalog_file(path: Path) -> object:
    """The document in a file of at most 1 MiB. Raises InvalidInputError."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidInputError("FILE", f"cannot be read: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise InvalidInputError("FILE", "must be at most 1 MiB")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError("FILE", f"must be UTF-8 text; byte {error.start + 1} is not") from None
    return parse_catalog(text)


def parse_catalog(text: str) -> object:
    """The JSON document: fractions become Decimals, and so do NaN and infinities, which every field refuses.

    Raises InvalidInputError for text that is no JSON, and with its path for a key that an object gives twice.
    """
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidInputError("FILE", f"is not JSON at {place}: {error.msg}") from None
    except RecursionError:
        raise InvalidInputError("FILE", "is nested too deeply") from None
    except (ValueError, ArithmeticError):
        raise InvalidInputError("FILE", "holds a number with too many digits") from None
    for place in _repetitions(document, ""):
        raise InvalidInputError(place, "is given twice")
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return _Repeating(pairs, key)
        seen.add(key)
    return dict(pairs)


def _repetitions(value: object, place: str) -> Iterator[str]:
    """The paths of the keys that are given twice."""
    match value:
        case _Repeating(repeated=key):
            yield _under(place, key)
        case dict():
            for key, item in value.items():
                yield from _repetitions(item, _under(place, key))
        case list():
            for index, item in enumerate(value):
                yield from _repetitions(item, f"{place}[{index}]")


def _under(place: str, key: str) -> str:
    """A key is somebody else's text: shown only when it could be a field's name."""
    name = key if _PLAIN_KEY.fullmatch(key) else "(not a field name)"
    return f"{place}.{name}" if place else name
