"""Pages of a list."""

from collections.abc import Mapping
from typing import Generic, TypeAlias, TypeVar

from attrs import field, frozen

from quantleap.domain.validation import whole_number

T = TypeVar("T")

Bookmark: TypeAlias = Mapping[str, str | int]
"""Where a page ended: opaque to everyone but the store that made it, good for the same list only (else refused)."""

MAX_PAGE = 1000


@frozen
class PageRequest:
    """At most `limit` (1 to 1000) entries, from the beginning or from where an earlier page ended."""

    limit: int = field(default=100, validator=whole_number(1, MAX_PAGE))
    after: Bookmark | None = None


@frozen
class Page(Generic[T]):
    """Some entries and where to go on (None: there are no more)."""

    entries: tuple[T, ...]
    next: Bookmark | None
