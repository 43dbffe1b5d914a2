"""What `ports.subscriptions.Subscriptions` promises, on every store."""

import logging
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from typing import TypeAlias

import pytest
from attrs import evolve
from tests.integration.contracts.samples import (
    ANITA,
    BALA,
    KITE,
    NOON,
    ONE_ACCOUNT,
    ZEBU,
    ZEBU_TEST,
    added,
    address_of,
    found,
    location_of,
    stamp,
    subscription,
)
from tests.integration.contracts.stores import Store, everything

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Delete, Update
from quantleap.domain.errors import (
    AlreadyExistsError,
    ConcurrentUpdateError,
    DuplicateSubscriptionError,
    InvalidInputError,
    InvalidStatusTransitionError,
    NotTheOwnerError,
    PeriodNotChargeableError,
    SubscriptionNotFoundError,
)
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.lots.multiplier import ONE
from quantleap.domain.paging import NOT_A_POSITION, Page, PageRequest
from quantleap.domain.subscriptions.events import SubscriptionEvent, SubscriptionEventKind
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary
from quantleap.domain.subscriptions.transitions import Transition

List: TypeAlias = Callable[[SubscriptionStatus | None, PageRequest], Page[SubscriptionSummary]]
OTHER = Email("other@example.com")


def move(store: Store, moved: Subscription, transition: Transition, number: int) -> None:
    store.units.commit(
        *store.subscriptions.moving(address_of(moved), transition, stamp(number), only_of=moved.terms.partner_id)
    )


def end(store: Store, ended: Subscription, transition: Transition, number: int) -> None:
    store.units.commit(*store.subscriptions.ending(location_of(ended), transition, stamp(number), only_of=None))


def test_what_was_never_stored_is_none(store: Store) -> None:
    assert store.subscriptions.get(address_of(subscription())) is None
    assert store.subscriptions.locate(Mode.LIVE, "sub_zebu_1") is None


def test_a_new_one_is_there_whole_and_can_be_located(store: Store) -> None:
    new = added(store, subscription(), ONE_ACCOUNT)
    assert found(store, new) == new
    assert store.subscriptions.locate(Mode.LIVE, "sub_zebu_1") == location_of(new)
    assert store.allocations.get(Mode.LIVE, ANITA, "basket_1") == ONE_ACCOUNT


def test_staging_writes_nothing(store: Store) -> None:
    new = added(store, subscription())
    before = everything(store.engine)
    store.subscriptions.adding(subscription(2, user=BALA), ONE_ACCOUNT)
    store.subscriptions.moving(address_of(new), Transition.PAUSE, stamp(1), only_of=None)
    store.subscriptions.ending(location_of(new), Transition.CANCEL, stamp(1), only_of=None)
    store.subscriptions.charging(new, new.charged(0, NOON))
    store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(1))
    assert everything(store.engine) == before


@pytest.mark.parametrize("partner_id", [ZEBU, None, ZEBU_TEST], ids=["partner", "direct", "test mode"])
def test_a_second_live_one_is_refused_whole_and_named_to_whoever_made_the_first(
    store: Store, partner_id: PartnerId | None
) -> None:
    first = added(store, subscription(1, partner_id=partner_id), ONE_ACCOUNT)
    before = everything(store.engine)
    with pytest.raises(DuplicateSubscriptionError) as refusal:
        added(store, subscription(2, partner_id=partner_id), Allocation.single("kite", "OTHER"))
    assert refusal.value.existing_subscription_id == first.terms.subscription_id
    assert everything(store.engine) == before


@pytest.mark.parametrize(("first", "second"), [(ZEBU, KITE), (None, ZEBU)])
def test_another_partner_learns_only_that_there_is_a_live_one(
    store: Store, first: PartnerId | None, second: PartnerId | None
) -> None:
    added(store, subscription(1, partner_id=first))
    with pytest.raises(DuplicateSubscriptionError) as refusal:
        added(store, subscription(2, partner_id=second))
    assert refusal.value.existing_subscription_id is None


