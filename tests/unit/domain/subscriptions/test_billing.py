"""Charged periods and the next billing date: anchored on the first day, in order, each once, and blind to pauses."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError, PeriodNotChargeableError
from quantleap.domain.periods import MAX_PERIOD_INDEX
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.subscription import Billing, Subscription
from quantleap.domain.subscriptions.transitions import Transition

Stamper = Callable[[int], Stamp]


def _charged_through(subscription: Subscription, periods: int, stamp: Stamper) -> Subscription:
    for index in range(periods):
        subscription = subscription.charged(index, stamp(index).at)
    return subscription


@pytest.mark.parametrize(
    ("periods_charged", "next_date"),
    [
        (0, date(2026, 2, 28)),
        (1, date(2026, 2, 28)),
        (2, date(2026, 3, 31)),
        (3, date(2026, 4, 30)),
        (4, date(2026, 5, 31)),
        (12, date(2027, 1, 31)),
        (25, date(2028, 2, 29)),
    ],
)
def test_a_start_on_31_january_is_billed_on_the_month_end_and_never_drifts(
    periods_charged: int, next_date: date, begun: Subscription, stamp: Stamper
) -> None:
    charged = _charged_through(begun, periods_charged, stamp)
    assert charged.summary.next_billing_date == next_date


@given(
    started_on=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    acts=st.lists(st.sampled_from(["charge", "pause", "resume"]), max_size=30),
)
def test_the_next_billing_date_follows_the_charges_and_no_pause_moves_it(
    started_on: date, acts: list[str], begun: Subscription, stamp: Stamper
) -> None:
    subscription = evolve(begun, terms=evolve(begun.terms, started_on=started_on))
    paused, charges = False, 0
    for number, act in enumerate(acts, start=1):
        if act == "charge":
            subscription, charges = subscription.charged(charges, stamp(number).at), charges + 1
        elif paused is (act == "resume"):
            subscription, paused = subscription.move(Transition(act), stamp(number)), not paused
    months = started_on.year * 12 + started_on.month - 1 + max(charges, 1)
    year, month = months // 12, months % 12 + 1
    expected = date(year, month, min(started_on.day, monthrange(year, month)[1]))
    assert subscription.summary.next_billing_date == expected


@pytest.mark.parametrize("ending", [Transition.CANCEL, Transition.EXPIRE])
def test_a_terminal_subscription_has_no_next_billing_date(
    ending: Transition, begun: Subscription, stamp: Stamper
) -> None:
    assert begun.move(ending, stamp(1)).summary.next_billing_date is None


def test_a_charge_counts_the_period_and_bumps_the_version_only(begun: Subscription, stamp: Stamper) -> None:
    charged = begun.charged(0, stamp(5).at)
    assert charged.billing == Billing(periods_charged=1, charged_at=stamp(5).at)
    assert evolve(charged, billing=begun.billing, version=1) == begun
    assert charged.version == 2


def test_a_charge_keeps_the_last_day_and_the_reason_of_a_hold(begun: Subscription, stamp: Stamper) -> None:
    held = evolve(begun, billing=Billing(ends_on=date(2026, 5, 30), parked="two charges overlap"))
    charged = held.charged(0, stamp(1).at)
    assert (charged.billing.ends_on, charged.billing.parked) == (date(2026, 5, 30), "two charges overlap")


def test_periods_come_in_order_from_the_start(begun: Subscription, stamp: Stamper) -> None:
    assert begun.next_period().start == date(2026, 1, 31)
    second = begun.charged(0, stamp(1).at).next_period()
    assert (second.index, second.start, second.end) == (1, date(2026, 2, 28), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("charged", "index", "reason"),
    [
        (1, 0, "it was charged before"),
        (3, 2, "it was charged before"),
        (3, 0, "it was charged before"),
        (0, 1, "period 0 comes first"),
        (2, 5, "period 2 comes first"),
        (2, -1, "it was charged before"),
    ],
)
def test_a_period_is_charged_once_and_in_its_turn(
    charged: int, index: int, reason: str, begun: Subscription, stamp: Stamper
) -> None:
    subscription = _charged_through(begun, charged, stamp)
    with pytest.raises(PeriodNotChargeableError) as refusal:
        subscription.charged(index, stamp(9).at)
    assert refusal.value.details() == {
        "subscription_id": "sub_zebu_0190a3f2",
        "period_index": index,
        "reason": reason,
    }


def test_a_paused_subscription_is_still_charged(begun: Subscription, stamp: Stamper) -> None:
    paused = begun.move(Transition.PAUSE, stamp(1))
    assert paused.charged(0, stamp(2).at).billing.periods_charged == 1


@pytest.mark.parametrize(("ending", "status"), [(Transition.CANCEL, "CANCELLED"), (Transition.EXPIRE, "EXPIRED")])
def test_a_terminal_subscription_is_not_charged(
    ending: Transition, status: str, begun: Subscription, stamp: Stamper
) -> None:
    ended = begun.charged(0, stamp(1).at).move(ending, stamp(2))
    message = f"Period 1 of sub_zebu_0190a3f2 cannot be charged: the subscription is {status}"
    with pytest.raises(PeriodNotChargeableError) as refusal:
        ended.charged(1, stamp(3).at)
    assert str(refusal.value) == message
    with pytest.raises(PeriodNotChargeableError):
        ended.next_period()


@pytest.mark.parametrize("count", [-1, MAX_PERIOD_INDEX + 1, True, 1.0])
def test_a_count_of_periods_out_of_bounds_cannot_be_built(count: int) -> None:
    with pytest.raises(InvalidInputError, match=r"^periods_charged: "):
        Billing(periods_charged=count)


def test_no_period_is_charged_past_the_last_one_there_may_be(begun: Subscription, stamp: Stamper) -> None:
    last = evolve(begun, billing=Billing(periods_charged=MAX_PERIOD_INDEX))
    with pytest.raises(InvalidInputError, match=r"^periods_charged: "):
        last.charged(MAX_PERIOD_INDEX, stamp(1).at)


def test_a_period_that_begins_after_the_last_day_is_not_charged(begun: Subscription, stamp: Stamper) -> None:
    ending = evolve(begun, billing=Billing(periods_charged=1, ends_on=date(2026, 2, 27)))
    with pytest.raises(PeriodNotChargeableError) as refusal:
        ending.next_period()
    assert str(refusal.value).endswith("its last day is 2026-02-27")
    kept = evolve(begun, billing=Billing(periods_charged=1, ends_on=date(2026, 2, 28)))
    assert kept.next_period().start == date(2026, 2, 28)
