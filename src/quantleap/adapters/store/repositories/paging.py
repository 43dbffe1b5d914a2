"""Pages of an engine's query as pages of domain values."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from attrs import evolve

from quantleap.adapters.store.seam import Engine, Item, Query
from quantleap.domain.paging import Page, PageRequest

T = TypeVar("T")


def one_page(engine: Engine, query: Query, page: PageRequest, read: Callable[[Item], T]) -> Page[T]:
    """The page that was asked for."""
    found = engine.query(evolve(query, limit=page.limit, after=page.after))
    return Page(tuple(read(item) for item in found.items), found.next)


def every_item(engine: Engine, query: Query) -> Iterator[Item]:
    """All items of a query, one page in memory at a time."""
    page = engine.query(query)
    yield from page.items
    while page.next is not None:
        page = engine.query(evolve(query, after=page.next))
        yield from page.items
