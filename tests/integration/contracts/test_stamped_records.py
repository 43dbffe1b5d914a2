"""What a principal changes says on its record who changed it last, for which request and when, on every store."""

from collections.abc import Callable, Sequence

import pytest
from attrs import evolve
from tests.integration.contracts.samples import (
    ANITA,
    NOON,
    ONE_ACCOUNT,
    ZEBU,
    added,
    api_key,
    basket,
    partner,
    saved,
    stamp,
    subscription,
)
from tests.integration.contracts.stores import OWNER, Store, everything

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import instant_text
from quantleap.adapters.store.seam import Key, Update
from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.domain.identifiers import Mode
from quantleap.ports.unit_of_work import Write

BASKET, PARTNER, API_KEY = basket(), partner(), api_key()
EDITED = BASKET.edited(evolve(BASKET.content, basket_name="Another name"), NOON)
REVISED = PARTNER.revised(
    display_name="Zebu & sons",
    broker_id=PARTNER.broker_id,
    agreement=PARTNER.agreement,
    rate_limit=5,
    show_performance=True,
)
REVOKED = API_KEY.revoked(NOON)

PLACES: dict[str, Key] = {
    "basket": keys.basket(OWNER, BASKET.basket_id),
    "partner": keys.partner(ZEBU),
    "api_key": keys.api_key(API_KEY.api_key),
    "allocation": keys.allocation(Mode.LIVE, ANITA, "basket_1"),
}
MAKING: dict[str, Callable[[Store], Sequence[Write]]] = {
    "basket": lambda store: store.templates.saving(BASKET, None, stamp(1)),
    "partner": lambda store: store.partners.saving(PARTNER, None, stamp(1)),
    "api_key": lambda store: store.partners.saving_key(API_KEY, None, stamp(1)),
    "allocation": lambda store: store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(1)),
}
CHANGING: dict[str, Callable[[Store], Sequence[Write]]] = {
    "basket": lambda store: store.templates.saving(EDITED, BASKET, stamp(2)),
    "partner": lambda store: store.partners.saving(REVISED, PARTNER, stamp(2)),
    "api_key": lambda store: store.partners.saving_key(REVOKED, API_KEY, stamp(2)),
    "allocation": lambda store: store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(2)),
}


def noted(store: Store, kind: str) -> tuple[object, ...]:
    item = store.engine.get(PLACES[kind], consistent=True)
    assert item is not None
    return item.get("changed_by"), item.get("request_id"), item.get("changed_at")


def said_by(number: int) -> tuple[str, ...]:
    by = stamp(number)
    return by.changed_by, by.request_id, instant_text(by.at)


@pytest.mark.parametrize("kind", PLACES)
def test_a_record_says_who_made_it_and_then_who_changed_it_last(store: Store, kind: str) -> None:
    store.units.commit(*MAKING[kind](store))
    assert noted(store, kind) == said_by(1)
    store.units.commit(*CHANGING[kind](store))
    assert noted(store, kind) == said_by(2)


def test_the_allocation_of_a_new_subscription_is_by_who_subscribed(store: Store) -> None:
    made = added(store, subscription(), ONE_ACCOUNT)
    by = made.history[0].stamp
    assert noted(store, "allocation") == (by.changed_by, by.request_id, instant_text(by.at))


@pytest.mark.parametrize("kind", ["basket", "partner", "api_key"])
def test_a_change_that_finds_itself_made_counts_as_done_and_another_does_not(store: Store, kind: str) -> None:
    store.units.commit(*MAKING[kind](store))
    change = CHANGING[kind](store)
    store.units.commit(*change)
    before = everything(store.engine)
    store.units.commit(*change)
    assert everything(store.engine) == before
    store.engine.write(Update(PLACES[kind], assign={"request_id": stamp(3).request_id}))
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(*change)


@pytest.mark.parametrize("kind", ["basket", "partner", "api_key"])
def test_a_record_of_before_there_were_stamps_is_read_and_changed(store: Store, kind: str) -> None:
    store.units.commit(*MAKING[kind](store))
    store.engine.write(Update(PLACES[kind], remove=("changed_at", "changed_by", "request_id")))
    assert store.templates.get(BASKET.basket_id) in (None, BASKET)
    assert store.partners.get(ZEBU) in (None, PARTNER)
    assert store.partners.key(API_KEY.api_key) in (None, API_KEY)
    store.units.commit(*CHANGING[kind](store))
    assert noted(store, kind) == said_by(2)


def test_no_stamp_holds_an_email(store: Store) -> None:
    saved(store, BASKET)
    assert "@" not in repr(noted(store, "basket"))
