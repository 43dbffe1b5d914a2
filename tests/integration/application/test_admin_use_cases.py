"""What an admin does one by one, on every store: strategies, listings, partners, key pairs; and what a repeat does."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from attrs import evolve, frozen
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    CONDOR,
    KITE,
    NOON,
    STRADDLE,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
)

from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.application import previewing
from quantleap.application.answering_once import Answer, Attempt
from quantleap.application.partnering import KeyUse
from quantleap.application.previewing import AffectedSubscribers
from quantleap.domain.errors import (
    AlreadyExistsError,
    ConcurrentUpdateError,
    InvalidInputError,
    InvalidListingMoveError,
    KeyAlreadyRotatedError,
    KeyNotUsableError,
    StrategyNotFoundError,
    TemplateNotFoundError,
)
from quantleap.domain.execution.expiries import ExpiryRules
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.marketplace.document import ListingChanges
from quantleap.domain.marketplace.listing import ListingStatus
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.paging import ListRequest
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import PartnerBackend, User
from quantleap.domain.rates import Rate
from quantleap.ports.errors import UnavailableError

REQUEST = "req_0000000000aa"
RENAMED = ListingChanges({"basket_name": "Renamed"})


def own_strategy(house: House, **changes: Any) -> Strategy:
    """The condor's only one, changed."""
    [strategy] = house.app.authoring.get(ADMIN, CONDOR).strategies
    return evolve(strategy, **changes)


def drafted(house: House, *names: str) -> House:
    """With a draft that has strategies of those names."""
    content = house.app.authoring.get(ADMIN, CONDOR).content
    strategies = tuple(own_strategy(house, strategy_id=name) for name in names)
    house.app.authoring.create(ADMIN, evolve(content, basket_id="draft", strategies=strategies))
    return house


# On every store


def test_strategies_of_a_basket_change_one_by_one_each_as_a_version(any_house: House) -> None:
    authoring = drafted(any_house, "one").app.authoring
    added = authoring.add_strategy(ADMIN, "draft", own_strategy(any_house, strategy_id="two"), version=1)
    replaced = authoring.replace_strategy(
        ADMIN, "draft", own_strategy(any_house, strategy_id="one", strategy_name="Renamed")
    )
    assert (added.version, replaced.version) == (2, 3)
    assert authoring.strategy(ADMIN, "draft", "one") == replaced
    removed = authoring.remove_strategy(ADMIN, "draft", "one")
    assert (removed.version, removed.strategy) == (4, replaced.strategy)
    basket = authoring.get(ADMIN, "draft")
    assert (basket.version, [each.strategy_id for each in basket.strategies]) == (4, ["two"])
    assert any_house.app.verification.verify(ADMIN).differences == ()


def test_a_strategy_of_another_basket_or_that_is_not_there_is_refused_with_nothing_written(any_house: House) -> None:
    authoring, before = drafted(any_house, "one").app.authoring, any_house.items()
    for call, error in (
        (partial(authoring.add_strategy, ADMIN, "draft", own_strategy(any_house)), AlreadyExistsError),
        (partial(authoring.add_strategy, ADMIN, "none", own_strategy(any_house)), TemplateNotFoundError),
        (partial(authoring.replace_strategy, ADMIN, "draft", own_strategy(any_house)), StrategyNotFoundError),
        (partial(authoring.remove_strategy, ADMIN, "draft", "two"), StrategyNotFoundError),
        (partial(authoring.remove_strategy, ADMIN, "draft", "one", version=2), ConcurrentUpdateError),
        (partial(authoring.strategy, ADMIN, "draft", "No Id"), InvalidInputError),
    ):
        assert isinstance(refusal(call), error)
    assert any_house.items() == before


def test_a_version_that_is_no_longer_there_is_refused_even_where_nothing_would_change(any_house: House) -> None:
    authoring, partners = drafted(any_house, "one").app.authoring, any_house.app.partners
    basket, key = authoring.get(ADMIN, "draft"), any_house.first_key()
    [strategy] = basket.content.strategies
    before = any_house.items()
    for call in (
        partial(authoring.edit, ADMIN, basket.content),
        partial(authoring.revise_listing, ADMIN, "draft", ListingChanges({"basket_name": basket.content.basket_name})),
        partial(authoring.replace_strategy, ADMIN, "draft", strategy),
        partial(authoring.add_strategy, ADMIN, "draft", strategy),
        partial(authoring.remove_strategy, ADMIN, "draft", "none"),
        partial(authoring.enable, ADMIN, "draft"),
        partial(authoring.take_off, ADMIN, "draft"),
        partial(authoring.delete, ADMIN, "draft"),
        partial(partners.revise, ADMIN, ZEBU),
        partial(partners.permit, ADMIN, key.api_key_id, key.permissions),
    ):
        assert isinstance(refusal(partial(call, version=2)), ConcurrentUpdateError), call
    assert any_house.items() == before


