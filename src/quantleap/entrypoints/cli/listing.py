"""Gathers a list page by page, up to a limit, and says whether and where it was cut."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from attrs import frozen

from quantleap.domain.paging import MAX_PAGE, ListPage, ListRequest
from quantleap.entrypoints.cli.output.views import Line, Tone

T = TypeVar("T")


@frozen
class Listing(Generic[T]):
    """At most `limit` entries, and the cursor of those after them (None: there are no more)."""

    entries: tuple[T, ...]
    limit: int
    next_cursor: str | None

    def end_document(self) -> dict[str, Any]:
        """How the list ends, as JSON."""
        return {"limit": self.limit, "has_more": self.next_cursor is not None, "next_cursor": self.next_cursor}

    def cut_note(self, what: str) -> list[Line]:
        """Says that the list was cut and how to see more; nothing when it is whole."""
        if self.next_cursor is None:
            return []
        more = "see more with --limit, or go on with --cursor and the next_cursor that --json shows"
        return [Line(f"Only {self.limit} {what} are shown; {more}.", Tone.NOTE)]


def gather(pages: Callable[[ListRequest], ListPage[T]], limit: int, cursor: str | None = None) -> Listing[T]:
    """Entries of a list, from its beginning or from the cursor on. Raises InvalidInputError for no cursor of it."""
    page = pages(ListRequest(min(limit, MAX_PAGE), cursor))
    entries = list(page.entries)
    while page.next_cursor is not None and len(entries) < limit:
        page = pages(ListRequest(min(limit - len(entries), MAX_PAGE), page.next_cursor))
        entries += page.entries
    return Listing(tuple(entries), limit, page.next_cursor if _leads_on(pages, page.next_cursor) else None)


def _leads_on(pages: Callable[[ListRequest], ListPage[T]], cursor: str | None) -> bool:
    """Whether an entry follows: a list that is filtered while it is read cannot always tell before."""
    while cursor is not None:
        page = pages(ListRequest(1, cursor))
        if page.entries:
            return True
        cursor = page.next_cursor
    return False
