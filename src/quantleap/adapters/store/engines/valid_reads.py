"""Reads no engine answers: refused the same everywhere, before anything is read."""

from collections.abc import Sequence

from quantleap.adapters.store.engines.pages import key_attributes, position_attributes
from quantleap.adapters.store.engines.valid_writes import check_key
from quantleap.adapters.store.seam import (
    MAX_INTEGER,
    MAX_READ_KEYS,
    InvalidReadError,
    InvalidWriteError,
    Key,
    Position,
    Query,
)
from quantleap.adapters.store.table import INDEX_BY_NAME, PARTITION_KEY, SORT_KEY

MAX_LIMIT = 2**31 - 1
"""Source: DynamoDB, `Limit` is an integer of 32 bits."""


def check_keys(keys: Sequence[Key]) -> None:
    """Refuse by InvalidReadError keys that cannot be read in one call."""
    if len(keys) > MAX_READ_KEYS:
        raise InvalidReadError(f"at most {MAX_READ_KEYS} keys are read at once, not {len(keys)}")
    if len(set(keys)) < len(keys):
        raise InvalidReadError("a key is asked for at most once")
    for key in keys:
        try:
            check_key(key)
        except InvalidWriteError as error:
            raise InvalidReadError(str(error)) from None


def check_query(query: Query) -> None:
    """Refuse by InvalidReadError a query that means nothing."""
    if query.limit is not None:
        check_limit(query.limit)
    if query.index is not None:
        _check_index(query.index, consistent=query.consistent)
    _check_text(query.partition, "partition")
    _check_bounds(query)
    if query.after is not None:
        _check_position(query, query.after)


def check_scan(after: Position | None, limit: int) -> None:
    """Refuse by InvalidReadError a scan that means nothing."""
    check_limit(limit)
    if after is not None:
        if after.keys() != position_attributes(None):
            raise InvalidReadError("the position is not one of a scan")
        for name, value in after.items():
            _check_text(value, name)


def check_limit(limit: int) -> None:
    """Refuse by InvalidReadError a page of no items."""
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidReadError(f"a page has at least 1 item, not {limit}")


def _check_index(name: str, *, consistent: bool) -> None:
    if name not in INDEX_BY_NAME:
        raise InvalidReadError(f"there is no index {name}")
    if consistent:
        raise InvalidReadError("an index cannot be read consistently")


def _check_bounds(query: Query) -> None:
    if query.begins_with is not None:
        if query.between is not None:
            raise InvalidReadError("a query has begins_with or between, not both")
        if _sorts_by_number(query.index):
            raise InvalidReadError("a number begins with nothing")
        _check_text(query.begins_with, "begins_with")
    if query.between is not None:
        low, high = query.between
        _check_sort(query.index, low, "between")
        _check_sort(query.index, high, "between")
        if not _in_order(low, high):
            raise InvalidReadError("between gives its lower bound first")


def _check_position(query: Query, after: Position) -> None:
    partition, sort = key_attributes(query.index)
    if after.keys() != position_attributes(query.index) or after[partition] != query.partition:
        raise InvalidReadError("the position is not one of this query")
    _check_text(after[PARTITION_KEY], PARTITION_KEY)
    _check_text(after[SORT_KEY], SORT_KEY)
    _check_sort(query.index, after[sort], sort)
    if not _within(query, after[sort]):
        raise InvalidReadError("the position is outside the query's bounds")


def _within(query: Query, sort: str | int) -> bool:
    if query.begins_with is not None:
        return str(sort).startswith(query.begins_with)
    return query.between is None or (_in_order(query.between[0], sort) and _in_order(sort, query.between[1]))


def _in_order(low: str | int, high: str | int) -> bool:
    """Text is compared by code point, which is the order of its UTF-8 bytes."""
    if isinstance(low, int) and isinstance(high, int):
        return low <= high
    return str(low) <= str(high)


def _sorts_by_number(index: str | None) -> bool:
    return index is not None and INDEX_BY_NAME[index].numeric_sort


def _check_sort(index: str | None, value: object, name: str) -> None:
    if not _sorts_by_number(index):
        _check_text(value, name)
    elif isinstance(value, bool) or not isinstance(value, int) or not -MAX_INTEGER - 1 <= value <= MAX_INTEGER:
        raise InvalidReadError(f"{name}: is a number of at most 64 bits in this index")


def _check_text(value: object, name: str) -> None:
    if not isinstance(value, str) or not value:
        raise InvalidReadError(f"{name}: is text that is not empty")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidReadError(f"{name}: holds half of a surrogate pair, which UTF-8 has no form for") from None
