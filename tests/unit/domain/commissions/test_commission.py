"""The split of a charge."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.commissions.commission import CommissionSplit, split_charge
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.money import MAX_MINOR, Money
from quantleap.domain.rates import Rate


def test_999_at_30_percent_is_299_70_and_699_30() -> None:
    split = split_charge(Money.parse("999.00", "INR"), Rate.parse_percent("30%"))
    assert split.partner == Money.parse("299.70", "INR")
    assert split.platform == Money.parse("699.30", "INR")


def test_a_thousand_of_them_are_2_99_700_and_6_99_300() -> None:
    splits = [split_charge(Money.parse("999.00", "INR"), Rate(3000)) for _ in range(1000)]
    assert sum((split.partner for split in splits), Money.zero("INR")).indian_text() == "2,99,700.00"
    assert sum((split.platform for split in splits), Money.zero("INR")).indian_text() == "6,99,300.00"


def test_commission_rounds_half_up_on_every_small_charge_and_the_platform_takes_the_rest() -> None:
    for minor in range(60):
        for bps in range(0, 10_001, 25):
            split = split_charge(Money(minor, "INR"), Rate(bps))
            commission = math.floor(Fraction(minor * bps, 10_000) + Fraction(1, 2))
            assert (split.partner_minor, split.platform_minor) == (commission, minor - commission)


@given(st.integers(0, MAX_MINOR), st.integers(0, 10_000), st.sampled_from(["INR", "JPY", "KWD"]))
def test_the_parts_add_up_to_the_charge_and_neither_is_below_zero(minor: int, bps: int, currency: str) -> None:
    charge = Money(minor, currency)
    split = split_charge(charge, Rate(bps))
    assert split.partner + split.platform == charge
    assert Money.zero(currency) <= split.partner
    assert Money.zero(currency) <= split.platform
    assert split.partner == charge.share(Rate(bps))


@pytest.mark.parametrize("bps", [0, 4999, 5000, 5001, 10_000])
@pytest.mark.parametrize("minor", [-1, -2, -99900])
def test_a_negative_charge_is_refused(minor: int, bps: int) -> None:
    with pytest.raises(InvalidInputError, match="amount: must not be negative"):
        split_charge(Money(minor, "INR"), Rate(bps))


@pytest.mark.parametrize("parts", [(-1, 2), (2, -1)])
def test_a_split_with_a_negative_part_cannot_be_built(parts: tuple[int, int]) -> None:
    with pytest.raises(InvalidInputError, match="amount: must not be negative"):
        CommissionSplit(*parts, "INR")