def test_a_draft_is_deleted_whole_and_its_ids_are_free_again(any_house: House) -> None:
    authoring = drafted(any_house, "one", "two").app.authoring
    before = authoring.get(ADMIN, "draft")
    assert isinstance(refusal(partial(authoring.delete, ADMIN, "draft", version=2)), ConcurrentUpdateError)
    assert authoring.delete(ADMIN, "draft", version=1) == before
    assert isinstance(refusal(partial(authoring.get, ADMIN, "draft")), TemplateNotFoundError)
    assert any_house.app.verification.verify(ADMIN).differences == ()
    drafted(any_house, "one")
    assert isinstance(refusal(partial(authoring.delete, ADMIN, CONDOR)), InvalidListingMoveError)


def test_listings_are_revised_and_listed_by_where_they_stand(any_house: House) -> None:
    authoring = drafted(any_house, "one").app.authoring
    assert authoring.revise_listing(ADMIN, CONDOR, RENAMED, version=2).content.basket_name == "Renamed"
    authoring.take_off(ADMIN, STRADDLE)

    def statuses(active: bool | None) -> dict[str, ListingStatus]:
        found = authoring.listings(ADMIN, ListRequest(), active=active).entries
        return {each.template.basket_id: each.listing.status for each in found}

    assert statuses(active=False) == {STRADDLE: ListingStatus.TAKEN_OFF}
    assert set(statuses(active=True).values()) == {ListingStatus.LISTED}
    assert statuses(active=None) == statuses(active=True) | statuses(active=False)
    every = authoring.overviews(ADMIN, ListRequest()).entries
    assert {each.template.basket_id for each in every} == statuses(active=None).keys() | {"draft"}
    [condor] = [each for each in every if each.template.basket_id == CONDOR]
    assert (condor.template.basket_name, condor.version) == ("Renamed", 3)


def test_partners_are_listed_in_pages_and_revised(any_house: House) -> None:
    partners = any_house.app.partners
    first = partners.all(ADMIN, ListRequest(2, with_total=True))
    rest = partners.all(ADMIN, ListRequest(2, first.next_cursor))
    assert [each.partner_id for each in (*first.entries, *rest.entries)] == [KITE, ZEBU, ZEBU_TEST]
    assert first.total == 3
    revised = partners.revise(ADMIN, ZEBU, commission=Rate(1000), broker_id="kite", version=1)
    assert partners.get(ADMIN, ZEBU) == revised
    assert (revised.agreement.rate_for(CONDOR, NOON.date(), 0), revised.broker_id, revised.version) == (
        Rate(1000),
        "kite",
        2,
    )


def test_key_pairs_are_found_by_id_and_listed_in_pages(any_house: House) -> None:
    partners = any_house.app.partners
    issued = [partners.issue(ADMIN, ZEBU).key for _ in range(2)]
    first = partners.key_list(ADMIN, ZEBU, ListRequest(2))
    rest = partners.key_list(ADMIN, ZEBU, ListRequest(2, first.next_cursor))
    listed = [*first.entries, *rest.entries]
    assert [each.key for each in listed] == partners.keys(ADMIN, ZEBU) == [any_house.first_key(), *issued]
    assert {each.uses for each in listed} == {0}
    any_house.app.admission.take(PartnerBackend(ZEBU, api_key_id=issued[0].api_key_id))
    assert partners.key_use(ADMIN, issued[0].api_key_id) == KeyUse(issued[0], 1)
    assert [partners.key(ADMIN, each.api_key_id) for each in issued] == issued


