"""The feed of an engine that counts its changes from 1 without a gap: which are kept, and where reading goes on."""

from quantleap.adapters.store.seam import MAX_INTEGER, InvalidReadError
from quantleap.ports.errors import FeedTrimmedError

KEEP_CHANGES = 100_000
"""How many of the newest changes an engine keeps, unless it is told otherwise."""


def trim_step(keep: int) -> int:
    """Old changes are dropped once in so many writes, so that up to so many more than `keep` are there."""
    return max(1, keep // 100)


def due_trim(position: int, keep: int) -> int:
    """The last change to drop when the one at `position` is written; none is due where it is less than 1."""
    return position - keep if position % trim_step(keep) == 0 else 0


def feed_position(position: str | None) -> int | None:
    """The number of the last change seen, as a position says it. Raises InvalidReadError."""
    if position is None:
        return None
    if not (position.isascii() and position.isdigit() and len(position) < len(str(MAX_INTEGER))):
        raise InvalidReadError("the position is not one of this feed")
    return int(position)


def reads_on_from(seen: int | None, *, oldest: int, newest: int) -> int:
    """The number after which reading goes on, where changes `oldest` to `newest` are kept (none: newest + 1 to newest).

    Raises FeedTrimmedError where some of what follows is gone, and where the feed ends before what was seen: then the
    store is an older copy of itself, and what followed it knows of changes that are no more.
    """
    if seen is None:
        return oldest - 1
    if seen < oldest - 1:
        raise FeedTrimmedError(f"changes {seen + 1} to {oldest - 1} are no longer kept")
    if seen > newest:
        raise FeedTrimmedError(
            f"it ends at change {newest}, before the last one seen, {seen}: the store is an older copy"
        )
    return seen