def test_a_user_who_subscribes_directly_is_told_which_one_is_live_whoever_made_it(store: Store) -> None:
    first = added(store, subscription(1))
    with pytest.raises(DuplicateSubscriptionError) as refusal:
        added(store, subscription(2, partner_id=None))
    assert refusal.value.existing_subscription_id == first.terms.subscription_id


def test_another_user_another_basket_or_the_other_mode_is_no_duplicate(store: Store) -> None:
    every = [
        added(store, subscription(1)),
        added(store, subscription(2, user=BALA)),
        added(store, subscription(3, basket_id="basket_2")),
        added(store, subscription(4, partner_id=ZEBU_TEST)),
    ]
    assert [found(store, each) for each in every] == every


def test_an_id_that_is_taken_is_refused_whatever_user_it_is_for(store: Store) -> None:
    added(store, subscription(1))
    before = everything(store.engine)
    with pytest.raises(AlreadyExistsError):
        added(store, subscription(1, user=BALA))
    assert everything(store.engine) == before


def test_after_a_terminal_one_there_may_be_another_and_the_leftover_allocation_is_replaced_or_gone(
    store: Store,
) -> None:
    first = added(store, subscription(1), ONE_ACCOUNT)
    end(store, first, Transition.CANCEL, 1)
    second = added(store, subscription(2), None)
    assert store.allocations.get(Mode.LIVE, ANITA, "basket_1") is None
    assert [row.allocation for row in store.subscriptions.subscribers(Mode.LIVE, "basket_1")] == [None]
    end(store, second, Transition.EXPIRE, 2)
    added(store, subscription(3), Allocation.single("kite", "K1"))
    assert store.allocations.get(Mode.LIVE, ANITA, "basket_1") == Allocation.single("kite", "K1")


def test_the_live_one_of_a_user_and_template_is_found_as_it_is(store: Store) -> None:
    live, test = added(store, subscription(1)), added(store, subscription(2, partner_id=ZEBU_TEST))
    added(store, subscription(3, basket_id="basket_2"))
    added(store, subscription(4, user=BALA))
    assert store.subscriptions.live(Mode.LIVE, ANITA, "basket_1") == live
    assert store.subscriptions.live(Mode.TEST, ANITA, "basket_1") == test
    assert store.subscriptions.live(Mode.LIVE, ANITA, "basket_3") is None
    end(store, live, Transition.CANCEL, 1)
    assert store.subscriptions.live(Mode.LIVE, ANITA, "basket_1") is None
    again = added(store, subscription(5))
    assert store.subscriptions.live(Mode.LIVE, ANITA, "basket_1") == again


def test_test_mode_never_meets_live(store: Store) -> None:
    live, test = added(store, subscription(1)), added(store, subscription(2, partner_id=ZEBU_TEST))
    assert store.subscriptions.locate(Mode.TEST, "sub_zebu_1") is None
    assert store.subscriptions.locate(Mode.LIVE, "sub_zebu_2") is None
    assert store.subscriptions.get(evolve(address_of(test), mode=Mode.LIVE)) is None
    for mode, partner_id, only in ((Mode.LIVE, ZEBU, live), (Mode.TEST, ZEBU_TEST, test)):
        assert store.subscriptions.of_user(mode, ANITA, None, PageRequest()).entries == (only.summary,)
        assert store.subscriptions.of_partner(partner_id, None, PageRequest()).entries == (only.summary,)
        rows = list(store.subscriptions.subscribers(mode, "basket_1"))
        assert [(row.subscription_id, row.mode) for row in rows] == [(only.terms.subscription_id, mode)]


