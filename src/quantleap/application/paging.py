"""The one way by which lists leave the use cases: read by position, walked by cursor."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from quantleap.domain.canonical import canonical_json
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.paging import NOT_A_POSITION, ListPage, ListRequest, Page, PageRequest
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
        self, by: Principal, request: ListRequest, of: ListKey, read: Callable[[PageRequest], Page[T]]
    ) -> ListPage[T]:
        """The page that is asked for. Raises InvalidInputError, and whatever `read` raises."""
        context = canonical_json([*caller_of(by), mode_of(by), of]).encode()
        after = None if request.cursor is None else self._cursors.open(request.cursor, context)
        try:
            found = read(PageRequest(request.limit, after))
        except InvalidInputError as refusal:
            if refusal.field != "after":
                raise
            # Sealed here, and no position any more: the owner of the templates or an index's keys are others now.
            raise InvalidInputError("cursor", NOT_A_POSITION) from refusal
        return ListPage(found.entries, None if found.next is None else self._cursors.seal(found.next, context))
