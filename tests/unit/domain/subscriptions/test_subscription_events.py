"""Events come from two states and nothing else, one a change, and the same fact has the same id."""

import re
from collections.abc import Callable
from copy import deepcopy

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidStatusTransitionError
from quantleap.domain.subscriptions.events import SubscriptionEvent, SubscriptionEventKind, events_between
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.terms import Options
from quantleap.domain.subscriptions.transitions import Transition

Stamper = Callable[[int], Stamp]


def test_a_new_subscription_is_told_as_created_at_its_instant(begun: Subscription) -> None:
    assert list(events_between(None, begun)) == [
        SubscriptionEvent(SubscriptionEventKind.CREATED, begun.terms.subscribed_at, begun)
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (["pause"], "subscription.paused"),
        (["pause", "resume"], "subscription.resumed"),
        (["cancel"], "subscription.cancelled"),
        (["pause", "cancel"], "subscription.cancelled"),
        (["expire"], "subscription.expired"),
        (["pause", "expire"], "subscription.expired"),
    ],
)
def test_a_move_is_told_once_by_its_published_name(
    path: list[str], kind: str, begun: Subscription, stamp: Stamper
) -> None:
    before = after = begun
    for number, step in enumerate(path, start=1):
        before, after = after, after.move(Transition(step), stamp(number))
    (event,) = events_between(before, after)
    assert event == SubscriptionEvent(SubscriptionEventKind(kind), stamp(len(path)).at, after)


def test_the_first_charge_renews_nothing(begun: Subscription, stamp: Stamper) -> None:
    assert list(events_between(begun, begun.charged(0, stamp(1).at))) == []


def test_each_later_charge_is_a_renewal_at_the_instant_of_the_charge(begun: Subscription, stamp: Stamper) -> None:
    first = begun.charged(0, stamp(1).at)
    second = first.charged(1, stamp(2).at)
    assert list(events_between(first, second)) == [
        SubscriptionEvent(SubscriptionEventKind.RENEWED, stamp(2).at, second)
    ]
    (third,) = events_between(second, second.charged(2, stamp(3).at))
    assert third.kind is SubscriptionEventKind.RENEWED


def test_a_renewal_is_told_before_the_move_that_follows_it(begun: Subscription, stamp: Stamper) -> None:
    before = begun.charged(0, stamp(1).at)
    after = before.charged(1, stamp(2).at).move(Transition.CANCEL, stamp(3))
    told = [(event.kind, event.occurred_at) for event in events_between(before, after)]
    assert told == [
        (SubscriptionEventKind.RENEWED, stamp(2).at),
        (SubscriptionEventKind.CANCELLED, stamp(3).at),
    ]


def test_a_change_of_options_alone_is_no_event(begun: Subscription) -> None:
    assert list(events_between(begun, evolve(begun, options=Options(auto_renew=False), version=2))) == []


def test_a_move_after_a_renewal_does_not_tell_the_renewal_again(begun: Subscription, stamp: Stamper) -> None:
    renewed = begun.charged(0, stamp(1).at).charged(1, stamp(2).at)
    (event,) = events_between(renewed, renewed.move(Transition.PAUSE, stamp(3)))
    assert event.kind is SubscriptionEventKind.PAUSED


def test_an_event_id_never_changes(begun: Subscription, stamp: Stamper) -> None:
    (event,) = events_between(begun, begun.move(Transition.PAUSE, stamp(1)))
    assert event.event_id == "evt_ae46ed3dcb57722e9a11de7114b32266"


def test_the_same_fact_has_the_same_id_whoever_tells_it(begun: Subscription, stamp: Stamper) -> None:
    paused = begun.move(Transition.PAUSE, stamp(1))
    told = list(events_between(begun, paused))
    told_again = list(events_between(deepcopy(begun), deepcopy(paused)))
    assert told == told_again
    assert [event.event_id for event in told] == [event.event_id for event in told_again]


def test_another_version_kind_or_subscription_has_another_id(begun: Subscription, stamp: Stamper) -> None:
    (event,) = events_between(begun, begun.move(Transition.PAUSE, stamp(1)))
    another = evolve(event.subscription, terms=evolve(begun.terms, subscription_id="sub_zebu_0190a3f3"))
    ids = {
        event.event_id,
        evolve(event, kind=SubscriptionEventKind.RENEWED).event_id,
        evolve(event, subscription=evolve(event.subscription, version=3)).event_id,
        evolve(event, subscription=another).event_id,
    }
    assert len(ids) == 4


@given(acts=st.lists(st.sampled_from([*Transition, "charge"]), max_size=25))
def test_along_any_life_every_change_of_status_has_its_event_and_no_id_repeats(
    acts: list[Transition | str], begun: Subscription, stamp: Stamper
) -> None:
    told = [*events_between(None, begun)]
    subscription = begun
    for number, act in enumerate(acts, start=1):
        before = subscription
        if isinstance(act, Transition):
            try:
                subscription = before.move(act, stamp(number))
            except InvalidStatusTransitionError:
                continue
        elif before.life.status.is_live:
            subscription = before.charged(before.billing.periods_charged, stamp(number).at)
        told += events_between(before, subscription)
    renewals = [event for event in told if event.kind is SubscriptionEventKind.RENEWED]
    assert len(told) - len(renewals) == len(subscription.history)
    assert len(renewals) == max(subscription.billing.periods_charged - 1, 0)
    ids = [event.event_id for event in told]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"evt_[0-9a-f]{32}", event_id) for event_id in ids)