def test_lists_are_by_status_newest_change_first_and_page_by_page(store: Store) -> None:
    every = [
        added(store, subscription(number, basket_id=f"basket_{number}", at=NOON - timedelta(days=number)))
        for number in range(5)
    ]
    move(store, every[3], Transition.PAUSE, 1)
    active = [each.summary for each in every if each is not every[3]]

    def pages(of: List, status: SubscriptionStatus | None) -> list[list[str]]:
        shown, request = [], PageRequest(limit=2)
        while True:
            page = of(status, request)
            shown.append([entry.terms.subscription_id for entry in page.entries])
            if page.next is None:
                return shown
            request = PageRequest(limit=2, after=page.next)

    def of_partner(status: SubscriptionStatus | None, request: PageRequest) -> Page[SubscriptionSummary]:
        return store.subscriptions.of_partner(ZEBU, status, request)

    def of_user(status: SubscriptionStatus | None, request: PageRequest) -> Page[SubscriptionSummary]:
        return store.subscriptions.of_user(Mode.LIVE, ANITA, status, request)

    for of in (of_partner, of_user):
        assert pages(of, SubscriptionStatus.ACTIVE) == [["sub_zebu_0", "sub_zebu_1"], ["sub_zebu_2", "sub_zebu_4"]]
        assert pages(of, SubscriptionStatus.PAUSED) == [["sub_zebu_3"]]
        assert pages(of, SubscriptionStatus.CANCELLED) == [[]]
        assert sorted(chain(*pages(of, None))) == [f"sub_zebu_{number}" for number in range(5)]
    first = store.subscriptions.of_partner(ZEBU, SubscriptionStatus.ACTIVE, PageRequest()).entries
    assert list(first) == active


def test_a_position_of_another_list_is_the_callers_bad_input(store: Store) -> None:
    for number in range(3):
        added(store, subscription(number, basket_id=f"basket_{number}"))
    other = store.subscriptions.of_user(Mode.LIVE, ANITA, None, PageRequest(limit=1)).next
    assert other is not None
    for after in (other, {}, {"user_id": 5}, {"nonsense": "x"}):
        with pytest.raises(InvalidInputError, match=f"after: {NOT_A_POSITION}"):
            store.subscriptions.of_partner(ZEBU, None, PageRequest(after=after))


def test_subscribers_are_the_active_ones_with_what_a_plan_needs(store: Store) -> None:
    first, second = added(store, subscription(1), ONE_ACCOUNT), added(store, subscription(2, user=BALA))
    paused = added(store, subscription(3, user=OTHER))
    move(store, paused, Transition.PAUSE, 1)
    rows = {row.subscription_id: row for row in store.subscriptions.subscribers(Mode.LIVE, "basket_1")}
    assert rows.keys() == {first.terms.subscription_id, second.terms.subscription_id}
    assert rows["sub_zebu_1"].allocation == ONE_ACCOUNT
    assert rows["sub_zebu_2"].allocation is None
    assert {(row.multiplier, row.partner_id, row.ends_on, row.version) for row in rows.values()} == {
        (ONE, ZEBU, None, 1)
    }


def test_subscribers_of_more_than_a_page_are_all_there(store: Store) -> None:
    for number in range(1005):
        added(store, subscription(number, user=Email(f"u{number}@example.com")))
    ids = [row.subscription_id for row in store.subscriptions.subscribers(Mode.LIVE, "basket_1")]
    assert len(ids) == len(set(ids)) == 1005


# Moves


def test_a_move_of_what_is_not_there_and_of_anothers_is_refused_by_name(store: Store) -> None:
    new = added(store, subscription())
    before = everything(store.engine)
    missing = evolve(address_of(new), subscription_id="sub_zebu_9")
    with pytest.raises(SubscriptionNotFoundError):
        store.units.commit(*store.subscriptions.moving(missing, Transition.PAUSE, stamp(1), only_of=None))
    with pytest.raises(SubscriptionNotFoundError):
        store.units.commit(
            *store.subscriptions.ending(
                evolve(location_of(new), address=missing), Transition.CANCEL, stamp(1), only_of=ZEBU
            )
        )
    with pytest.raises(NotTheOwnerError):
        store.units.commit(*store.subscriptions.moving(address_of(new), Transition.PAUSE, stamp(1), only_of=KITE))
    with pytest.raises(NotTheOwnerError):
        store.units.commit(*store.subscriptions.ending(location_of(new), Transition.CANCEL, stamp(1), only_of=KITE))
    assert everything(store.engine) == before


def test_a_direct_one_is_no_partners(store: Store) -> None:
    direct = added(store, subscription(partner_id=None))
    with pytest.raises(NotTheOwnerError):
        store.units.commit(*store.subscriptions.moving(address_of(direct), Transition.PAUSE, stamp(1), only_of=ZEBU))


