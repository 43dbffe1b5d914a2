"""Pages are full whatever a store gives at a time, offsets leave out exactly so many, totals are never too small."""

import json
from collections.abc import Callable

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from quantleap.application.paging import Paging
from quantleap.domain.identifiers import Email
from quantleap.domain.paging import MAX_OFFSET, MAX_PAGE, Bookmark, ListPage, ListRequest, Page, PageRequest
from quantleap.domain.principals import User

ANITA = User(Email("anita@example.com"))


class PlainCursors:
    """See `quantleap.ports.cursors.Cursors`: anybody could read these."""

    def seal(self, position: Bookmark, context: bytes) -> str:
        """As JSON."""
        return json.dumps([dict(position), context.decode()])

    def open(self, cursor: str, context: bytes) -> Bookmark:
        """From it."""
        position, sealed = json.loads(cursor)
        assert sealed == context.decode()
        bookmark: Bookmark = position
        return bookmark


@define
class Numbers:
    """A list of so many numbers, that is given at most `at_once` at a time, and what was asked of it."""

    count: int
    at_once: int = MAX_PAGE
    asked: list[PageRequest] = field(factory=list)

    def read(self, page: PageRequest) -> Page[int]:
        """A page of it."""
        self.asked.append(page)
        start = 0 if page.after is None else int(page.after["at"])
        end = min(self.count, start + min(page.limit, self.at_once))
        return Page(tuple(range(start, end)), {"at": end} if end < self.count else None)

    def page(
        self, request: ListRequest, count: Callable[[], int] | None = None, *, may_be_short: bool = False
    ) -> ListPage[int]:
        """The page of the list."""
        paging = Paging(PlainCursors())
        return paging.page(ANITA, request, ("numbers",), self.read, count=count, may_be_short=may_be_short)


COUNTS, LIMITS = st.integers(0, 30), st.integers(1, 12)


@given(count=COUNTS, at_once=st.integers(1, 9), limit=LIMITS, offset=st.integers(0, 40))
def test_a_page_is_the_slice_that_is_asked_for(count: int, at_once: int, limit: int, offset: int) -> None:
    numbers = Numbers(count, at_once)
    page = numbers.page(ListRequest(limit, offset=offset, with_total=True))
    assert page.entries == tuple(range(count))[offset : offset + limit]
    assert page.total == count
    rest = [] if page.next_cursor is None else numbers.page(ListRequest(MAX_PAGE, page.next_cursor)).entries
    assert [*page.entries, *rest] == list(range(count))[offset:]


@given(count=COUNTS, limit=LIMITS, says=st.integers(0, 60), offset=st.integers(0, 40))
def test_a_total_by_counters_is_never_less_than_is_known_and_exact_where_the_end_was_read(
    count: int, limit: int, says: int, offset: int
) -> None:
    page = Numbers(count).page(ListRequest(limit, offset=offset, with_total=True), lambda: says)
    if page.next_cursor is None:
        assert page.total == count
    else:
        assert page.total == max(says, offset + limit + 1)


@given(count=COUNTS, limit=LIMITS, says=st.none() | st.integers(0, 60))
def test_a_total_beside_a_cursor_is_of_the_whole_list(count: int, limit: int, says: int | None) -> None:
    numbers = Numbers(count)
    cursor = numbers.page(ListRequest(limit)).next_cursor
    if cursor is None:
        return
    page = numbers.page(ListRequest(limit, cursor, with_total=True), None if says is None else lambda: says)
    shown = len(page.entries) + (page.next_cursor is not None)
    assert page.total == (count if says is None else max(says, shown))


def test_a_list_that_a_page_holds_is_read_once_and_not_counted() -> None:
    numbers = Numbers(5)

    def never() -> int:
        raise AssertionError("there is nothing to count")

    assert numbers.page(ListRequest(5, with_total=True), never).total == 5
    assert numbers.page(ListRequest(5)).total is None
    assert len(numbers.asked) == 2


@pytest.mark.parametrize(("offset", "reads"), [(0, 1), (900, 1), (901, 2), (MAX_OFFSET, 11)])
def test_what_an_offset_leaves_out_is_read_a_thousand_at_a_time(offset: int, reads: int) -> None:
    numbers = Numbers(20_000)
    assert numbers.page(ListRequest(100, offset=offset)).entries == tuple(range(offset, offset + 100))
    assert len(numbers.asked) == reads
    assert sum(page.limit for page in numbers.asked) == offset + 100


@given(count=COUNTS, at_once=st.integers(1, 9), limit=LIMITS, offset=st.integers(0, 40))
def test_a_page_that_may_be_short_ends_where_a_read_did_and_leads_on(
    count: int, at_once: int, limit: int, offset: int
) -> None:
    numbers = Numbers(count, at_once)
    page = numbers.page(ListRequest(limit, offset=offset), may_be_short=True)
    walked = [*page.entries]
    while page.next_cursor is not None:
        numbers.asked.clear()
        page = numbers.page(ListRequest(limit, page.next_cursor), may_be_short=True)
        assert len(numbers.asked) == 1
        walked += page.entries
    assert walked == list(range(count))[offset:]
