"""The charge of a period and its refunds."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.billing.charge import Charge, charge_id, parse_charge_id
from quantleap.domain.errors import (
    CurrencyMismatchError,
    InvalidInputError,
    PeriodNotChargeableError,
    RefundExceedsChargeError,
)
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.money import Money
from quantleap.domain.periods import BillingPeriod, kolkata_midnight
from quantleap.domain.rates import Rate

ZEBU = PartnerId("zebu", Mode.LIVE)
ANCHOR = date(2026, 1, 31)


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


def charge(amount: Money | None = None, **changes: Any) -> Charge:
    period = changes.get("period", BillingPeriod(ANCHOR, 0))
    fields: dict[str, Any] = {
        "subscription_id": "sub_zebu_0190a3f2",
        "partner_id": ZEBU,
        "basket_id": "iron-condor",
        "period": period,
        "amount": rupees(99900) if amount is None else amount,
        "rate": Rate(3000),
        "posted_at": kolkata_midnight(period.start),
    }
    return Charge.of_period(**{**fields, **changes})


def test_a_charge_of_999_at_30_percent_is_299_70_and_699_30() -> None:
    made = charge()
    assert (made.commission, made.platform_share) == (rupees(29970), rupees(69930))
    assert (made.split.partner, made.split.platform) == (made.commission, made.platform_share)
    assert made.refundable == made.amount


def test_a_direct_charge_is_the_platforms_alone() -> None:
    made = charge(partner_id=None, subscription_id="sub_direct_1", rate=Rate(0))
    assert (made.commission, made.platform_share) == (rupees(0), rupees(99900))


def test_a_charge_is_named_by_its_subscription_and_period() -> None:
    made = charge(period=BillingPeriod(ANCHOR, 12))
    assert made.charge_id == "chg_sub_zebu_0190a3f2_0012"


@pytest.mark.parametrize("subscription_id", ["sub_zebu_1", "sub_direct_0000", "sub_a" + "b" * 30 + "_" + "Z" * 64])
@pytest.mark.parametrize("index", [0, 9, 1200])
def test_a_charge_id_gives_back_what_it_names(subscription_id: str, index: int) -> None:
    assert parse_charge_id(charge_id(subscription_id, index)) == (subscription_id, index)


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "sub_zebu_1",
        "chg_sub_zebu_1",
        "chg_sub_zebu_1_1",
        "chg_sub_z_1_0001",
        "chg_sub_zebu_1_00001",
        "chg_#_0001",
        7,
    ],
)
def test_what_is_no_charge_id_is_refused(spelled: object) -> None:
    with pytest.raises(InvalidInputError, match=r"^charge: must be a "):
        parse_charge_id(spelled, field="charge")


def test_a_period_is_charged_from_its_first_day_in_india_on() -> None:
    period = BillingPeriod(ANCHOR, 1)
    first_instant = kolkata_midnight(date(2026, 2, 28))
    assert charge(period=period, posted_at=first_instant).posted_at == first_instant
    with pytest.raises(PeriodNotChargeableError) as refusal:
        charge(period=period, posted_at=first_instant - timedelta(microseconds=1))
    assert (refusal.value.subscription_id, refusal.value.period_index) == ("sub_zebu_0190a3f2", 1)
    assert refusal.value.reason == "it is not due before 2026-02-28"


def test_ten_refunds_of_1_paisa_of_a_10_paisa_charge_at_50_percent_claw_back_exactly_5() -> None:
    made, clawed_back = charge(rupees(10), rate=Rate(5000)), 0
    for _ in range(10):
        made, reversal = made.refund(rupees(1))
        clawed_back += reversal.clawback.minor
        assert made.clawed_back_minor == clawed_back
    assert clawed_back == 5
    assert made.refundable == rupees(0)


@given(st.integers(1, 10**6), st.integers(0, 10_000), st.lists(st.integers(1, 10**6), max_size=8))
def test_a_full_refund_in_any_number_of_parts_claws_back_exactly_the_commission(
    minor: int, bps: int, parts: list[int]
) -> None:
    made = original = charge(rupees(minor), rate=Rate(bps))
    returned = clawed_back = from_platform = 0
    for part in [*parts, minor]:
        take = min(part, made.refundable.minor)
        if take > 0:
            made, reversal = made.refund(rupees(take))
            returned += reversal.refund.minor
            clawed_back += reversal.clawback.minor
            from_platform += reversal.platform_share.minor
            assert returned == clawed_back + from_platform == made.refunded_minor
    assert (returned, clawed_back, from_platform) == (minor, original.commission.minor, original.platform_share.minor)


def test_a_refund_changes_nothing_but_what_was_refunded() -> None:
    made = charge()
    refunded, _ = made.refund(rupees(49950))
    assert evolve(refunded, refunded_minor=0, clawed_back_minor=0) == made
    assert (refunded.refunded_minor, refunded.clawed_back_minor) == (49950, 14985)
    assert refunded.refundable == rupees(49950)


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        (rupees(50), RefundExceedsChargeError),
        (rupees(0), InvalidInputError),
        (rupees(-1), InvalidInputError),
        (Money(1, "USD"), CurrencyMismatchError),
    ],
)
def test_a_refund_that_is_not_the_charges_is_refused(amount: Money, error: type[Exception]) -> None:
    half_refunded, _ = charge(rupees(99)).refund(rupees(50))
    with pytest.raises(error):
        half_refunded.refund(amount)


def test_a_refund_above_its_charge_says_which_charge_and_what_is_left() -> None:
    with pytest.raises(RefundExceedsChargeError) as refusal:
        charge().refund(rupees(99901))
    assert str(refusal.value) == "Charge chg_sub_zebu_0190a3f2_0000 has only 99900 minor units left to refund"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"subscription_id": "sub_1"}, "subscription_id: must be a subscription id such as sub_zebu_0190a3f2"),
        ({"partner_id": "partner_zebu_live"}, "partner_id: must be a PartnerId, not text"),
        ({"partner_id": None}, "rate: must be 0% without a partner"),
        ({"basket_id": "#"}, "basket_id: must be 1 to 64 lower-case letters, digits, _ or -"),
        ({"period": 0}, "period: must be a BillingPeriod, not a number"),
        ({"amount": 99900}, "amount: must be a Money, not a number"),
        ({"amount": rupees(-1)}, "amount: must not be negative"),
        ({"rate": 3000}, "rate: must be a Rate, not a number"),
        ({"posted_at": datetime(2026, 2, 1)}, "posted_at: must be an instant with a time zone"),  # noqa: DTZ001
        ({"commission": rupees(29971)}, "commission: must be the rate's share of the amount"),
        ({"commission": Money(29970, "USD")}, "commission: must be the rate's share of the amount"),
        ({"refunded_minor": -1}, "refunded_minor: must be from 0 to 99900"),
        ({"refunded_minor": 99901}, "refunded_minor: must be from 0 to 99900"),
        ({"refunded_minor": True}, "refunded_minor: must be a whole number, not a boolean"),
        ({"refunded_minor": 49950}, "clawed_back_minor: must be what refunded_minor claws back"),
        ({"clawed_back_minor": 1}, "clawed_back_minor: must be what refunded_minor claws back"),
        (
            {"refunded_minor": 49950, "clawed_back_minor": 14984},
            "clawed_back_minor: must be what refunded_minor claws back",
        ),
    ],
)
def test_a_charge_whose_figures_do_not_fit_cannot_be_built(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        evolve(charge(), **changes)
    assert str(refusal.value) == reason


def test_a_free_period_can_be_recorded_and_not_refunded() -> None:
    with pytest.raises(RefundExceedsChargeError):
        charge(rupees(0)).refund(rupees(1))
