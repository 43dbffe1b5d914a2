"""The change feed of an engine as facts of the domain."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from quantleap.adapters.store.seam import Change, Engine, InvalidReadError
from quantleap.domain.errors import InvalidInputError
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.feed import FeedBatch

T = TypeVar("T")


def read_feed(engine: Engine, after: str | None, limit: int, facts_of: Callable[[Change], Iterable[T]]) -> FeedBatch[T]:
    """The facts among the next changes. A change of which `facts_of` raises CorruptDataError is passed over, and told.

    Raises InvalidInputError for a position that the feed never gave, FeedTrimmedError.
    """
    try:
        batch = engine.changes(after, limit=limit)
    except InvalidReadError as error:
        raise InvalidInputError("after", "is not a position of the feed") from error
    facts: list[T] = []
    unreadable: list[CorruptDataError] = []
    for change in batch.changes:
        try:
            facts += facts_of(change)
        except CorruptDataError as error:
            unreadable.append(error)
    return FeedBatch(tuple(facts), tuple(unreadable), batch.position, batch.is_last)
