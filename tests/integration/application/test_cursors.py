"""What a cursor outlives and what it does not, and that no use case lists without."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_origin, get_type_hints

from tests.integration.application.house import ADMIN, STRADDLE, ZEBU, House
from tests.integration.application.lists import LISTS, NOT_ONE, SUBSCRIBERS, reason

from quantleap.adapters.cursors.sealed import SealedCursors
from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.application.paging import Paging
from quantleap.composition import Application, compose
from quantleap.composition.use_case import UseCase
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.paging import ListPage, ListRequest, Page, PageRequest
from quantleap.domain.principals import PartnerBackend
from quantleap.domain.subscriptions.status import SubscriptionStatus


def use_case_methods() -> Iterator[tuple[str, set[object]]]:
    """What the application offers, and the types that each method takes and gives."""
    for attribute, use_case in vars(Application).items():
        for name, method in vars(use_case.kind).items() if isinstance(use_case, UseCase) else ():
            if callable(method) and not name.startswith("_"):
                yield f"{attribute}.{name}", {get_origin(hint) or hint for hint in get_type_hints(method).values()}


def test_every_use_case_that_lists_by_cursor_is_tried_here() -> None:
    listing = {name for name, types in use_case_methods() if types & {ListRequest, ListPage}}
    assert listing == {listed.use_case for listed in LISTS.values()}


def test_no_use_case_takes_or_gives_a_position() -> None:
    assert [name for name, types in use_case_methods() if types & {Page, PageRequest}] == []


def test_a_list_goes_on_where_the_entry_it_ended_at_is_no_longer_in_it(any_house: House) -> None:
    app, backend = any_house.app, PartnerBackend(ZEBU)
    for user in SUBSCRIBERS:
        any_house.subscribed(user)
        any_house.subscribed(user, STRADDLE)
    before = app.subscriptions.of_partner(backend, SubscriptionStatus.ACTIVE, ListRequest()).entries
    page = app.subscriptions.of_partner(backend, SubscriptionStatus.ACTIVE, ListRequest(2))
    app.subscriptions.cancel(backend, page.entries[-1].terms.subscription_id)
    rest = app.subscriptions.of_partner(backend, SubscriptionStatus.ACTIVE, ListRequest(2, page.next_cursor))
    assert (*page.entries, *rest.entries) == before


def test_a_cursor_of_another_platform_is_refused(house: House) -> None:
    with House.furnished("memory://").app as other:
        cursor = other.authoring.all(ADMIN, ListRequest(1)).next_cursor
    assert cursor is not None
    assert reason(lambda: house.app.authoring.all(ADMIN, ListRequest(1, cursor))) == NOT_ONE


def test_a_cursor_is_good_on_a_store_that_is_opened_again_and_refused_when_its_owner_is_another(tmp_path: Path) -> None:
    """What the engine no longer takes for a position of the list is told of the cursor."""
    url = f"sqlite:///{tmp_path}/store.db"
    with House.furnished(url).app as app:
        first = app.authoring.all(ADMIN, ListRequest(1))
        every = app.authoring.all(ADMIN, ListRequest()).entries
    request = ListRequest(cursor=first.next_cursor)
    with compose(url) as again:
        assert (*first.entries, *again.authoring.all(ADMIN, request).entries) == every
    with compose(url, owner="second@quantleap.in") as sold:
        assert reason(lambda: sold.authoring.all(ADMIN, request)) == NOT_ONE


def test_what_else_a_list_is_refused_for_is_told_as_it_is() -> None:
    def read(_: PageRequest) -> Page[int]:
        raise InvalidInputError("category", "is none")

    paging = Paging(SealedCursors(KeysInMemory()))
    assert reason(lambda: paging.page(ADMIN, ListRequest(), ("list",), read)) == ("category", "is none")
