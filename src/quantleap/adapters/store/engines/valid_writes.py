"""Writes no engine takes: refused the same everywhere, before anything is read."""

from collections.abc import Iterable, Mapping, Sequence

from quantleap.adapters.store.seam import (
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_ITEM_BYTES,
    MAX_PARTITION_BYTES,
    MAX_SORT_BYTES,
    MAX_TRANSACTION_BYTES,
    MAX_TRANSACTION_WRITES,
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Check,
    Condition,
    Delete,
    InvalidWriteError,
    Item,
    Key,
    OneOf,
    Put,
    Update,
    Value,
    Write,
)
from quantleap.adapters.store.table import INDEXES, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE

_TEXT_KEYS = {
    **{index.sort: MAX_SORT_BYTES for index in INDEXES if not index.numeric_sort},
    **{index.partition: MAX_PARTITION_BYTES for index in INDEXES},
    SORT_KEY: MAX_SORT_BYTES,
    PARTITION_KEY: MAX_PARTITION_BYTES,
}
"""Key attributes that hold text, of the table and of every index, with the most bytes each may have."""

_NUMBER_KEYS = sorted({index.sort for index in INDEXES if index.numeric_sort})
"""Index key attributes that hold a number."""

_LARGEST_CERTAIN_COUNT = MAX_TRANSACTION_BYTES // MAX_ITEM_BYTES
"""So many items are within a transaction's bytes, whatever their sizes."""


def target(write: Write) -> Key:
    """The key a write is about. Its item must have been checked."""
    if isinstance(write, Put):
        return Key(str(write.item[PARTITION_KEY]), str(write.item[SORT_KEY]))
    return write.key


def check_writes(writes: Sequence[Write]) -> None:
    """Refuse by InvalidWriteError what can never be written, whatever is in the table."""
    if not 1 <= len(writes) <= MAX_TRANSACTION_WRITES:
        raise InvalidWriteError(f"a transaction holds 1 to {MAX_TRANSACTION_WRITES} writes, not {len(writes)}")
    for write in writes:
        _check_write(write)
    if len({target(write) for write in writes}) < len(writes):
        raise InvalidWriteError("a transaction writes a key at most once")
    check_total_size([_certain_part(write) for write in writes])


def check_expiry(at_s: int, limit: int) -> None:
    """Refuse by InvalidWriteError a removal of expired items that means nothing, or is more than a transaction."""
    _check_bound(TTL_ATTRIBUTE, at_s)
    if not 1 <= limit <= MAX_TRANSACTION_WRITES:
        raise InvalidWriteError(f"1 to {MAX_TRANSACTION_WRITES} expired items are removed at once, not {limit}")


def check_item(item: Item) -> None:
    """Refuse by InvalidWriteError an item that may not be stored: its keys, the types of its values, its size."""
    for name in (PARTITION_KEY, SORT_KEY):
        if name not in item:
            raise InvalidWriteError(f"{name}: is missing")
    _check_values(item)
    _check_keys(item)
    _check_size(item)


def check_total_size(items: Sequence[Item | None]) -> None:
    """Refuse by InvalidWriteError items that are together more than one transaction may leave behind."""
    if len(items) <= _LARGEST_CERTAIN_COUNT:
        return
    if sum(item_bytes(item) for item in items if item is not None) > MAX_TRANSACTION_BYTES:
        raise InvalidWriteError(f"a transaction's items have at most {MAX_TRANSACTION_BYTES} bytes together")


def item_bytes(item: Item) -> int:
    """The item's size as DynamoDB counts it: names and text in UTF-8 bytes, numbers by their digits.

    Source: Amazon DynamoDB, item sizes and formats. A number takes a byte for two digits and at most two more.
    """
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Value) -> int:
    match value:
        case None | bool():
            return 1
        case str():
            return len(value.encode())
        case int():
            return (len(str(abs(value))) + 1) // 2 + 2
        case list():
            return 3 + sum(1 + _value_bytes(element) for element in value)
        case dict():
            return 3 + sum(1 + len(name.encode()) + _value_bytes(element) for name, element in value.items())


def check_key(key: Key) -> None:
    """Refuse by InvalidWriteError a key that no item can have."""
    _check_text_key(PARTITION_KEY, key.partition)
    _check_text_key(SORT_KEY, key.sort)


def _check_write(write: Write) -> None:
    if isinstance(write, Put):
        check_item(write.item)
    else:
        check_key(write.key)
    if isinstance(write, Update):
        _check_update(write)
    if write.condition is not None:
        _check_condition(write.condition)


