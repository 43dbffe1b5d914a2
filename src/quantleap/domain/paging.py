"""Pages of a list: by position, as the store gives them, and by cursor, as callers walk them."""

from collections.abc import Mapping
from typing import Generic, TypeAlias, TypeVar

from attrs import field, frozen

from quantleap.domain.validation import instance_of, require, whole_number

T = TypeVar("T")

Bookmark: TypeAlias = Mapping[str, str | int]
"""Where a page ended: opaque to everyone but the store that made it, good for the same list only (else refused)."""

MAX_PAGE = 1000

MAX_OFFSET = 10_000
"""As deep as an offset goes: what is left out is read all the same. A cursor goes on from there."""

MAX_CURSOR_CHARS = 4096
"""A cursor stands in URLs. What is longer is none."""
CURSOR_FORM = rf"[A-Za-z0-9_-]{{1,{MAX_CURSOR_CHARS}}}"
"""The regular expression that a cursor matches whole: base64 for URLs (RFC 4648, section 5), without padding."""

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
    refused with InvalidInputError. In place of a cursor an `offset` (0 to 10,000) says how many to leave out first.
    `with_total` asks how many there are in all, which may cost a further read.
    """

    limit: int = field(default=100, validator=whole_number(1, MAX_PAGE))
    cursor: str | None = None
    offset: int = field(default=0, validator=whole_number(0, MAX_OFFSET), kw_only=True)
    with_total: bool = field(default=False, validator=instance_of(bool), kw_only=True)

    def __attrs_post_init__(self) -> None:
        require(self.cursor is None or not self.offset, "cursor", "must not be given together with an offset")


@frozen
class ListPage(Generic[T]):
    """Some entries and the cursor of those after them (None: there are no more). Only the last page is short, but of
    lists that say otherwise.

    A cursor is at most 4096 letters, digits, `-` and `_`. It tells nothing of the entries to those who see it. `total`
    is how many there are in all, where that was asked for: never fewer than the page shows.
    """

    entries: tuple[T, ...]
    next_cursor: str | None
    total: int | None = None