def test_a_key_pair_is_permitted_rotated_and_revoked_by_its_id(any_house: House) -> None:
    partners = any_house.app.partners
    name = partners.issue(ADMIN, ZEBU, lifetime=timedelta(days=1)).key.api_key_id
    permitted = partners.permit(ADMIN, name, [Permission.ANALYTICS_READ], version=1)
    new = partners.rotate(ADMIN, name, overlap=timedelta(hours=1), lifetime=timedelta(days=2)).key
    assert (new.permissions, new.expires_at) == (permitted.permissions, NOON + timedelta(days=2))
    assert partners.key(ADMIN, name).successor_id == new.api_key_id
    assert isinstance(refusal(partial(partners.rotate, ADMIN, name)), KeyAlreadyRotatedError)
    revoked = partners.revoke(ADMIN, new.api_key_id)
    assert partners.key(ADMIN, new.api_key_id) == revoked
    assert isinstance(refusal(partial(partners.rotate, ADMIN, new.api_key_id)), KeyNotUsableError)
    assert any_house.app.verification.verify(ADMIN).differences == ()


def test_a_bucket_keeps_no_uses_of_revoked_key_pairs_and_does_not_grow(any_house: House) -> None:
    partners, admission = any_house.app.partners, any_house.app.admission
    sizes = []
    for _ in range(3):
        name = partners.issue(ADMIN, ZEBU).key.api_key_id
        admission.take(PartnerBackend(ZEBU, api_key_id=name))
        partners.revoke(ADMIN, name)
        assert partners.key_use(ADMIN, name).uses == 0
        admission.take(PartnerBackend(ZEBU, api_key_id=name))  # by a process that has not heard of it
        partners.revoke(ADMIN, name)
        [bucket] = [item for item in any_house.items() if item["entity_type"] == "RATE_LIMIT"]
        sizes.append(len(bucket))
    assert len(set(sizes)) == 1


def test_a_key_pair_is_revoked_whether_or_not_its_uses_can_be_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise UnavailableError("held by another writer")

    monkeypatch.setattr(StoredRateLimits, "forget_uses", fail)
    name = house.first_key().api_key_id
    revoked = house.app.partners.revoke(ADMIN, name)
    assert house.app.partners.key(ADMIN, name) == revoked
    assert revoked.revoked_at == NOON


def test_a_preview_reads_and_writes_nothing(any_house: House) -> None:
    any_house.subscribed(ANITA)
    any_house.app.subscribing.directly(BALA, basket_id=CONDOR, multiplier=Multiplier(3_000_000))
    content, before = any_house.app.authoring.get(ADMIN, CONDOR).content, any_house.items()
    preview = any_house.app.previews.edit(ADMIN, evolve(content, strategies=()))
    assert any_house.items() == before
    assert preview.affected == AffectedSubscribers(2, 0, is_complete=True)
    assert {str(each.by.multiplier) for each in preview.multipliers if each.subscribers} == {"1", "3"}


# In memory


def test_a_preview_counts_and_shows_no_more_than_its_bounds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previewing, "MAX_COUNTED", 3)
    monkeypatch.setattr(previewing, "MAX_MULTIPLIERS", 1)
    for number in range(4):
        by = User(evolve(ANITA.email, address=f"user{number}@example.com"))
        house.app.subscribing.directly(by, basket_id=CONDOR, multiplier=Multiplier(3_000_000 + number % 2))
    content = house.app.authoring.get(ADMIN, CONDOR).content
    preview = house.app.previews.edit(ADMIN, content)
    assert preview.affected == AffectedSubscribers(3, 0, is_complete=False)
    assert preview.multipliers_left_out == 1
    assert sum(each.subscribers for each in preview.multipliers) <= 3


