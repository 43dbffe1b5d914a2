"""Write docs/table.md, the table as an operator meets it, from the store's own description.

python -m tools.table_page    writes it anew, after a change to table.py, entities.py or access_patterns/
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from quantleap.adapters.store import seam, table
from quantleap.adapters.store.access_patterns import ACCESS_PATTERNS, GROUPS
from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.engines.sqlite_statements import EXPIRY_INDEX
from quantleap.adapters.store.entities import ENTITIES, PARTS, Entity
from quantleap.adapters.store.table import INDEXES, PARTITION_KEY, SORT_KEY, Index

PAGE = Path(__file__).parents[1] / "docs" / "table.md"

_INTRODUCTION = f"""\
# The table

<!-- Written by `python -m tools.table_page` from src/quantleap/adapters/store. Edit that, not this. -->

quantleap keeps all its data in one table, whichever store holds it: in DynamoDB it is called `{table.TABLE_NAME}`
unless the store's URL names another; a SQLite file and the store in memory hold the same items under the same keys.

An item has two keys. Its partition key, the attribute `{PARTITION_KEY}`, says whose it is; its sort key, the attribute
`{SORT_KEY}`, says what it is among the others of that partition. So a user's subscriptions, markers and allocations
stand side by side, and a partner's record beside its list of keys. `entity_type` names the kind of an item. What must
be found by something else than these two keys is found through an index: a copy of part of the table under other keys,
which holds only the items that have both of them.

To find an item by hand, look up its kind below, fill in the parts in braces, and get the item at these two keys."""

_ENTITIES = """\
Test-mode data stands apart under `TEST#`, in the table and in every index, so that no query mixes the modes. Templates,
their strategies and schedules are shared by both. A key takes no prefix where it names its mode already (a partner's
id, an API key), or what exists in one mode only (a transaction)."""

_INDEXES = """\
An index follows the table within moments, so nothing is decided by it: what must not be stale is read from the item
itself, or stands in the condition of a write."""

_ACCESS_PATTERNS = f"""\
Use cases are named as the library shows them: `subscriptions.pause` is `app.subscriptions.pause`. The last column is
how many requests one call sends, repeats after a conflict or throttling aside. A consistent read costs twice what
another does, and so does a write in a transaction. No `{Operation.SCAN}` serves a user: only verifying and recounting
read everything."""

_EXPIRING = ", ".join(f"`{entity.name}`" for entity in ENTITIES if entity.expires)
_NOT_TOLD = ", ".join(map("`{}`".format, table.NOT_TOLD))

_EXPIRY_AND_FEED = f"""\
## Expiry

In DynamoDB time to live is turned on for the attribute `{table.TTL_ATTRIBUTE}`: the second (Unix time) after which an
item may be dropped, at once or days later: whoever reads one that is past counts it as absent. In the other stores such
items stay until `tidying.sweep` removes them, which `quantleap serve --workers` calls once a minute; a SQLite file has
an index of its own for it, `{EXPIRY_INDEX}`. What carries it: {_EXPIRING}.

## Change feed

The stream carries `{table.STREAM_VIEW}`: each change with the item before and after it. DynamoDB keeps it for 24 hours
(source: Amazon DynamoDB, Change data capture for DynamoDB Streams). Kinds that nobody follows are passed over there by
whoever reads it, and the other stores never keep their changes: {_NOT_TOLD}.

