"""Every list by cursors, on every store: whole, good for one list, its filters and one caller, and telling nothing."""

import base64
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from typing import Any

import pytest
from attrs import evolve
from tests.integration.application.house import ZEBU, House
from tests.integration.application.lists import LISTS, NOT_ONE, ZEBU_BACKEND, Listed, furnish, reason
from tests.integration.contracts.stores import EVERY_STORE, STORES, surroundings

from quantleap.composition import Application
from quantleap.domain.errors import PermissionDeniedError
from quantleap.domain.paging import MAX_OFFSET, ListPage, ListRequest
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import PartnerBackend

PRIVATE = (
    b"anita@example.com",
    b"bala@example.com",
    b"@example",
    b"quantleap.in",
    b"partner_zebu",
    b"sub_zebu",
    b"BASKET#",
)
"""What stands in the positions of these lists."""

NO_CURSORS = ["", "AQ", "anita@example.com", '{"user_id":"bala@example.com"}', "A" * 5000, "\ud800"]


@pytest.fixture(scope="module", params=EVERY_STORE)
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The market of the lists on each store in turn, which these tests only read."""
    with surroundings(request.param):
        house = House.over(STORES[request.param](tmp_path_factory.mktemp("lists")))
        with house.app:
            furnish(house.app)
            yield house.app


def first_cursor(listed: Listed, app: Application) -> str:
    cursor = listed.read(app, ListRequest(1)).next_cursor
    assert cursor is not None
    return cursor


def walked(listed: Listed, app: Application, limits: tuple[int, ...]) -> Iterator[ListPage[Any]]:
    """Every page, by limits that take turns."""
    cursor: str | None = None
    for limit in cycle(limits):
        page = listed.read(app, ListRequest(limit, cursor))
        assert len(page.entries) <= limit
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return


def answers(app: Application, cursor: str) -> dict[str, tuple[str, str] | None]:
    """What each list refuses the cursor for, None where it takes it."""
    return {name: reason(partial(listed.read, app, ListRequest(1, cursor))) for name, listed in LISTS.items()}


@pytest.mark.parametrize("limits", [(1, 2), (2, 1, 1000)], ids=str)
def test_walking_by_cursors_with_changing_limits_gives_every_entry_once_and_in_order(
    app: Application, limits: tuple[int, ...]
) -> None:
    for name, listed in LISTS.items():
        shown = [entry for page in walked(listed, app, limits) for entry in page.entries]
        assert shown == list(listed.read(app, ListRequest(1000)).entries), name
        assert [shown.count(entry) for entry in shown] == [1] * listed.count, name


def test_a_cursor_is_refused_by_every_other_list_filter_and_caller(app: Application) -> None:
    for name, listed in LISTS.items():
        assert answers(app, first_cursor(listed, app)) == {other: None if other == name else NOT_ONE for other in LISTS}


@pytest.mark.parametrize("cursor", NO_CURSORS, ids=lambda cursor: repr(cursor)[:20])
def test_what_is_no_cursor_is_refused_by_every_list(app: Application, cursor: str) -> None:
    assert answers(app, cursor) == dict.fromkeys(LISTS, NOT_ONE)


def test_no_cursor_tells_what_is_in_the_list(app: Application) -> None:
    for name, listed in LISTS.items():
        cursors = [page.next_cursor for page in walked(listed, app, (2,)) if page.next_cursor is not None]
        assert len(cursors) >= (listed.count - 1) // 2, name
        for cursor in cursors:
            decoded = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            for word in PRIVATE:
                assert word not in decoded
                assert word not in cursor.encode()
                assert word.hex() not in cursor
                assert base64.urlsafe_b64encode(word).rstrip(b"=")[:-1] not in cursor.encode()


def test_a_key_with_other_permissions_goes_on_where_it_was(app: Application) -> None:
    """It is the same partner's; what it may read is asked on every page."""
    cursor = first_cursor(LISTS["zebu's"], app)
    reader = PartnerBackend(ZEBU, [Permission.SUBSCRIPTIONS_READ])
    assert len(app.subscriptions.of_partner(reader, None, ListRequest(1000, cursor)).entries) == 11
    with pytest.raises(PermissionDeniedError):
        app.subscriptions.of_partner(PartnerBackend(ZEBU, []), None, ListRequest(1000, cursor))


def test_a_partner_that_names_itself_asks_for_the_same_list(app: Application) -> None:
    cursor = first_cursor(LISTS["zebu's"], app)
    page = app.subscriptions.of_partner(ZEBU_BACKEND, None, ListRequest(1000, cursor), partner_id=ZEBU)
    assert len(page.entries) == 11


# By offsets, and how many there are


def test_walking_by_offsets_gives_every_entry_once_and_in_order(app: Application) -> None:
    for name, listed in LISTS.items():
        pages = [listed.read(app, ListRequest(4, offset=offset)) for offset in range(0, listed.count + 1, 4)]
        shown = [entry for page in pages for entry in page.entries]
        assert shown == list(listed.read(app, ListRequest(1000)).entries), name


def test_a_page_from_an_offset_leads_on_by_its_cursor(app: Application) -> None:
    for name, listed in LISTS.items():
        page = listed.read(app, ListRequest(1, offset=1))
        rest = listed.read(app, ListRequest(1000, page.next_cursor))
        assert (*page.entries, *rest.entries) == listed.read(app, ListRequest(1000)).entries[1:], name


def test_a_total_is_given_where_it_is_asked_for_and_is_the_same_on_every_page(app: Application) -> None:
    app.counters.follow()
    for name, listed in LISTS.items():
        request = ListRequest(2, with_total=True)
        first = listed.read(app, request)
        second = listed.read(app, evolve(request, cursor=first.next_cursor))
        beyond = listed.read(app, evolve(request, offset=MAX_OFFSET))
        assert [page.total for page in (first, second, beyond)] == [listed.count] * 3, name
        assert beyond.entries == ()
        assert listed.read(app, ListRequest(2)).total is None


def test_an_offset_beside_a_cursor_and_one_that_is_too_deep_are_refused() -> None:
    both = partial(ListRequest, 1, "AQ", offset=1)
    assert reason(both) == ("cursor", "must not be given together with an offset")
    assert reason(partial(ListRequest, offset=MAX_OFFSET + 1)) == ("offset", "must be from 0 to 10000")
