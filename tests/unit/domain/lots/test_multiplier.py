"""The lot multiplier is exact, bounded, and blind to the decimal context."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.lots.multiplier import MAX_MICROS, MIN_MICROS, ONE, Multiplier

multipliers = st.builds(Multiplier, st.integers(MIN_MICROS, MAX_MICROS))


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        (1, 1_000_000),
        (10, 10_000_000),
        (Decimal("0.1"), 100_000),
        (Decimal("1E+1"), 10_000_000),
        (Decimal("1.500000000"), 1_500_000),
        (Decimal("9.999999"), 9_999_999),
        (Decimal("0.100001"), 100_001),
        (Decimal("1." + "0" * 60_000), 1_000_000),
    ],
)
def test_exact_numbers_within_the_bounds_are_read(value: object, micros: int) -> None:
    assert Multiplier.parse(value) == Multiplier(micros)


@pytest.mark.parametrize(
    "value",
    [
        0,
        11,
        -1,
        Decimal("0.099999"),
        Decimal("0.0999999"),
        Decimal("10.000001"),
        Decimal("10.0000001"),
        Decimal("1.0000001"),
        Decimal("-1.5"),
        Decimal("-0"),
        Decimal("1E+30"),
        Decimal("1E-30"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("-Infinity"),
        1.0,
        float("nan"),
        "1",
        True,
        None,
        [1],
        Fraction(1),
    ],
)
def test_anything_else_is_refused_by_the_name_of_the_field(value: object) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Multiplier.parse(value, field="accounts[0].lot_multiplier")
    assert refusal.value.field == "accounts[0].lot_multiplier"


def test_the_field_is_the_published_one_unless_named() -> None:
    with pytest.raises(InvalidInputError, match=r"^custom_lot_multiplier: must be from 0\.1 to 10$"):
        Multiplier.parse(11)


@pytest.mark.parametrize("micros", [MIN_MICROS - 1, MAX_MICROS + 1, 1.0, True])
def test_micros_out_of_bounds_cannot_be_built(micros: int) -> None:
    with pytest.raises(InvalidInputError, match=r"^micros: "):
        Multiplier(micros)


def test_the_decimal_context_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 1
        multiplier = Multiplier.parse(Decimal("9.876543"))
        assert multiplier.micros == 9_876_543
        assert str(multiplier.to_decimal()) == "9.876543"


@pytest.mark.parametrize(
    ("base", "multiplier", "lots"),
    [(100, "1.15", 115), (2, "1.5", 3), (3, "1.5", 4), (1, "1.5", 1), (1, "0.999999", 0), (1000, "10", 10_000)],
)
def test_scaling_rounds_down_exactly(base: int, multiplier: str, lots: int) -> None:
    assert Multiplier.parse(Decimal(multiplier)).scaled(base) == lots


@given(multiplier=multipliers, base=st.integers(0, 1000))
def test_scaling_is_the_floor_of_the_exact_product(multiplier: Multiplier, base: int) -> None:
    assert multiplier.scaled(base) == floor(base * Fraction(multiplier.micros, 1_000_000))


@given(multiplier=multipliers, bases=st.lists(st.integers(0, 1000), max_size=6).map(tuple))
def test_numbers_scaled_together_are_each_scaled_as_if_alone(multiplier: Multiplier, bases: tuple[int, ...]) -> None:
    assert multiplier.scaled_each(bases) == tuple(multiplier.scaled(base) for base in bases)


@given(multiplier=multipliers)
def test_a_multiplier_survives_being_written_and_read(multiplier: Multiplier) -> None:
    assert Multiplier.parse(multiplier.to_decimal()) == multiplier
    assert Fraction(str(multiplier)) == Fraction(multiplier.micros, 1_000_000)


@pytest.mark.parametrize(
    ("micros", "spelled"),
    [(1_500_000, "1.5"), (10_000_000, "10"), (1_000_000, "1"), (100_000, "0.1"), (1_000_001, "1.000001")],
)
def test_it_is_written_without_trailing_zeros(micros: int, spelled: str) -> None:
    assert str(Multiplier(micros)) == spelled
    assert str(Multiplier(micros).to_decimal()) == spelled


def test_multipliers_order_by_size() -> None:
    assert Multiplier(MIN_MICROS) < ONE < Multiplier(MAX_MICROS)
    assert Multiplier.parse(1) == ONE