@pytest.mark.parametrize("transition", [Transition.PAUSE, Transition.CANCEL, Transition.EXPIRE])
def test_a_move_repeated_by_the_very_same_request_is_done_once_and_succeeds_again(
    store: Store, transition: Transition
) -> None:
    new = added(store, subscription())
    change = move if transition is Transition.PAUSE else end
    change(store, new, transition, 1)
    before = everything(store.engine)
    change(store, new, transition, 1)
    assert everything(store.engine) == before
    with pytest.raises(InvalidStatusTransitionError):
        change(store, new, transition, 2)


def test_a_request_id_that_moved_it_elsewhere_is_no_repeat(store: Store) -> None:
    new = added(store, subscription())
    move(store, new, Transition.PAUSE, 1)
    end(store, new, Transition.CANCEL, 1)
    with pytest.raises(InvalidStatusTransitionError):
        move(store, new, Transition.PAUSE, 1)


@pytest.mark.parametrize("transition", [Transition.CANCEL, Transition.EXPIRE])
def test_an_end_removes_the_live_marker(store: Store, transition: Transition) -> None:
    new = added(store, subscription())
    end(store, new, transition, 1)
    assert store.engine.get(keys.live_marker(Mode.LIVE, ANITA, "basket_1"), consistent=True) is None


def test_a_marker_that_is_missing_keeps_no_cancellation_from_passing_and_is_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    new = added(store, subscription())
    store.engine.write(Delete(keys.live_marker(Mode.LIVE, ANITA, "basket_1")))
    with caplog.at_level(logging.WARNING, logger="quantleap.store"):
        end(store, new, Transition.CANCEL, 1)
    assert found(store, new) == new.move(Transition.CANCEL, stamp(1))
    assert [record.getMessage() for record in caplog.records] == [
        "drift: basket basket_1: no live marker names sub_zebu_1"
    ]


def test_a_marker_that_names_another_keeps_no_cancellation_from_passing_stays_and_is_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    new, marker = added(store, subscription()), keys.live_marker(Mode.LIVE, ANITA, "basket_1")
    store.engine.write(Update(marker, assign={"live_subscription": "sub_zebu_9"}))
    with caplog.at_level(logging.WARNING, logger="quantleap.store"):
        end(store, new, Transition.CANCEL, 1)
    assert found(store, new) == new.move(Transition.CANCEL, stamp(1))
    kept = store.engine.get(marker)
    assert kept is not None
    assert kept["live_subscription"] == "sub_zebu_9"
    assert [record.getMessage() for record in caplog.records] == [
        "drift: basket basket_1: no live marker names sub_zebu_1"
    ]


