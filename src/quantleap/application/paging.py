"""The one way by which lists leave the use cases: read by position, walked by cursor."""

from collections.abc import Callable
from typing import Generic, TypeAlias, TypeVar

from attrs import frozen

from quantleap.domain.canonical import canonical_json
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.paging import MAX_PAGE, NOT_A_POSITION, Bookmark, ListPage, ListRequest, Page, PageRequest
from quantleap.domain.principals import Principal, caller_of, mode_of
from quantleap.ports.cursors import Cursors

T = TypeVar("T")

ListKey: TypeAlias = tuple[str | bool | None, ...]
"""A list's own name, then every parameter that decides what is in it: all but the limit."""


class Paging:
    """Turns cursors into positions and back. A cursor is good for the list and the principal it was given to alone."""

    def __init__(self, cursors: Cursors) -> None:
        self._cursors = cursors

    def page(
        self,
        by: Principal,
        request: ListRequest,
        of: ListKey,
        read: Callable[[PageRequest], Page[T]],
        *,
        count: Callable[[], int] | None = None,
        may_be_short: bool = False,
    ) -> ListPage[T]:
        """The page that is asked for, full unless it is the last; what an offset leaves out is read.

        `count` is a cheaper way than reading to tell how many there are in all, and may be seconds behind. A page that
        `may_be_short` ends where a page that `read` gave did, however short. Raises InvalidInputError, and whatever
        `read` raises.
        """
        context = canonical_json([*caller_of(by), mode_of(by), of]).encode()
        after = None if request.cursor is None else self._cursors.open(request.cursor, context)
        try:
            walk = _walked(read, request, after, may_be_short=may_be_short)
            total = _total(read, request, walk, count) if request.with_total else None
        except InvalidInputError as refusal:
            if refusal.field != "after":
                raise
            # Sealed here, and no position any more: the owner of the templates or an index's keys are others now.
            raise InvalidInputError("cursor", NOT_A_POSITION) from refusal
        return ListPage(walk.entries, None if walk.next is None else self._cursors.seal(walk.next, context), total)


@frozen
class _Walk(Generic[T]):
    """The entries from the offset on, how many were read with those before it, and where reading ended."""

    entries: tuple[T, ...]
    read: int
    next: Bookmark | None


def _walked(
    read: Callable[[PageRequest], Page[T]], request: ListRequest, after: Bookmark | None, *, may_be_short: bool
) -> _Walk[T]:
    """As many pages as it takes: callers who count by offset lose what a short page would leave out."""
    entries: list[T] = []
    offset, seen = request.offset, 0
    wanted = offset + request.limit
    while seen < wanted:
        asked = min(MAX_PAGE, wanted - seen)
        found = read(PageRequest(asked, after))
        entries += found.entries[max(0, offset - seen) :]
        seen, after = seen + len(found.entries), found.next
        if after is None or (may_be_short and len(found.entries) < asked and seen >= offset):
            break
    return _Walk(tuple(entries), seen, after)


def _total(
    read: Callable[[PageRequest], Page[T]], request: ListRequest, walk: _Walk[T], count: Callable[[], int] | None
) -> int:
    """How many there are; a list that was read from its beginning to its end needs no counting."""
    is_from_the_beginning = request.cursor is None
    if is_from_the_beginning and walk.next is None:
        return walk.read
    if count is not None:
        return max(count(), walk.read if walk.next is None else walk.read + 1)
    return _counted(read, walk.next) + walk.read if is_from_the_beginning else _counted(read, None)


def _counted(read: Callable[[PageRequest], Page[T]], after: Bookmark | None) -> int:
    """How many follow."""
    counted = 0
    while True:
        found = read(PageRequest(MAX_PAGE, after))
        counted, after = counted + len(found.entries), found.next
        if after is None:
            return counted
