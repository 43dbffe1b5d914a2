"""The SQL of the SQLite engine, derived from the table's one description. Values are bound, never spliced."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from quantleap.adapters.store.engines.pages import key_attributes
from quantleap.adapters.store.seam import Query
from quantleap.adapters.store.table import INDEXES, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE, Index

# ruff: noqa: S608 - what is spliced are the names of the table's description; every value is bound.

PUT_ITEM = f"INSERT OR REPLACE INTO items ({PARTITION_KEY}, {SORT_KEY}, item) VALUES (?, ?, ?)"
DELETE_ITEM = f"DELETE FROM items WHERE {PARTITION_KEY} = ? AND {SORT_KEY} = ?"
SCAN_ALL = f"SELECT item FROM items ORDER BY {PARTITION_KEY}, {SORT_KEY} LIMIT ?"
SCAN_AFTER = (
    f"SELECT item FROM items WHERE ({PARTITION_KEY}, {SORT_KEY}) > (?, ?) ORDER BY {PARTITION_KEY}, {SORT_KEY} LIMIT ?"
)
ADD_CHANGE = f"INSERT INTO changes ({PARTITION_KEY}, {SORT_KEY}, old, new) VALUES (?, ?, ?, ?)"
GET_CHANGES = (
    f"SELECT position, {PARTITION_KEY}, {SORT_KEY}, old, new FROM changes WHERE position > ? ORDER BY position LIMIT ?"
)
GET_FEED_ENDS = "SELECT (SELECT min(position) FROM changes), (SELECT seq FROM sqlite_sequence WHERE name = 'changes')"
"""The oldest change kept (None: there is none) and the newest ever written (None: none was)."""

TRIM_CHANGES = "DELETE FROM changes WHERE position <= ? AND position < (SELECT min(position) FROM changes) + ?"
"""Drop what is not kept, but no more than so many at once: no write pays for all of a long backlog."""

GET_COLUMNS = """SELECT "table".name, "column".name, "column".type, "column"."notnull", "column".pk
    FROM sqlite_master AS "table" JOIN pragma_table_info("table".name) AS "column" WHERE "table".type = 'table'"""
GET_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'items' AND sql IS NOT NULL"

_Part = tuple[str, list[str | int]]
"""A piece of a WHERE clause, with what is bound in it."""


@contextmanager
def write_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """What is read and written inside is all committed at its end, or by any exception none of it."""
    # Locked before the first read: what is read inside cannot change until the commit.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        connection.rollback()


@cache
def get_items(count: int) -> str:
    """Items at so many keys, each with its key. A join, for SQLite reads the whole table for pairs behind an IN."""
    pairs = ", ".join(["(?, ?)"] * count)
    return (
        f"WITH wanted (of_partition, of_sort) AS (VALUES {pairs}) SELECT {PARTITION_KEY}, {SORT_KEY}, item "
        f"FROM wanted CROSS JOIN items ON {PARTITION_KEY} = of_partition AND {SORT_KEY} = of_sort"
    )


EXPIRY_INDEX = "Expiry"
"""An index of SQLite alone, of the items that expire, in the order in which they do."""


def create_indexes() -> dict[str, str]:
    """The statement that makes each index of the description, and that of expiry, by the index's name."""
    return {**{index.name: _create_index(index) for index in INDEXES}, EXPIRY_INDEX: _create_expiry_index()}


def _create_index(index: Index) -> str:
    """An index over the items' JSON, of the items that have both key attributes and in the order a query reads them."""
    partition, sort = _expression(index.partition), _expression(index.sort)
    columns = ", ".join((partition, sort, *_tie_columns(index.partition)))
    return f'CREATE INDEX "{index.name}" ON items ({columns}) WHERE {partition} IS NOT NULL AND {sort} IS NOT NULL'


def _create_expiry_index() -> str:
    columns, condition = _expiry_parts()
    return f'CREATE INDEX "{EXPIRY_INDEX}" ON items ({columns}) WHERE {condition}'


def get_expired() -> str:
    """Items that expire at a second at the latest, with their keys: so many, the earliest first."""
    columns, condition = _expiry_parts()
    return (
        f'SELECT {PARTITION_KEY}, {SORT_KEY}, item FROM items INDEXED BY "{EXPIRY_INDEX}" '
        f"WHERE {condition} AND {_expression(TTL_ATTRIBUTE)} <= ? ORDER BY {columns} LIMIT ?"
    )


