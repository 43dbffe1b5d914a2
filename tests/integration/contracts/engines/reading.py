"""Reads a feed to its end, whatever its batches are, and writes values so that they can be compared."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from quantleap.adapters.store.seam import Change, ChangeBatch, Engine, Item, Key


def batches(engine: Engine, after: str | None = None, *, limit: int = 1000) -> Iterator[ChangeBatch]:
    """Every batch after the position, the last one too."""
    while True:
        batch = engine.changes(after, limit=limit)
        assert len(batch.changes) <= limit
        yield batch
        if batch.is_last:
            return
        after = batch.position


def changes(engine: Engine, after: str | None = None, *, limit: int = 1000) -> list[Change]:
    """Every change after the position."""
    return [change for batch in batches(engine, after, limit=limit) for change in batch.changes]


def end_of_feed(engine: Engine, after: str | None = None) -> str | None:
    """The position after the last change."""
    *_, last = batches(engine, after)
    return last.position


def by_key(seen: Sequence[Change]) -> dict[Key, list[tuple[Item | None, Item | None]]]:
    """The images of each item, in the order they came: between items a feed may have any order."""
    images = defaultdict(list)
    for change in seen:
        images[change.key].append((change.old, change.new))
    return dict(images)


def written(value: object) -> str:
    """The value with its types, as `repr` tells 1 from True; the order of a map's attributes says nothing."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name!r}: {written(value[name])}' for name in sorted(value))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return repr(value)
