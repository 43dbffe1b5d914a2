"""The SQL of the SQLite engine, derived from the table's one description. Values are bound, never spliced."""

from quantleap.adapters.store.engines.pages import key_attributes
from quantleap.adapters.store.seam import Query
from quantleap.adapters.store.table import INDEXES, PARTITION_KEY, SORT_KEY, Index

# ruff: noqa: S608 - what is spliced are the names of the table's description; every value is bound.

CREATE_TABLES = (
    f"""CREATE TABLE items (
        {PARTITION_KEY} TEXT NOT NULL, {SORT_KEY} TEXT NOT NULL, item TEXT NOT NULL,
        PRIMARY KEY ({PARTITION_KEY}, {SORT_KEY})
    ) WITHOUT ROWID""",
    f"""CREATE TABLE changes (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        {PARTITION_KEY} TEXT NOT NULL, {SORT_KEY} TEXT NOT NULL, old TEXT, new TEXT
    )""",
)
"""An item is JSON text; so are its images in the outbox, whose positions are never used twice."""

GET_ITEM = f"SELECT item FROM items WHERE {PARTITION_KEY} = ? AND {SORT_KEY} = ?"
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
GET_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'items' AND sql IS NOT NULL"

_Part = tuple[str, list[str | int]]
"""A piece of a WHERE clause, with what is bound in it."""


def create_indexes() -> dict[str, str]:
    """The statement that makes each index of the description, by the index's name."""
    return {index.name: _create_index(index) for index in INDEXES}


def _create_index(index: Index) -> str:
    """An index over the items' JSON, of the items that have both key attributes and in the order a query reads them."""
    partition, sort = _expression(index.partition), _expression(index.sort)
    columns = ", ".join((partition, sort, *_tie_columns(index.partition)))
    return f'CREATE INDEX "{index.name}" ON items ({columns}) WHERE {partition} IS NOT NULL AND {sort} IS NOT NULL'


def drop_index(name: str) -> str:
    """Drop an index that the table's description has no longer, or has otherwise."""
    quoted = name.replace('"', '""')
    return f'DROP INDEX "{quoted}"'


def page_statements(query: Query) -> list[_Part]:
    """What to run, in turn, for a page; each takes the number of items still wanted as its last value.

    Behind a position of an index there are two ranges: what ties with it, and what comes later. Asked for both in one
    statement, SQLite would read the ties from their first at every page.
    """
    partition, sort = map(_expression, key_attributes(query.index))
    # The table's key parts items of equal sort key; in the table itself no two are equal.
    ties = [] if query.index is None else _tie_columns(partition)
    low, high = _low(query), _high(query)
    if query.after is None:
        return [_page(query, [low, high], [sort, *ties])]
    position = query.after[key_attributes(query.index)[1]]
    beyond: _Part = (f"{sort} {_past(query)} ?", [position])
    later = _page(query, [low, beyond] if query.descending else [beyond, high], [sort, *ties])
    if not ties:
        return [later]
    marks = ", ".join("?" for _ in ties)
    tied: _Part = (f"{sort} = ?", [position])
    rest: _Part = (f"({', '.join(ties)}) {_past(query)} ({marks})", [query.after[column] for column in ties])
    return [_page(query, [tied, rest], ties), later]


def _page(query: Query, parts: list[_Part | None], order: list[str]) -> _Part:
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
