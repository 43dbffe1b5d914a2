"""What conditions and updates mean, on plain items: the one definition that engines holding items themselves share."""

from collections.abc import Sequence
from typing import TypeGuard

from quantleap.adapters.store.engines.valid_writes import check_item, check_total_size
from quantleap.adapters.store.seam import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Check,
    Condition,
    Delete,
    Equals,
    InvalidWriteError,
    Item,
    ItemAbsent,
    ItemPresent,
    Missing,
    OneOf,
    Put,
    Refusal,
    ShorterThan,
    Update,
    Value,
    Write,
    WriteRefusedError,
)
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY


def outcomes(writes: Sequence[Write], before: Sequence[Item | None]) -> list[Item | None]:
    """What each write leaves at its key, given what is there; nothing given is changed.

    Raises WriteRefusedError naming every refused write, and only where none is refused InvalidWriteError.
    """
    refusals = [
        Refusal(number, item)
        for number, (write, item) in enumerate(zip(writes, before, strict=True))
        if write.condition is not None and not holds(write.condition, item)
    ]
    if refusals:
        raise WriteRefusedError(refusals)
    after = [_outcome(write, item) for write, item in zip(writes, before, strict=True)]
    check_total_size(after)
    return after


def holds(condition: Condition, item: Item | None) -> bool:
    """Whether the condition is true of the item (None: there is none)."""
    match condition:
        case AllOf(conditions):
            return all(holds(part, item) for part in conditions)
        case AnyOf(conditions):
            return any(holds(part, item) for part in conditions)
        case ItemAbsent():
            return item is None
        case ItemPresent():
            return item is not None
        case Missing(attribute):
            return item is None or attribute not in item
        case _:
            return item is not None and condition.attribute in item and _matches(condition, item[condition.attribute])


def identical(one: Value, other: Value) -> bool:
    """Equal in type too, at every depth: 1 is not True. The order of a map's attributes says nothing."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(identical(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(identical, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and one == other


def copied(item: Item) -> Item:
    """The same item, sharing nothing that can change."""
    return {_plain_text(name): _copied_value(value) for name, value in item.items()}


def _copied_value(value: Value) -> Value:
    if isinstance(value, dict):
        return copied(value)
    if isinstance(value, list):
        return [_copied_value(element) for element in value]
    if isinstance(value, str):
        return _plain_text(value)
    return value


def _plain_text(text: str) -> str:
    """A member of a StrEnum is stored as the text it stands for."""
    return str.__str__(text)


def _matches(condition: Equals | OneOf | ShorterThan | AtLeast | AtMost, value: Value) -> bool:
    match condition:
        case Equals():
            return identical(value, condition.value)
        case OneOf():
            return value in condition.values
        case ShorterThan():
            return isinstance(value, list) and len(value) < condition.length
        case AtLeast():
            return _is_number(value) and value >= condition.bound
        case AtMost():
            return _is_number(value) and value <= condition.bound


def _is_number(value: Value) -> TypeGuard[int]:
    """Whether it is an integer, which in Python a boolean is too."""
    return isinstance(value, int) and not isinstance(value, bool)


def _outcome(write: Write, before: Item | None) -> Item | None:
    match write:
        case Put():
            return write.item
        case Update():
            return _updated(write, before)
        case Delete():
            return None
        case Check():
            return before


def _updated(update: Update, before: Item | None) -> Item:
    item: Item = {PARTITION_KEY: update.key.partition, SORT_KEY: update.key.sort} if before is None else dict(before)
    item.update(update.assign)
    for name, amount in update.add.items():
        item[name] = _number(item, name) + amount
    for name, elements in update.append.items():
        item[name] = [*_list(item, name), *elements]
    for name in update.remove:
        item.pop(name, None)
    check_item(item)
    return item


def _number(item: Item, name: str) -> int:
    value = item.get(name, 0)
    if not _is_number(value):
        raise InvalidWriteError(f"{name}: is no number to add to")
    return value


def _list(item: Item, name: str) -> list[Value]:
    value = item.get(name, [])
    if not isinstance(value, list):
        raise InvalidWriteError(f"{name}: is no list to append to")
    return value
