"""Pages of an engine's query as pages of domain values."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec.structs import replace

from quantleap.adapters.store.seam import Engine, InvalidReadError, Item, Query
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.paging import NOT_A_POSITION, Page, PageRequest

T = TypeVar("T")


def one_page(engine: Engine, query: Query, page: PageRequest, read: Callable[[Item], T]) -> Page[T]:
    """The page that was asked for. Raises InvalidInputError for a position that is not one of this list."""
    return matching_page(engine, query, page, lambda _: True, read)


def matching_page(
    engine: Engine, query: Query, page: PageRequest, keep: Callable[[Item], bool], read: Callable[[Item], T]
) -> Page[T]:
    """A page of the items to keep. Raises InvalidInputError for a position that is not one of this list.

    Each query asks for what is still missing, so that a full page ends at an item that is kept: its position never
    names one that was passed over.
    """
    kept: list[Item] = []
    after = page.after
    while True:
        try:
            found = engine.query(replace(query, limit=page.limit - len(kept), after=after))
        except InvalidReadError as error:
            raise InvalidInputError("after", NOT_A_POSITION) from error
        kept += filter(keep, found.items)
        after = found.next
        if after is None or len(kept) == page.limit:
            return Page(tuple(map(read, kept)), after)


def walled_page(
    engine: Engine, query: Query, page: PageRequest, keep: Callable[[Item], bool], read: Callable[[Item], T]
) -> Page[T]:
    """A `matching_page` for whoever may not learn that there are others: the last one where nothing to keep follows.

    That is read on for where more follows of whatever kind: usually one query more.
    """
    found = matching_page(engine, query, page, keep, read)
    if found.next is None or any(map(keep, every_item(engine, replace(query, after=found.next)))):
        return found
    return Page(found.entries, None)


def every_item(engine: Engine, query: Query) -> Iterator[Item]:
    """All items of a query, in pages as large as the engine reads at once, one of them in memory at a time."""
    page = engine.query(query)
    yield from page.items
    while page.next is not None:
        page = engine.query(replace(query, after=page.next))
        yield from page.items