The counters follow it; where they stood still for longer, whoever follows next makes them anew from the subscriptions.
The audit trail follows it too; where it stood still for longer it tells of the gap (`audit.gap`) and goes on."""


def page() -> str:
    """The whole page."""
    return "\n\n".join((_INTRODUCTION, *_entities(), *_indexes(), *_patterns(), _EXPIRY_AND_FEED, *_limits())) + "\n"


def _entities() -> Iterator[str]:
    yield "## Entities"
    yield _ENTITIES
    yield _rows(
        ("`entity_type`", _code(PARTITION_KEY), _code(SORT_KEY), "what it is", "keys of indexes", "apart in test mode"),
        (
            (
                _code(entity.name),
                _code(entity.partition),
                _code(entity.sort),
                entity.meaning,
                _lines(_index_keys(entity)),
                "yes" if entity.is_apart_in_test_mode else "no",
            )
            for entity in ENTITIES
        ),
    )
    yield "The parts in braces:"
    yield _rows(("part", "what it is"), ((_code(f"{{{part}}}"), meaning) for part, meaning in PARTS.items()))


def _index_keys(entity: Entity) -> Iterator[str]:
    for key in entity.index_keys:
        only = "" if key.only is None else f" ({key.only})"
        yield f"{_code(key.attribute)} = {_code(key.pattern)}{only}"


def _indexes() -> Iterator[str]:
    yield "## Indexes"
    yield _INDEXES
    yield _rows(
        ("index", "partition key", "sort key", "holds", "includes", "serves"),
        (
            (
                _code(index.name),
                _code(index.partition),
                _code(index.sort) + (" (a number)" if index.numeric_sort else ""),
                _lines(_held(entity, index) for entity in ENTITIES if index in entity.indexes()),
                "the whole item" if index.include is None else f"{len(index.include)} attributes",
                _lines(pattern.name for pattern in ACCESS_PATTERNS if pattern.index == index),
            )
            for index in INDEXES
        ),
    )
    yield "Beside its own keys and the table's an index includes:"
    yield "\n".join(_included(index) for index in INDEXES)


def _held(entity: Entity, index: Index) -> str:
    only = [key.only for key in entity.index_keys if key.attribute in (index.partition, index.sort) and key.only]
    return f"{_code(entity.name)}, {' and '.join(only)}" if only else _code(entity.name)


def _included(index: Index) -> str:
    if index.include is None:
        return f"- {_code(index.name)}: every attribute."
    return f"- {_code(index.name)}: {', '.join(map(_code, index.include))}."


def _patterns() -> Iterator[str]:
    yield "## Access patterns"
    yield _ACCESS_PATTERNS
    for title, patterns in GROUPS.items():
        yield f"### {title}"
        yield _rows(
            ("what for", "request", "items", "of", "key condition", "used by", "requests"), map(_pattern, patterns)
        )


def _pattern(pattern: AccessPattern) -> Iterator[str]:
    yield pattern.name
    yield _code(pattern.operation) + (", consistent" if pattern.consistent else "")
    yield _touched(pattern)
    yield _where(pattern)
    yield _condition(pattern)
    yield _lines(map(_code, pattern.used_by)) or "no use case: an operator's own look"
    yield pattern.requests


def _touched(pattern: AccessPattern) -> str:
    names = _names(pattern.entities)
    left_out = [entity for entity in ENTITIES if entity not in pattern.at_times]
    if not left_out:
        return f"{names}; at times any other" if names else "any"
    if pattern.operation is Operation.READ_STREAM:
        return f"any but {_names(left_out)}"
    if not names:
        return f"at times {_names(pattern.at_times)}"
    return f"{names}; at times {_names(pattern.at_times)}" if pattern.at_times else names


def _where(pattern: AccessPattern) -> str:
    if pattern.operation is Operation.READ_STREAM:
        return "the change feed"
    return "the table" if pattern.index is None else _code(pattern.index.name)


def _condition(pattern: AccessPattern) -> str:
    if pattern.operation is Operation.QUERY:
        return _lines(map(_code, pattern.key_condition))
    if pattern.operation is Operation.EXPIRE:
        return f"{_code(table.TTL_ATTRIBUTE)} of now or before"
    return "none" if pattern.operation in (Operation.SCAN, Operation.READ_STREAM) else "the items' keys"


def _limits() -> Iterator[str]:
    yield "## Limits"
    yield "Kept in every store, so that what one takes each takes. They are DynamoDB's unless another source is named."
    yield _rows(
        ("what", "at most"),
        (
            ("an item", f"{seam.MAX_ITEM_BYTES // 1024} KB"),
            ("writes of one transaction", str(seam.MAX_TRANSACTION_WRITES)),
            ("items that one transaction leaves behind", f"{seam.MAX_TRANSACTION_BYTES // 1024**2} MB together"),
            ("keys of one batch of reads", str(seam.MAX_READ_KEYS)),
            ("a partition key", f"{seam.MAX_PARTITION_BYTES} bytes"),
            ("a sort key", f"{seam.MAX_SORT_BYTES} bytes"),
            ("lists and maps inside one another", f"{seam.MAX_DEPTH}"),
            ("an integer", f"{seam.MAX_INTEGER} (SQLite's)"),
            ("indexes", f"{table.MAX_INDEXES} ({len(INDEXES)} are used)"),
            ("attributes that one index includes", str(table.MAX_INCLUDED_BY_AN_INDEX)),
            ("attributes that all include together", f"{table.MAX_INCLUDED} ({_included_in_all()} are used)"),
        ),
    )


def _included_in_all() -> int:
    return sum(len(index.include or ()) for index in INDEXES)


def _code(text: str) -> str:
    return f"`{text}`"


def _names(entities: Iterable[Entity]) -> str:
    return ", ".join(_code(entity.name) for entity in entities)


def _lines(texts: Iterable[str]) -> str:
    return "<br>".join(texts)


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = tuple(head)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (titles, ["---"] * len(titles), *rows))


def main() -> None:
    """Replace the page."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