def _expiry_parts() -> tuple[str, str]:
    """The order of expiry, and what holds of the items that expire: the attribute is a number."""
    columns = ", ".join((_expression(TTL_ATTRIBUTE), PARTITION_KEY, SORT_KEY))
    return columns, f"json_type(item, '$.\"{TTL_ATTRIBUTE}\"') = 'integer'"


def drop_index(name: str) -> str:
    """Drop an index that the table's description has no longer, or has otherwise."""
    quoted = name.replace('"', '""')
    return f'DROP INDEX "{quoted}"'


def page_statement(query: Query, limit: int) -> _Part:
    """What to run for a page of so many items: they are among what it gives, which may be up to twice as many.

    Behind a position of an index there are two ranges: what ties with it, and what comes later. Asked for both by one
    comparison, SQLite would read the ties from their first at every page. Each range comes in its order; the order of
    the two is not promised.
    """
    ranges = _ranges(query)
    if len(ranges) == 1:
        statement, values = ranges[0]
        return statement, [*values, limit]
    both = " UNION ALL ".join(f"SELECT * FROM ({statement})" for statement, _ in ranges)
    return both, [value for _, values in ranges for value in (*values, limit)]


def _ranges(query: Query) -> list[_Part]:
    """The ranges a page is read from; each takes the number of items wanted as its last value."""
    partition, sort = map(_expression, key_attributes(query.index))
    # The table's key parts items of equal sort key; in the table itself no two are equal.
    ties = [] if query.index is None else _tie_columns(partition)
    low, high = _low(query), _high(query)
    if query.after is None:
        return [_range(query, [low, high], [sort, *ties])]
    position = query.after[key_attributes(query.index)[1]]
    beyond: _Part = (f"{sort} {_past(query)} ?", [position])
    later = _range(query, [low, beyond] if query.descending else [beyond, high], [sort, *ties])
    if not ties:
        return [later]
    marks = ", ".join("?" for _ in ties)
    tied: _Part = (f"{sort} = ?", [position])
    rest: _Part = (f"({', '.join(ties)}) {_past(query)} ({marks})", [query.after[column] for column in ties])
    return [_range(query, [tied, rest], ties), later]


def _range(query: Query, parts: list[_Part | None], order: list[str]) -> _Part:
    partition, sort = map(_expression, key_attributes(query.index))
    # A query that its index cannot serve fails by INDEXED BY; it never reads the whole table.
    source = "items" if query.index is None else f'items INDEXED BY "{query.index}"'
    where = [f"{partition} = ?", f"{partition} IS NOT NULL", f"{sort} IS NOT NULL"]
    values: list[str | int] = [query.partition]
    for clause, bound in filter(None, parts):
        where.append(clause)
        values += bound
    ordered = ", ".join(f"{column} {'DESC' if query.descending else 'ASC'}" for column in order)
    return f"SELECT item FROM {source} WHERE {' AND '.join(where)} ORDER BY {ordered} LIMIT ?", values


def _past(query: Query) -> str:
    """The comparison true of what comes after a position."""
    return "<" if query.descending else ">"


def _low(query: Query) -> _Part | None:
    sort = _expression(key_attributes(query.index)[1])
    if query.between is not None:
        return f"{sort} >= ?", [query.between[0]]
    return None if query.begins_with is None else (f"{sort} >= ?", [query.begins_with])


def _high(query: Query) -> _Part | None:
    sort = _expression(key_attributes(query.index)[1])
    if query.between is not None:
        return f"{sort} <= ?", [query.between[1]]
    end = None if query.begins_with is None else _past_prefix(query.begins_with)
    return None if end is None else (f"{sort} < ?", [end])


def _past_prefix(prefix: str) -> str | None:
    """The least text after all that begin with the prefix (None: there is none), in order of code points."""
    shortened = prefix.rstrip("\U0010ffff")
    if not shortened:
        return None
    # No text holds a surrogate, so U+E000 follows U+D7FF.
    following = "\ue000" if shortened[-1] == "\ud7ff" else chr(ord(shortened[-1]) + 1)
    return shortened[:-1] + following


def _tie_columns(partition: str) -> list[str]:
    """The table's keys that part two items of equal sort key."""
    return [column for column in (PARTITION_KEY, SORT_KEY) if column != partition]


def _expression(attribute: str) -> str:
    if attribute in (PARTITION_KEY, SORT_KEY):
        return attribute
    return f"json_extract(item, '$.\"{attribute}\"')"
