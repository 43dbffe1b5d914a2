"""Gathers a list page by page, up to a limit, and says whether it was cut."""

from collections.abc import Callable
from typing import Generic, TypeVar

from attrs import frozen

from quantleap.domain.paging import MAX_PAGE, Page, PageRequest
from quantleap.entrypoints.cli.output.views import Line, Tone

T = TypeVar("T")


@frozen
class Listing(Generic[T]):
    """At most `limit` entries, and whether there are more."""

    entries: tuple[T, ...]
    limit: int
    has_more: bool

    def cut_note(self, what: str) -> list[Line]:
        """Says that the list was cut and how to see more; nothing when it is whole."""
        if not self.has_more:
            return []
        return [Line(f"Only the first {self.limit} {what} are shown; see more with --limit.", Tone.NOTE)]


def gather(pages: Callable[[PageRequest], Page[T]], limit: int) -> Listing[T]:
    """The first entries of a list. One more than the limit is asked for, to know whether it was cut."""
    wanted = limit + 1
    page = pages(PageRequest(min(wanted, MAX_PAGE)))
    entries = list(page.entries)
    while page.next is not None and len(entries) < wanted:
        page = pages(PageRequest(min(wanted - len(entries), MAX_PAGE), page.next))
        entries += page.entries
    return Listing(tuple(entries[:limit]), limit, len(entries) > limit)
