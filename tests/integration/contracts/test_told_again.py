"""A consumer that the feed has passed by hears from histories and charges what the feed told, on every store."""

from datetime import datetime

import pytest
from tests.integration.contracts.samples import (
    ANITA,
    ONE_ACCOUNT,
    ZEBU,
    added,
    address_of,
    found,
    location_of,
    stamp,
    subscription,
)
from tests.integration.contracts.stores import Store

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Update
from quantleap.domain.billing.charge import Charge, charge_id
from quantleap.domain.identifiers import Mode
from quantleap.domain.subscriptions.events import SubscriptionEvent, SubscriptionEventKind, events_of_history
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.transitions import Transition
from quantleap.ports.errors import CorruptDataError

A_MONTH = 31 * 24 * 60
"""In minutes, which stamps are numbered by."""

SUBSCRIPTION = keys.subscription(Mode.LIVE, ANITA, "sub_zebu_1")


def move(store: Store, moved: Subscription, transition: Transition, number: int) -> None:
    store.units.commit(*store.subscriptions.moving(address_of(moved), transition, stamp(number), only_of=ZEBU))


def charged(store: Store, number: int) -> None:
    """The next period, and what is no fact: a new allocation, and a parking."""
    before = found(store, subscription())
    terms = before.terms
    posted = Charge.of_period(
        subscription_id=terms.subscription_id,
        partner_id=terms.partner_id,
        basket_id=terms.basket_id,
        period=before.next_period(),
        amount=terms.price,
        rate=terms.commission_rate,
        posted_at=stamp(number).at,
    )
    store.units.commit(
        *store.subscriptions.charging(before, before.charged(posted.period.index, posted.posted_at)),
        *store.charges.posting(Mode.LIVE, posted),
    )
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(1)))
    held = found(store, subscription())
    store.units.commit(*store.subscriptions.parking(held, held.held("looked at")))
    free = found(store, subscription())
    store.units.commit(*store.subscriptions.parking(free, free.unparked()))


def told(store: Store) -> list[SubscriptionEvent]:
    """All that the feed tells."""
    events: list[SubscriptionEvent] = []
    position, is_last = None, False
    while not is_last:
        batch = store.subscriptions.events(position, 1000)
        events += batch.events
        position, is_last = batch.position, batch.is_last
    return events


def charge_instants(store: Store, of: Subscription) -> dict[int, datetime]:
    found_charges = (
        store.charges.get(Mode.LIVE, charge_id(of.terms.subscription_id, index))
        for index in range(of.billing.periods_charged)
    )
    return {each.period.index: each.posted_at for each in found_charges if each is not None}


@pytest.mark.parametrize("transition", [Transition.CANCEL, Transition.EXPIRE])
def test_a_whole_life_is_told_again_in_order_under_the_ids_and_instants_of_the_feed(
    store: Store, transition: Transition
) -> None:
    new = added(store, subscription(), ONE_ACCOUNT)
    charged(store, 1)
    move(store, new, Transition.PAUSE, 2)
    charged(store, A_MONTH)
    move(store, new, Transition.RESUME, A_MONTH + 1)
    move(store, new, Transition.PAUSE, A_MONTH + 2)
    charged(store, 2 * A_MONTH)
    store.units.commit(*store.subscriptions.ending(location_of(new), transition, stamp(3 * A_MONTH), only_of=None))

    ended = found(store, new)
    again = list(events_of_history(ended, charge_instants(store, ended)))
    assert [(event.event_id, event.kind, event.occurred_at) for event in again] == [
        (event.event_id, event.kind, event.occurred_at) for event in told(store)
    ]
    assert [event.kind for event in again].count(SubscriptionEventKind.RENEWED) == 2
    assert again[-1].subscription.history == ended.history
    assert again[-1].subscription.life == ended.life


def test_a_change_that_cannot_be_read_is_told_and_hides_no_other(store: Store) -> None:
    new, other = added(store, subscription()), added(store, subscription(2, basket_id="basket_2"))
    store.engine.write(Update(SUBSCRIPTION, assign={"status": "ASLEEP"}))
    store.engine.write(Update(SUBSCRIPTION, assign={"status": "ACTIVE"}))
    move(store, new, Transition.PAUSE, 1)
    batch = store.subscriptions.events(None, 1000)
    assert [type(error) for error in batch.unreadable] == [CorruptDataError] * 2
    of_new = [event.kind for event in batch.events if event.subscription.terms == new.terms]
    assert of_new == [SubscriptionEventKind.CREATED, SubscriptionEventKind.PAUSED]
    assert [event.subscription.terms for event in batch.events if event.subscription.terms == other.terms]
