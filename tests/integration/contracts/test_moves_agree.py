"""The store's conditional update is the domain's move: same outcome, same refusal, for any subscription."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.contracts import values
from tests.integration.contracts.samples import address_of, location_of, stamp, subscription
from tests.integration.contracts.stores import Store
from tests.unit.domain.marketplace.test_document_round_trip import optional

from quantleap.adapters.store.records.subscriptions import marker_item, subscription_item
from quantleap.adapters.store.seam import Put
from quantleap.domain.errors import DomainError
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.subscriptions.history import MAX_HISTORY_ENTRIES, HistoryEntry, Stamp
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.transitions import MOVES, Transition


def as_the_domain_has_it(before: Subscription, transition: Transition, stamp: Stamp) -> Subscription | DomainError:
    """A repeat by the very same request changes nothing; all else is `Subscription.move`."""
    if before.was_last_changed_by(stamp.request_id) and before.life.status is MOVES[transition].target:
        return before
    try:
        return before.move(transition, stamp)
    except DomainError as refusal:
        return refusal


def as_the_store_has_it(
    store: Store, before: Subscription, allocation: Allocation | None, transition: Transition, stamp: Stamp
) -> Subscription | DomainError | None:
    store.engine.write(Put(subscription_item(before, allocation)))
    marker = marker_item(location_of(before))
    if before.life.status.is_live:
        store.engine.write(Put(marker))
    subscriptions, partner_id = store.subscriptions, before.terms.partner_id
    if MOVES[transition].target.is_live:
        staged = subscriptions.moving(address_of(before), transition, stamp, only_of=partner_id)
    else:
        staged = subscriptions.ending(location_of(before), transition, stamp, only_of=partner_id)
    try:
        store.units.commit(*staged)
    except DomainError as refusal:
        return refusal
    return subscriptions.get(address_of(before))


def check(
    stores: dict[str, Store], before: Subscription, allocation: Allocation | None, transition: Transition, at: Stamp
) -> None:
    expected = as_the_domain_has_it(before, transition, at)
    for store in stores.values():
        actual = as_the_store_has_it(store, before, allocation, transition, at)
        if isinstance(expected, DomainError):
            assert isinstance(actual, DomainError)
            assert (type(actual), actual.details()) == (type(expected), expected.details())
        else:
            assert actual == expected


@given(
    before=values.subscriptions(),
    allocation=optional(values.allocations()),
    transition=st.sampled_from(Transition),
    at=values.stamps,
    repeats=st.booleans(),
)
def test_a_move_in_the_store_is_the_domains_move(
    all_stores: dict[str, Store],
    *,
    before: Subscription,
    allocation: Allocation | None,
    transition: Transition,
    at: Stamp,
    repeats: bool,
) -> None:
    if repeats:
        at = evolve(at, request_id=before.history[-1].stamp.request_id)
    check(all_stores, before, allocation, transition, at)


def full(status: SubscriptionStatus, entries: int) -> Subscription:
    """One with so long a history that ends in that status."""
    new = subscription()
    past = tuple(HistoryEntry(SubscriptionStatus.ACTIVE, stamp(number)) for number in range(entries - 1))
    return evolve(new, life=evolve(new.life, status=status), history=(*past, HistoryEntry(status, stamp(entries))))


def test_a_history_at_its_bound_refuses_in_the_store_what_it_refuses_in_the_domain(
    all_stores: dict[str, Store],
) -> None:
    for entries in (MAX_HISTORY_ENTRIES - 1, MAX_HISTORY_ENTRIES, MAX_HISTORY_ENTRIES + 1):
        for status in SubscriptionStatus:
            for transition in Transition:
                check(all_stores, full(status, entries), None, transition, stamp(5000))


def test_a_move_leaves_the_allocation_copied_onto_the_subscription_alone(all_stores: dict[str, Store]) -> None:
    allocation, before = Allocation.single("zebu", "AB1234"), subscription(77, basket_id="basket_77")
    for store in all_stores.values():
        store.engine.write(Put(subscription_item(before, allocation)))
        for number, transition in enumerate((Transition.PAUSE, Transition.RESUME), 1):
            store.units.commit(*store.subscriptions.moving(address_of(before), transition, stamp(number), only_of=None))
        rows = store.subscriptions.subscribers(before.terms.mode, "basket_77")
        assert [row.allocation for row in rows] == [allocation]
