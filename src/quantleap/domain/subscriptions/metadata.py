"""A caller's own pairs of strings on a subscription."""

import re
from collections.abc import Mapping
from typing import TypeAlias

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.validation import checked_text, kind_of, require

MAX_PAIRS = 10
MAX_KEY_CHARS = 40
MAX_VALUE_CHARS = 500

Metadata: TypeAlias = tuple[tuple[str, str], ...]
"""At most 10 pairs, keys of 1 to 40 and values of 0 to 500 characters, sorted by key."""

NO_METADATA: Metadata = ()

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def read_metadata(value: object, *, field: str = "metadata") -> Metadata:
    """The pairs of a mapping, checked. Raises InvalidInputError naming the pair (`metadata.plan`)."""
    if not isinstance(value, Mapping):
        raise InvalidInputError(field, f"must be an object, not {kind_of(value)}")
    if len(value) > MAX_PAIRS:
        raise InvalidInputError(field, f"must have at most {MAX_PAIRS} pairs")
    return tuple(sorted(_read_pair(key, text, field) for key, text in value.items()))


def as_metadata(value: Mapping[str, str] | Metadata) -> Metadata:
    """The pairs of a mapping, or pairs that were read before, checked again."""
    if not isinstance(value, tuple):
        return read_metadata(value)
    given: tuple[object, ...] = value
    if not all(isinstance(pair, tuple) and len(pair) == len(("key", "value")) for pair in given):
        raise InvalidInputError("metadata", "must be a mapping or pairs of text")
    pairs = dict(value)
    require(len(pairs) == len(value), "metadata", "must not name a key twice")
    return read_metadata(pairs)


def _read_pair(key: object, value: object, field: str) -> tuple[str, str]:
    name = checked_text(key, f"{field} key", max_chars=MAX_KEY_CHARS)
    # A key that is no plain word may be an email, which no refusal repeats.
    place = f"{field}.{name}" if _PLAIN_KEY.fullmatch(name) else field
    return name, checked_text(value, place, max_chars=MAX_VALUE_CHARS, min_chars=0)