def _check_update(update: Update) -> None:
    names = [*update.assign, *update.add, *update.append, *update.remove]
    if len(set(names)) < len(names):
        raise InvalidWriteError("an update changes an attribute at most once")
    if PARTITION_KEY in names or SORT_KEY in names:
        raise InvalidWriteError("an update does not change a key attribute")
    for name, amount in update.add.items():
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise InvalidWriteError(f"{name}: only a whole number can be added")
    for name, elements in update.append.items():
        if not isinstance(elements, list):
            raise InvalidWriteError(f"{name}: only a list can be appended")
    for values in (update.assign, update.add, update.append, dict.fromkeys(update.remove)):
        _check_values(values)
    # Of what an addition leaves only the type is known: 0 stands for any number.
    _check_keys({**update.assign, **dict.fromkeys(update.add, 0), **update.append})
    _check_size(_certain_part(update))


def _certain_part(write: Write) -> Item:
    """What is sure to be in the item that the write leaves, whatever is there."""
    match write:
        case Put():
            return write.item
        case Update():
            return {PARTITION_KEY: write.key.partition, SORT_KEY: write.key.sort, **write.assign, **write.append}
        case Delete() | Check():
            return {}


def _check_keys(attributes: Mapping[str, Value]) -> None:
    for name in _TEXT_KEYS:
        if name in attributes:
            _check_text_key(name, attributes[name])
    for name in _NUMBER_KEYS:
        if name in attributes and (isinstance(attributes[name], bool) or not isinstance(attributes[name], int)):
            raise InvalidWriteError(f"{name}: is an index's key and holds a number")


def _check_size(item: Item) -> None:
    if item_bytes(item) > MAX_ITEM_BYTES:
        raise InvalidWriteError(f"an item has at most {MAX_ITEM_BYTES} bytes")


def _check_condition(condition: Condition) -> None:
    if isinstance(condition, AllOf | AnyOf):
        if not condition.conditions:
            raise InvalidWriteError("AllOf and AnyOf have at least one part")
        for part in condition.conditions:
            _check_condition(part)
    if isinstance(condition, OneOf) and not condition.values:
        raise InvalidWriteError("OneOf has at least one value")
    if isinstance(condition, AtLeast | AtMost):
        _check_bound(condition.attribute, condition.bound)


def _check_bound(attribute: str, bound: object) -> None:
    if isinstance(bound, bool) or not isinstance(bound, int):
        raise InvalidWriteError(f"{attribute}: the bound of a comparison is a whole number")
    _check_value(bound, attribute, 0)


def _check_values(values: Mapping[str, object], path: str = "", depth: int = 0) -> None:
    for name, value in values.items():
        _check_name(name, path or "item")
        _check_value(value, f"{path}.{name}" if path else name, depth)


def _check_name(name: object, path: str) -> None:
    if not isinstance(name, str) or not name:
        raise InvalidWriteError(f"{path}: an attribute's name is text that is not empty")
    _check_text(name, path)


def _check_value(value: object, path: str, depth: int) -> None:
    match value:
        case None | bool():
            return
        case str():
            _check_text(value, path)
        case int():
            if not -MAX_INTEGER - 1 <= value <= MAX_INTEGER:
                raise InvalidWriteError(f"{path}: an integer has at most 64 bits")
        case list():
            _check_list(value, path, _deeper(path, depth))
        case dict():
            _check_values(value, path, _deeper(path, depth))
        case _:
            raise InvalidWriteError(f"{path}: a {type(value).__name__} cannot be stored")


def _check_list(elements: Iterable[object], path: str, depth: int) -> None:
    for number, element in enumerate(elements):
        _check_value(element, f"{path}[{number}]", depth)


def _deeper(path: str, depth: int) -> int:
    if depth == MAX_DEPTH:
        raise InvalidWriteError(f"{path}: lists and maps are nested at most {MAX_DEPTH} deep")
    return depth + 1


def _check_text(text: str, path: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidWriteError(f"{path}: holds half of a surrogate pair, which UTF-8 has no form for") from None


def _check_text_key(name: str, value: object) -> None:
    if not isinstance(value, str) or not value:
        raise InvalidWriteError(f"{name}: is a key and holds text that is not empty")
    if "\0" in value:
        # SQLite's json_extract ends a text at its first NUL, so an index would confuse two keys.
        raise InvalidWriteError(f"{name}: is a key and holds no NUL")
    _check_text(value, name)
    if len(value.encode()) > _TEXT_KEYS[name]:
        raise InvalidWriteError(f"{name}: is a key of at most {_TEXT_KEYS[name]} bytes")
