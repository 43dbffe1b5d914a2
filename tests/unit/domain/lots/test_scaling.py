"""Scaling follows the basket's rounding, warns when ratios change, and never leaves a naked leg."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.lots.multiplier import MAX_MICROS, MIN_MICROS, Multiplier
from quantleap.domain.lots.scaling import BaseLots, LotRounding, LotSkipReason, LotWarning, ScaledLots, scale_lots

multipliers = st.builds(Multiplier, st.integers(MIN_MICROS, MAX_MICROS))
vectors = st.lists(st.one_of(st.integers(1, 6), st.integers(1, 1000)), min_size=1, max_size=6).map(tuple)


def scaled(lots: tuple[int, ...], multiplier: str, rounding: LotRounding) -> ScaledLots:
    return scale_lots(BaseLots(lots), Multiplier.parse(Decimal(multiplier)), rounding)


@pytest.mark.parametrize(
    ("base", "multiplier", "lots", "skip_reason", "warnings"),
    [
        ((2, 3, 1, 2), "1.5", (3, 4, 1, 3), None, (LotWarning.RATIOS_CHANGED,)),
        ((2, 3, 1, 2), "2", (4, 6, 2, 4), None, ()),
        ((100,), "1.15", (115,), None, ()),
        ((2, 2), "1.75", (3, 3), None, ()),
        ((1, 2), "0.5", (0, 0), LotSkipReason.LEG_AT_ZERO_LOTS, ()),
        ((9, 10), "0.1", (0, 0), LotSkipReason.LEG_AT_ZERO_LOTS, ()),
        ((1, 1), "0.5", (0, 0), LotSkipReason.ZERO_LOTS, ()),
        ((1,), "0.999999", (0,), LotSkipReason.ZERO_LOTS, ()),
    ],
)
def test_per_leg_floor_is_the_published_rule(
    base: tuple[int, ...],
    multiplier: str,
    lots: tuple[int, ...],
    skip_reason: LotSkipReason | None,
    warnings: tuple[LotWarning, ...],
) -> None:
    assert scaled(base, multiplier, LotRounding.PER_LEG_FLOOR) == ScaledLots(lots, None, skip_reason, warnings)


@pytest.mark.parametrize(
    ("base", "multiplier", "lots", "units", "skip_reason"),
    [
        ((2, 3, 1, 2), "1.5", (2, 3, 1, 2), 1, None),
        ((2, 4), "1.5", (3, 6), 3, None),
        ((2, 4), "0.5", (1, 2), 1, None),
        ((100,), "1.15", (115,), 115, None),
        ((2, 3), "0.999999", (0, 0), 0, LotSkipReason.ZERO_LOTS),
        ((4, 8), "0.249999", (0, 0), 0, LotSkipReason.ZERO_LOTS),
    ],
)
def test_whole_units_trade_multiples_of_the_primitive_vector(
    base: tuple[int, ...], multiplier: str, lots: tuple[int, ...], units: int, skip_reason: LotSkipReason | None
) -> None:
    assert scaled(base, multiplier, LotRounding.WHOLE_UNITS) == ScaledLots(lots, units, skip_reason, ())


@given(lots=vectors, multiplier=multipliers)
def test_whole_units_keep_every_ratio_and_are_as_many_as_the_multiplier_buys(
    lots: tuple[int, ...], multiplier: Multiplier
) -> None:
    base, exact = BaseLots(lots), Fraction(multiplier.micros, 1_000_000)
    traded = scale_lots(base, multiplier, LotRounding.WHOLE_UNITS)
    assert len({Fraction(leg, whole) for leg, whole in zip(traded.lots, lots, strict=True)}) == 1
    assert all(leg <= whole * exact for leg, whole in zip(traded.lots, lots, strict=True))
    one_unit_more = [leg + unit for leg, unit in zip(traded.lots, base.primitive, strict=True)]
    assert all(leg > whole * exact for leg, whole in zip(one_unit_more, lots, strict=True))


@given(lots=vectors, multiplier=multipliers)
def test_per_leg_floor_warns_exactly_when_the_ratios_of_the_traded_legs_changed(
    lots: tuple[int, ...], multiplier: Multiplier
) -> None:
    floored = [floor(leg * Fraction(multiplier.micros, 1_000_000)) for leg in lots]
    traded = scale_lots(BaseLots(lots), multiplier, LotRounding.PER_LEG_FLOOR)
    if 0 in floored:
        assert traded.skip_reason is (LotSkipReason.LEG_AT_ZERO_LOTS if any(floored) else LotSkipReason.ZERO_LOTS)
        assert (traded.lots, traded.warnings) == ((0,) * len(lots), ())
    else:
        changed = len({Fraction(leg, whole) for leg, whole in zip(floored, lots, strict=True)}) > 1
        assert (traded.lots, traded.skip_reason) == (tuple(floored), None)
        assert traded.warnings == ((LotWarning.RATIOS_CHANGED,) if changed else ())


@given(lots=vectors)
def test_base_lots_are_unit_count_times_a_primitive_vector(lots: tuple[int, ...]) -> None:
    base = BaseLots(lots)
    assert base.of_units(base.unit_count) == base.lots == lots
    divisors_of_all = [d for d in range(2, max(base.primitive) + 1) if all(leg % d == 0 for leg in base.primitive)]
    assert divisors_of_all == []


@pytest.mark.parametrize(
    ("lots", "field"),
    [
        ((), "lots"),
        ((1,) * 7, "lots"),
        ((1, 0), "lots[1]"),
        ((1001,), "lots[0]"),
        ((-1,), "lots[0]"),
        ((1, 1, True), "lots[2]"),
        ((1.0,), "lots[0]"),
        (("1",), "lots[0]"),
    ],
)
def test_base_lots_out_of_bounds_cannot_be_built(lots: tuple[int, ...], field: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        BaseLots(lots)
    assert refusal.value.field == field


def test_base_lots_compare_and_hash_by_their_lots() -> None:
    assert BaseLots([2, 4]) == BaseLots((2, 4))
    assert len({BaseLots((2, 4)), BaseLots((2, 4)), BaseLots((1, 2))}) == 2


@given(lots=vectors, multiplier=multipliers)
def test_flooring_each_leg_trades_whole_units_exactly_when_it_gives_what_whole_units_give(
    lots: tuple[int, ...], multiplier: Multiplier
) -> None:
    base, exact = BaseLots(lots), Fraction(multiplier.micros, 1_000_000)
    units = floor(base.unit_count * exact)
    floored = tuple(floor(leg * exact) for leg in lots)
    assert base.floors_to_whole_units(multiplier) is (floored == tuple(leg * units for leg in base.primitive))


@pytest.mark.parametrize(
    ("lots", "micros", "whole"),
    [
        ((1, 3), 1_333_333, True),
        ((1, 3), 1_333_334, False),
        ((2, 4), 1_249_999, True),
        ((2, 4), 1_250_000, False),
        ((7,), 1_900_000, True),
    ],
)
def test_the_largest_leg_is_the_first_to_gain_a_lot_beyond_whole_units(
    lots: tuple[int, ...], micros: int, *, whole: bool
) -> None:
    assert BaseLots(lots).floors_to_whole_units(Multiplier(micros)) is whole
