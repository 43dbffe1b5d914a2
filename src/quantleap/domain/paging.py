"""Pages of a list: by position, as the store gives them, and by cursor, as callers walk them."""

from collections.abc import Mapping
from typing import Generic, TypeAlias, TypeVar

from attrs import field, frozen

from quantleap.domain.validation import whole_number

T = TypeVar("T")

Bookmark: TypeAlias = Mapping[str, str | int]
"""Where a page ended: opaque to everyone but the store that made it, good for the same list only (else refused)."""

MAX_PAGE = 1000

MAX_CURSOR_CHARS = 4096
"""A cursor stands in URLs. What is longer is none."""

NOT_A_POSITION = "is not a position of this list"
"""Why a cursor or a position is refused, whatever is wrong with it: a better answer would tell a forger more."""


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


@frozen
class ListRequest:
    """At most `limit` (1 to 1000) entries, from the beginning or on from an earlier page's `next_cursor`.

    The limit may change from page to page. Who asks, for which list and by which filters, may not: the cursor is then
    refused with InvalidInputError.
    """

    limit: int = field(default=100, validator=whole_number(1, MAX_PAGE))
    cursor: str | None = None


@frozen
class ListPage(Generic[T]):
    """Some entries and the cursor of those after them (None: there are no more). A page may be short before the end.

    A cursor is at most 4096 letters, digits, `-` and `_`. It tells nothing of the entries to those who see it.
    """

    entries: tuple[T, ...]
    next_cursor: str | None
