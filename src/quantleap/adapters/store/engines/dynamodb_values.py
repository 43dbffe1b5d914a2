"""Items as DynamoDB writes them, and back: typed decoding of answers, whose default takes most of a read's time."""

from collections.abc import Mapping
from typing import Any

import msgspec

from quantleap.adapters.store.seam import Item, Value
from quantleap.adapters.store.table import SORT_KEY
from quantleap.ports.errors import CorruptDataError


class Stored(msgspec.Struct, gc=False):
    """One attribute value of an answer: exactly one of the types is set, or none where the local engine has `{}`."""

    S: str | None = None
    N: str | None = None
    M: "dict[str, Stored] | None" = None
    L: "list[Stored] | None" = None
    BOOL: bool | None = None
    NULL: bool | None = None
    B: Any = None
    SS: Any = None
    NS: Any = None
    BS: Any = None


def encoded(value: Value) -> dict[str, Any]:
    """A value in the service's form."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str.__str__(value)}  # a member of a StrEnum is stored as the text it stands for
        case int():
            return {"N": str(int(value))}
        case list():
            return {"L": [encoded(element) for element in value]}
        case dict():
            return {"M": encoded_item(value)}


def encoded_item(item: Mapping[str, Value]) -> dict[str, Any]:
    """An item, or a map in one, in the service's form."""
    return {str.__str__(name): encoded(value) for name, value in item.items()}


def decoded_item(stored: Mapping[str, Stored]) -> Item:
    """The item that was stored. Raises CorruptDataError for what this library does not write."""
    # Most attributes are text: asked for here, that spares a call for each.
    try:
        return {name: _decoded(value) if value.S is None else value.S for name, value in stored.items()}
    except (ValueError, TypeError):
        raise _corrupt(stored) from None  # the cause tells what the item holds


def _decoded(value: Stored) -> Value:
    if value.S is not None:
        return value.S
    if value.N is not None:
        return int(value.N)
    if value.M is not None:
        return {name: _decoded(inner) for name, inner in value.M.items()}
    if value.L is not None:
        return [_decoded(element) for element in value.L]
    if value.BOOL is not None or value.NULL:
        return value.BOOL  # None where the value is NULL
    if any(foreign is not None for foreign in (value.B, value.SS, value.NS, value.BS)):
        raise TypeError("a set or binary")
    # Amazon's DynamoDB Local leaves the type out of an empty map in the images of its stream.
    return {}


def _corrupt(stored: Mapping[str, Stored]) -> CorruptDataError:
    sort = stored.get(SORT_KEY)
    name = None if sort is None else sort.S
    return CorruptDataError(f"item {name}", "holds a fraction, a set or bytes, which is never written")
