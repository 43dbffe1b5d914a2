"""Events come from two states, one a change; the history tells them again; the same fact has the same id."""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError, InvalidStatusTransitionError
from quantleap.domain.subscriptions.events import (
    SubscriptionEvent,
    SubscriptionEventKind,
    events_between,
    events_of_history,
)
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


def test_a_fact_names_the_status_that_it_found(begun: Subscription, stamp: Stamper) -> None:
    paused = begun.charged(0, stamp(1).at).move(Transition.PAUSE, stamp(2))
    renewed = paused.charged(1, stamp(3).at)
    ended = renewed.move(Transition.EXPIRE, stamp(4))
    states = (None, begun, paused, renewed, ended)
    told = [event for before, after in pairwise(states) if after for event in events_between(before, after)]
    assert [event.status_before for event in told] == [None, "ACTIVE", "PAUSED", "PAUSED"]


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


def test_another_number_kind_or_subscription_has_another_id(begun: Subscription, stamp: Stamper) -> None:
    paused = begun.move(Transition.PAUSE, stamp(1))
    (event,) = events_between(begun, paused)
    (again,) = events_between(paused.move(Transition.RESUME, stamp(2)), paused_again(paused, stamp))
    another = evolve(event.subscription, terms=evolve(begun.terms, subscription_id="sub_zebu_0190a3f3"))
    ids = {
        event.event_id,
        again.event_id,
        evolve(event, kind=SubscriptionEventKind.RENEWED).event_id,
        evolve(event, subscription=another).event_id,
    }
    assert len(ids) == 4


def paused_again(paused: Subscription, stamp: Stamper) -> Subscription:
    return paused.move(Transition.RESUME, stamp(2)).move(Transition.PAUSE, stamp(3))


def test_what_is_no_fact_changes_no_id(begun: Subscription, stamp: Stamper) -> None:
    parked = begun.held("looked at").unparked()
    (plain,) = events_between(begun, begun.move(Transition.PAUSE, stamp(1)))
    (later,) = events_between(parked, parked.move(Transition.PAUSE, stamp(1)))
    assert later.subscription.version == plain.subscription.version + 2
    assert later.event_id == plain.event_id


def lived(
    begun: Subscription, acts: list[Transition | str], stamp: Stamper
) -> tuple[Subscription, list[SubscriptionEvent], dict[int, datetime]]:
    """A life of those acts that the rules allow, what was told of it, and when each period was charged."""
    told, subscription = [*events_between(None, begun)], begun
    charged_at: dict[int, datetime] = {}
    for number, act in enumerate(acts, start=1):
        before, at = subscription, stamp(number).at
        if isinstance(act, Transition):
            try:
                subscription = before.move(act, stamp(number))
            except InvalidStatusTransitionError:
                continue
        elif act == "parking":
            subscription = before.held("looked at").unparked()
        elif before.life.status.is_live:
            charged_at[before.billing.periods_charged] = at
            subscription = before.charged(before.billing.periods_charged, at)
        told += events_between(before, subscription)
    return subscription, told, charged_at


ACTS = st.lists(st.sampled_from([*Transition, "charge", "charge", "parking"]), max_size=25)


@given(acts=ACTS)
def test_along_any_life_every_change_of_status_has_its_event_and_no_id_repeats(
    acts: list[Transition | str], begun: Subscription, stamp: Stamper
) -> None:
    subscription, told, _ = lived(begun, acts, stamp)
    renewals = [event for event in told if event.kind is SubscriptionEventKind.RENEWED]
    assert len(told) - len(renewals) == len(subscription.history)
    assert len(renewals) == max(subscription.billing.periods_charged - 1, 0)
    ids = [event.event_id for event in told]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"evt_[0-9a-f]{32}", event_id) for event_id in ids)


@given(acts=ACTS)
def test_the_history_and_the_charges_tell_every_fact_again_in_order_under_the_same_ids(
    acts: list[Transition | str], begun: Subscription, stamp: Stamper
) -> None:
    subscription, told, charged_at = lived(begun, acts, stamp)
    again = list(events_of_history(subscription, charged_at))
    assert [(event.event_id, event.kind, event.occurred_at) for event in again] == [
        (event.event_id, event.kind, event.occurred_at) for event in told
    ]
    for event, then in zip(again, told, strict=True):
        assert event.subscription.life == then.subscription.life
        assert event.subscription.history == then.subscription.history
        assert event.subscription.billing == then.subscription.billing


def test_a_fact_told_again_carries_the_terms_and_options_as_they_are_now(begun: Subscription, stamp: Stamper) -> None:
    now = evolve(begun.move(Transition.PAUSE, stamp(1)), options=Options(auto_renew=False))
    again = list(events_of_history(now, {}))
    assert [event.subscription.options for event in again] == [now.options] * 2
    assert [event.subscription.life.status for event in again] == ["ACTIVE", "PAUSED"]


def test_facts_whose_clocks_disagree_are_told_in_their_own_order_and_the_end_comes_last(
    begun: Subscription, stamp: Stamper
) -> None:
    life = begun.charged(0, stamp(1).at).move(Transition.PAUSE, stamp(9)).move(Transition.RESUME, stamp(4))
    life = life.charged(1, stamp(8).at).charged(2, stamp(7).at).move(Transition.CANCEL, stamp(6))
    kinds = [event.kind for event in events_of_history(life, {index: stamp(index + 6).at for index in range(3)})]
    moves = [kind for kind in kinds if kind is not SubscriptionEventKind.RENEWED]
    assert moves == [f"subscription.{told}" for told in ("created", "paused", "resumed", "cancelled")]
    assert kinds.count(SubscriptionEventKind.RENEWED) == 2
    assert kinds[-1] is SubscriptionEventKind.CANCELLED


def test_of_one_instant_the_charge_is_told_before_the_move(begun: Subscription, stamp: Stamper) -> None:
    life = begun.charged(0, stamp(1).at).charged(1, stamp(2).at).move(Transition.PAUSE, stamp(2))
    kinds = [event.kind for event in events_of_history(life, {0: stamp(1).at, 1: stamp(2).at})]
    assert kinds == ["subscription.created", "subscription.renewed", "subscription.paused"]


@pytest.mark.parametrize("missing", [0, 1])
def test_a_charge_whose_instant_is_missing_is_refused_before_anything_is_told(
    missing: int, begun: Subscription, stamp: Stamper
) -> None:
    life = begun.charged(0, stamp(1).at).charged(1, stamp(2).at)
    charged_at = {index: stamp(index).at for index in (0, 1) if index != missing}
    with pytest.raises(InvalidInputError, match=f"lacks period {missing} of sub_zebu_0190a3f2"):
        next(events_of_history(life, charged_at))


def test_a_history_that_no_moves_lead_to_is_refused(begun: Subscription, stamp: Stamper) -> None:
    paused = begun.move(Transition.PAUSE, stamp(1))
    twice = evolve(paused, history=(*paused.history, paused.history[-1]))
    with pytest.raises(InvalidStatusTransitionError):
        list(events_of_history(twice, {}))
