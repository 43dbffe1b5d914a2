"""Lists gathered from pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.paging import MAX_PAGE, Page, PageRequest
from quantleap.entrypoints.cli.listing import gather

SIZES = st.lists(st.integers(0, 4), max_size=8)


@given(SIZES, st.integers(1, 20))
def test_a_list_is_the_beginning_of_all_pages_and_knows_whether_it_was_cut(sizes: list[int], limit: int) -> None:
    """Whatever a page holds, down to nothing, as long as it says that there is a next one."""
    everything = list(range(sum(sizes)))
    cuts = [sum(sizes[:index]) for index in range(len(sizes) + 1)]

    def page(request: PageRequest) -> Page[int]:
        index = 0 if request.after is None else int(request.after["page"])
        entries = tuple(everything[cuts[index] : cuts[index + 1]]) if sizes else ()
        return Page(entries, {"page": index + 1} if index + 1 < len(sizes) else None)

    found = gather(page, limit)

    assert list(found.entries) == everything[:limit]
    assert found.has_more is (len(everything) > limit)
    assert bool(found.cut_note("things")) is found.has_more


@pytest.mark.parametrize(("limit", "asked"), [(1, 2), (999, 1000), (1000, 1000), (5000, 1000)])
def test_one_more_than_the_limit_is_asked_for_and_never_more_than_a_page(limit: int, asked: int) -> None:
    requests: list[int] = []

    def page(request: PageRequest) -> Page[int]:
        requests.append(request.limit)
        return Page((), None)

    gather(page, limit)

    assert requests == [asked]
    assert asked <= MAX_PAGE
