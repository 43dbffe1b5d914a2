"""What `ports.subscriptions.Allocations` promises, on every store."""

import pytest
from tests.integration.contracts.samples import ANITA, ONE_ACCOUNT, ZEBU_TEST, added, location_of, stamp, subscription
from tests.integration.contracts.stores import Store, everything

from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.domain.identifiers import Mode
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.transitions import Transition


def cancel(store: Store, ended: Subscription) -> None:
    store.units.commit(*store.subscriptions.ending(location_of(ended), Transition.CANCEL, stamp(1), only_of=None))


def test_an_allocation_is_copied_onto_the_live_subscription_and_onto_no_other(store: Store) -> None:
    ended = added(store, subscription(1))
    cancel(store, ended)
    added(store, subscription(2))
    added(store, subscription(3, partner_id=ZEBU_TEST))
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(1)))
    assert store.allocations.get(Mode.LIVE, ANITA, "basket_1") == ONE_ACCOUNT
    assert store.allocations.get(Mode.TEST, ANITA, "basket_1") is None
    assert [row.allocation for row in store.subscriptions.subscribers(Mode.LIVE, "basket_1")] == [ONE_ACCOUNT]
    assert [row.allocation for row in store.subscriptions.subscribers(Mode.TEST, "basket_1")] == [None]
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", None, stamp(1)))
    assert store.allocations.get(Mode.LIVE, ANITA, "basket_1") is None
    assert [row.allocation for row in store.subscriptions.subscribers(Mode.LIVE, "basket_1")] == [None]


def test_an_allocation_may_come_before_any_subscription(store: Store) -> None:
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(1)))
    assert store.allocations.get(Mode.LIVE, ANITA, "basket_1") == ONE_ACCOUNT
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", None, stamp(1)))
    assert [item["entity_type"] for item in everything(store.engine)] == ["REMOVAL"]


def test_an_allocation_is_refused_whole_when_the_live_subscription_changed_after_it_was_staged(store: Store) -> None:
    staged = store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(1))
    first = added(store, subscription(1))
    before = everything(store.engine)
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(*staged)
    assert everything(store.engine) == before

    staged = store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(1))
    cancel(store, first)
    added(store, subscription(2))
    before = everything(store.engine)
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(*staged)
    assert everything(store.engine) == before