def test_a_refusal_is_told_though_the_marker_has_drifted_too(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    new = added(store, subscription())
    store.engine.write(
        Update(keys.live_marker(Mode.LIVE, ANITA, "basket_1"), assign={"live_subscription": "sub_zebu_9"})
    )
    before = everything(store.engine)
    with pytest.raises(NotTheOwnerError):
        store.units.commit(*store.subscriptions.ending(location_of(new), Transition.CANCEL, stamp(1), only_of=KITE))
    assert everything(store.engine) == before
    assert caplog.records == []


# Charging and parking


def test_a_subscription_is_parked_and_freed_only_from_what_it_is(store: Store) -> None:
    new = added(store, subscription())
    held = new.held("a refund above its charge")
    store.units.commit(*store.subscriptions.parking(new, held))
    assert found(store, new) == held
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(*store.subscriptions.parking(new, held))
    store.units.commit(*store.subscriptions.parking(held, held.unparked()))
    assert found(store, new) == held.unparked()


def test_one_users_subscriptions_by_one_partner_are_all_there_and_tell_of_no_other(store: Store) -> None:
    own = [added(store, subscription(number, basket_id=f"basket_{number}")) for number in range(3)]
    added(store, subscription(7, basket_id="basket_7", partner_id=KITE))
    added(store, subscription(8, basket_id="basket_8", partner_id=None))
    shown: list[str] = []
    request = PageRequest(limit=2)
    while True:
        page = store.subscriptions.of_partner_and_user(ZEBU, ANITA, None, request)
        shown += [entry.terms.subscription_id for entry in page.entries]
        if page.next is None:
            break
        request = PageRequest(limit=2, after=page.next)
    assert sorted(shown) == [each.terms.subscription_id for each in own]
    assert store.subscriptions.of_partner_and_user(ZEBU, BALA, None, PageRequest()).entries == ()


@pytest.mark.parametrize("partner_id", [ZEBU, KITE], ids=str)
def test_a_page_of_them_that_holds_all_is_the_last_whatever_others_the_user_has(
    store: Store, partner_id: PartnerId
) -> None:
    """A position would tell a partner that there are others."""
    for number, each in enumerate([ZEBU, None, KITE, None, KITE, ZEBU]):
        added(store, subscription(number, basket_id=f"basket_{number}", partner_id=each))
    one, two, three = (
        store.subscriptions.of_partner_and_user(partner_id, ANITA, None, PageRequest(limit)) for limit in (1, 2, 3)
    )
    assert one.next is not None
    assert (len(two.entries), two.next) == (2, None)
    assert three == two


def test_a_charged_period_counts_once_and_only_from_where_it_was_decided(store: Store) -> None:
    new = added(store, subscription())
    after = new.charged(0, NOON)
    store.units.commit(*store.subscriptions.charging(new, after))
    assert found(store, new) == after
    with pytest.raises(PeriodNotChargeableError) as refusal:
        store.units.commit(*store.subscriptions.charging(new, after))
    assert refusal.value.period_index == 0
    assert found(store, new) == after


@pytest.mark.parametrize("parked", [True, False], ids=["parked", "ended"])
def test_what_ended_or_was_parked_meanwhile_is_not_charged(store: Store, parked: bool) -> None:
    new = added(store, subscription())
    if parked:
        store.engine.write(Update(keys.subscription(Mode.LIVE, ANITA, "sub_zebu_1"), assign={"parked": "two charges"}))
    else:
        end(store, new, Transition.CANCEL, 1)
    before = everything(store.engine)
    with pytest.raises(PeriodNotChargeableError):
        store.units.commit(*store.subscriptions.charging(new, new.charged(0, NOON)))
    assert everything(store.engine) == before


# The feed


def test_events_are_told_in_order_whatever_the_size_of_a_batch_and_again_from_any_position(store: Store) -> None:
    new = added(store, subscription(), ONE_ACCOUNT)
    move(store, new, Transition.PAUSE, 1)
    move(store, new, Transition.RESUME, 2)
    charged = found(store, new)
    store.units.commit(*store.subscriptions.charging(charged, charged.charged(0, NOON)))
    charged = found(store, new)
    store.units.commit(*store.subscriptions.charging(charged, charged.charged(1, NOON)))
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", None, stamp(1)))
    end(store, new, Transition.CANCEL, 3)
    kinds = [
        SubscriptionEventKind.CREATED,
        SubscriptionEventKind.PAUSED,
        SubscriptionEventKind.RESUMED,
        SubscriptionEventKind.RENEWED,
        SubscriptionEventKind.CANCELLED,
    ]
    everything_at_once = store.subscriptions.events(None, 1000)
    assert [event.kind for event in everything_at_once.events] == kinds
    assert everything_at_once.is_last
    assert everything_at_once.events[-1].subscription == found(store, new)
    for size in (1, 2, 3):
        told: list[SubscriptionEvent] = []
        position, is_last = None, False
        while not is_last:
            batch = store.subscriptions.events(position, size)
            told += batch.events
            position, is_last = batch.position, batch.is_last
        assert [event.event_id for event in told] == [event.event_id for event in everything_at_once.events]
        assert store.subscriptions.events(position, size).events == ()


def test_an_empty_feed_tells_nothing_and_a_position_that_it_never_gave_is_bad_input(store: Store) -> None:
    batch = store.subscriptions.events(None, 10)
    assert (batch.events, batch.unreadable, batch.is_last) == ((), (), True)
    with pytest.raises(InvalidInputError, match="after: is not a position of the feed"):
        store.subscriptions.events("nonsense", 10)