def test_a_price_may_change_where_an_underlying_has_lost_its_weekly_contracts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What trades is checked when it is edited; who only sells it is not kept from that."""
    monkeypatch.setattr(ExpiryRules, "has_weekly", lambda *_: False)
    priced = ListingChanges({"subscription_price": 5})
    assert house.app.authoring.revise_listing(ADMIN, CONDOR, priced).content.subscription_price.minor == 500
    renamed = own_strategy(house, strategy_name="Renamed")
    refused = refusal(partial(house.app.authoring.replace_strategy, ADMIN, CONDOR, renamed))
    assert str(refused) == "expiry_type: NIFTY has no weekly contracts"


@frozen
class Change:
    """A change that is asked for under a request id, and what its repeat under the same one does."""

    name: str
    ask: Callable[[House, str], object]
    repeat_is_refused_by: type[Exception] | None = None


CHANGES = [
    Change(
        "create a basket",
        lambda h, r: h.app.authoring.create(
            ADMIN, evolve(h.app.authoring.get(ADMIN, CONDOR).content, basket_id="new", strategies=()), request_id=r
        ),
        AlreadyExistsError,
    ),
    Change(
        "edit a basket",
        lambda h, r: h.app.authoring.edit(
            ADMIN, evolve(h.app.authoring.get(ADMIN, CONDOR).content, basket_name="Renamed"), request_id=r
        ),
    ),
    Change(
        "delete a basket",
        lambda h, r: h.app.authoring.delete(ADMIN, "draft", request_id=r),
        TemplateNotFoundError,
    ),
    Change(
        "add a strategy",
        lambda h, r: h.app.authoring.add_strategy(ADMIN, "draft", own_strategy(h, strategy_id="another"), request_id=r),
        AlreadyExistsError,
    ),
    Change(
        "replace a strategy",
        lambda h, r: h.app.authoring.replace_strategy(
            ADMIN, "draft", own_strategy(h, strategy_id="one", strategy_name="Renamed"), request_id=r
        ),
    ),
    Change(
        "remove a strategy",
        lambda h, r: h.app.authoring.remove_strategy(ADMIN, "draft", "one", request_id=r),
        StrategyNotFoundError,
    ),
    Change(
        "enable a listing",
        lambda h, r: h.app.authoring.enable(ADMIN, "draft", request_id=r),
        InvalidListingMoveError,
    ),
    Change(
        "revise a listing",
        lambda h, r: h.app.authoring.revise_listing(ADMIN, CONDOR, RENAMED, request_id=r),
    ),
    Change(
        "disable a listing",
        lambda h, r: h.app.authoring.take_off(ADMIN, CONDOR, request_id=r),
        InvalidListingMoveError,
    ),
    Change(
        "create a partner",
        lambda h, r: h.app.partners.create(ADMIN, evolve(ZEBU, slug="dhan"), request_id=r),
        AlreadyExistsError,
    ),
    Change("revise a partner", lambda h, r: h.app.partners.revise(ADMIN, ZEBU, rate_limit=5, request_id=r)),
    Change(
        "permit a key pair",
        lambda h, r: h.app.partners.permit(ADMIN, h.first_key().api_key_id, [Permission.ANALYTICS_READ], request_id=r),
    ),
    Change(
        "rotate a key pair",
        lambda h, r: h.app.partners.rotate(ADMIN, h.first_key().api_key_id, request_id=r),
        KeyAlreadyRotatedError,
    ),
    Change(
        "revoke a key pair",
        lambda h, r: h.app.partners.revoke(ADMIN, h.first_key().api_key_id, request_id=r),
    ),
    Change(
        "put an allocation",
        lambda h, r: h.app.allocations.put(ANITA, CONDOR, Allocation.single("zebu", "A1"), request_id=r),
    ),
]


@pytest.fixture
def ready(house: House) -> House:
    """A house in which each of the changes can be made."""
    return drafted(house, "one")


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_repeat_under_one_request_id_answers_the_same_or_is_refused_and_writes_nothing(
    ready: House, change: Change
) -> None:
    first = change.ask(ready, REQUEST)
    before = ready.items()
    if change.repeat_is_refused_by is None:
        assert change.ask(ready, REQUEST) == first
    else:
        assert isinstance(refusal(lambda: change.ask(ready, REQUEST)), change.repeat_is_refused_by)
    assert ready.items() == before


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_its_outcome_is_kept_by_its_own_commit_for_a_repeat_under_one_idempotency_key(
    ready: House, change: Change
) -> None:
    told: list[object] = []

    def answer(outcome: object) -> Answer:
        told.append(outcome)
        return Answer(200, "answered")

    run = partial(ready.app.answering_once.run, Attempt(ADMIN, ("do",), "key", b""))
    first = run(lambda: change.ask(ready, REQUEST), answer)
    assert (first.is_replay, len(told)) == (False, 1)
    before = ready.items()
    again = run(lambda: change.ask(ready, "req_0000000000bb"), answer)
    assert (again.is_replay, again.answer) == (True, first.answer)
    assert ready.items() == before
