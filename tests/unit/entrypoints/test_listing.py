"""Lists gathered from pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.paging import MAX_PAGE, ListPage, ListRequest
from quantleap.entrypoints.cli.listing import gather

EVERYTHING = tuple(range(12))
SHORT_PAGES = st.lists(st.integers(0, 3), max_size=8)


@given(SHORT_PAGES, st.integers(0, 12), st.integers(1, 20))
def test_a_list_is_the_beginning_of_all_pages_and_knows_whether_and_where_it_was_cut(
    sizes: list[int], count: int, limit: int
) -> None:
    """Whatever a page holds, down to nothing, as long as it says that there is a next one."""
    short = iter(sizes)

    def page(request: ListRequest) -> ListPage[int]:
        start = 0 if request.cursor is None else int(request.cursor)
        end = min(start + min(request.limit, next(short, MAX_PAGE)), count)
        return ListPage(EVERYTHING[start:end], None if end == count else str(end))

    found = gather(page, limit)

    assert found.entries == EVERYTHING[: min(count, limit)]
    assert found.next_cursor == (str(limit) if count > limit else None)
    assert found.end_document() == {"limit": limit, "has_more": count > limit, "next_cursor": found.next_cursor}
    assert bool(found.cut_note("things")) is (count > limit)


@given(st.integers(1, 12), st.integers(1, 12))
def test_what_follows_a_cut_list_is_gathered_by_its_cursor(first: int, second: int) -> None:
    def page(request: ListRequest) -> ListPage[int]:
        start = int(request.cursor or 0)
        end = start + request.limit
        return ListPage(EVERYTHING[start:end], str(end) if end < len(EVERYTHING) else None)

    head = gather(page, first)
    tail = () if head.next_cursor is None else gather(page, second, head.next_cursor).entries

    assert head.entries + tail == EVERYTHING[: first + second]


@pytest.mark.parametrize("end", ["filtered", None])
def test_a_cursor_that_leads_to_nothing_is_not_shown(end: str | None) -> None:
    """A list that is filtered while it is read may find only then that nothing follows."""

    def page(request: ListRequest) -> ListPage[int]:
        return (
            ListPage((1, 2), "more") if request.cursor is None else ListPage((), end if request.cursor != end else None)
        )

    assert gather(page, 2).next_cursor is None


@pytest.mark.parametrize(("limit", "asked"), [(1, 1), (999, 999), (1000, 1000), (5000, 1000)])
def test_no_more_than_is_wanted_is_asked_for_and_never_more_than_a_page(limit: int, asked: int) -> None:
    requests: list[int] = []

    def page(request: ListRequest) -> ListPage[int]:
        requests.append(request.limit)
        return ListPage((), None)

    gather(page, limit)

    assert requests == [asked]
    assert asked <= MAX_PAGE
