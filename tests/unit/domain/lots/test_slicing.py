"""Slices are whole lots within every limit, add up, and are as few as possible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.lots.slicing import cut_each, cut_lots, largest_order, slice_lots


@pytest.mark.parametrize(
    ("lots", "lot_size", "max_order_quantity", "max_lots_per_order", "slices"),
    [
        (1, 65, 1800, None, (1,)),
        (27, 65, 1800, None, (27,)),
        (28, 65, 1800, None, (27, 1)),
        (60, 65, 1800, None, (27, 27, 6)),
        (24, 75, 1800, None, (24,)),
        (25, 75, 1800, None, (24, 1)),
        (25, 75, 1800, 10, (10, 10, 5)),
        (25, 75, 1800, 100, (24, 1)),
        (3, 75, 75, None, (1, 1, 1)),
        (0, 75, 1800, None, ()),
    ],
)
def test_lots_are_cut_into_the_largest_orders_allowed(
    lots: int, lot_size: int, max_order_quantity: int, max_lots_per_order: int | None, slices: tuple[int, ...]
) -> None:
    assert (
        slice_lots(
            lots, lot_size=lot_size, max_order_quantity=max_order_quantity, max_lots_per_order=max_lots_per_order
        )
        == slices
    )


def fewest_slices(lots: int, allowed: list[int]) -> int:
    """Searched for, number of lots by number of lots."""
    fewest = [0]
    for target in range(1, lots + 1):
        fewest.append(1 + min(fewest[target - size] for size in allowed if size <= target))
    return fewest[lots]


@given(
    lots=st.integers(0, 60),
    lot_size=st.integers(1, 20),
    max_order_quantity=st.integers(20, 200),
    max_lots_per_order=st.one_of(st.none(), st.integers(1, 12)),
)
def test_slices_add_up_within_every_limit_biggest_first_and_no_fewer_would_do(
    lots: int, lot_size: int, max_order_quantity: int, max_lots_per_order: int | None
) -> None:
    allowed = [
        size
        for size in range(1, 201)
        if size * lot_size <= max_order_quantity and (max_lots_per_order is None or size <= max_lots_per_order)
    ]
    slices = slice_lots(
        lots, lot_size=lot_size, max_order_quantity=max_order_quantity, max_lots_per_order=max_lots_per_order
    )
    assert sum(slices) == lots
    assert set(slices) <= set(allowed)
    assert sorted(slices, reverse=True) == list(slices)
    assert len(slices) == fewest_slices(lots, allowed)


@pytest.mark.parametrize(
    ("lots", "lot_size", "max_order_quantity", "max_lots_per_order", "field"),
    [
        (-1, 65, 1800, None, "lots"),
        (1, 0, 1800, None, "lot_size"),
        (1, 1801, 1800, None, "lot_size"),
        (0, 1801, 1800, None, "lot_size"),
        (1, 65, 0, None, "lot_size"),
        (1, 65, 1800, 0, "max_lots_per_order"),
    ],
)
def test_what_no_order_can_carry_is_refused_by_name(
    lots: int, lot_size: int, max_order_quantity: int, max_lots_per_order: int | None, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        slice_lots(
            lots, lot_size=lot_size, max_order_quantity=max_order_quantity, max_lots_per_order=max_lots_per_order
        )
    assert refusal.value.field == field


@given(legs=st.lists(st.integers(0, 60), max_size=6).map(tuple), largest=st.integers(1, 30))
def test_legs_cut_together_are_each_cut_as_if_alone(legs: tuple[int, ...], largest: int) -> None:
    assert cut_each(legs, largest) == tuple(cut_lots(lots, largest) for lots in legs)


def test_no_leg_may_be_negative() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        cut_each((2, -1), 27)
    assert refusal.value.field == "lots"


@pytest.mark.parametrize(
    ("lot_size", "max_order_quantity", "max_lots_per_order", "largest"),
    [(65, 1800, None, 27), (75, 1800, None, 24), (75, 1800, 10, 10), (75, 1800, 25, 24), (75, 75, None, 1)],
)
def test_the_largest_order_is_the_smaller_of_the_two_limits_in_whole_lots(
    lot_size: int, max_order_quantity: int, max_lots_per_order: int | None, largest: int
) -> None:
    limits = {"lot_size": lot_size, "max_order_quantity": max_order_quantity}
    assert largest_order(**limits, max_lots_per_order=max_lots_per_order) == largest
