"""Lot sizes and quantity limits are dated, never contradict each other, and are never guessed."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import permutations
from typing import Any

import pytest

from quantleap.domain.errors import InvalidInputError, NotCoveredError
from quantleap.domain.lots.contract_terms import ContractTerm, ContractTerms, QuantityLimit, QuantityLimits
from quantleap.domain.marketplace.underlying import Underlying

NIFTY, BANKNIFTY = Underlying.NIFTY, Underlying.BANKNIFTY


def term(underlying: Underlying, first: date, last: date | None, lot_size: int = 75) -> ContractTerm:
    return ContractTerm(underlying, "NSE", first, last, lot_size, "NSE/FAOP/70616 of 2025-10-03")


def limit(underlying: Underlying, first: date, last: date | None, quantity: int = 1800) -> QuantityLimit:
    return QuantityLimit(underlying, "NSE", first, last, quantity, "NSE circular of 2025-11-28")


TERMS = (
    term(NIFTY, date(2025, 2, 1), date(2025, 12, 30), 75),
    term(NIFTY, date(2026, 1, 1), None, 65),
    term(BANKNIFTY, date(2025, 7, 1), date(2025, 12, 30), 35),
)

LIMITS = (
    limit(BANKNIFTY, date(2025, 7, 1), date(2025, 8, 31), 600),
    limit(BANKNIFTY, date(2025, 9, 1), date(2025, 11, 30), 900),
    limit(BANKNIFTY, date(2025, 12, 1), None, 600),
)


@pytest.mark.parametrize(
    ("underlying", "expiry", "lot_size"),
    [
        (NIFTY, date(2025, 2, 1), 75),
        (NIFTY, date(2025, 12, 30), 75),
        (NIFTY, date(2026, 1, 1), 65),
        (NIFTY, date.max, 65),
        (BANKNIFTY, date(2025, 12, 30), 35),
    ],
)
def test_the_lot_size_is_the_one_of_the_expiry_both_ends_included(
    underlying: Underlying, expiry: date, lot_size: int
) -> None:
    assert [ContractTerms(rows).lot_size(underlying, expiry) for rows in permutations(TERMS)] == [lot_size] * 6


@pytest.mark.parametrize(
    ("on", "quantity"),
    [
        (date(2025, 8, 31), 600),
        (date(2025, 9, 1), 900),
        (date(2025, 11, 30), 900),
        (date(2025, 12, 1), 600),
        (date(2030, 1, 1), 600),
    ],
)
def test_the_largest_order_quantity_is_the_one_of_the_trade_date(on: date, quantity: int) -> None:
    assert QuantityLimits(LIMITS).max_order_quantity(BANKNIFTY, on) == quantity


@pytest.mark.parametrize(
    ("look_up", "message"),
    [
        (lambda: ContractTerms(TERMS).lot_size(NIFTY, date(2025, 1, 31)), "No lot size for NIFTY on 2025-01-31"),
        (lambda: ContractTerms(TERMS).lot_size(NIFTY, date(2025, 12, 31)), "No lot size for NIFTY on 2025-12-31"),
        (lambda: ContractTerms(TERMS).lot_size(BANKNIFTY, date(2026, 1, 1)), "No lot size for BANKNIFTY on 2026-01-01"),
        (
            lambda: QuantityLimits(LIMITS).max_order_quantity(NIFTY, date(2025, 12, 1)),
            "No largest order quantity for NIFTY on 2025-12-01",
        ),
        (
            lambda: QuantityLimits(()).max_order_quantity(BANKNIFTY, date(2025, 12, 1)),
            "No largest order quantity for BANKNIFTY on 2025-12-01",
        ),
    ],
)
def test_a_day_that_no_row_covers_is_an_error(look_up: Callable[[], int], message: str) -> None:
    with pytest.raises(NotCoveredError) as refusal:
        look_up()
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 6, 30), None)),
        ((date(2025, 1, 1), None), (date(2026, 1, 1), date(2026, 1, 1))),
        ((date(2025, 1, 1), date(2025, 12, 31)), (date(2025, 3, 1), date(2025, 4, 1))),
        ((date(2025, 1, 1), None), (date(2025, 1, 1), None)),
    ],
)
def test_two_rows_for_one_day_of_one_underlying_cannot_be_built(
    first: tuple[date, date | None], second: tuple[date, date | None]
) -> None:
    for one, other in ((first, second), (second, first)):
        apart = limit(BANKNIFTY, *one)
        with pytest.raises(InvalidInputError, match=r"^rows: overlap for NIFTY on "):
            ContractTerms((term(NIFTY, *one), term(BANKNIFTY, *one), term(NIFTY, *other)))
        with pytest.raises(InvalidInputError, match=r"^rows: overlap for NIFTY on "):
            QuantityLimits((limit(NIFTY, *one), apart, limit(NIFTY, *other)))


def test_rows_of_two_underlyings_may_cover_the_same_days() -> None:
    rows = (term(NIFTY, date(2026, 1, 1), None, 65), term(BANKNIFTY, date(2026, 1, 1), None, 30))
    terms = ContractTerms(rows)
    assert (terms.lot_size(NIFTY, date(2026, 1, 27)), terms.lot_size(BANKNIFTY, date(2026, 1, 27))) == (65, 30)


GOOD_TERM = {
    "underlying": NIFTY,
    "exchange": "NSE",
    "first_expiry": date(2026, 1, 1),
    "last_expiry": None,
    "lot_size": 65,
    "source": "NSE/FAOP/70616 of 2025-10-03",
}
GOOD_LIMIT = {
    "underlying": NIFTY,
    "exchange": "NSE",
    "effective_from": date(2023, 4, 3),
    "effective_to": None,
    "max_order_quantity": 1800,
    "source": "NSE circular of 2025-11-28",
}


@pytest.mark.parametrize(
    ("row", "good", "bad"),
    [
        (ContractTerm, GOOD_TERM, {"underlying": "SENSEX"}),
        (ContractTerm, GOOD_TERM, {"exchange": ""}),
        (ContractTerm, GOOD_TERM, {"first_expiry": "2026-01-01"}),
        (ContractTerm, GOOD_TERM, {"first_expiry": datetime(2026, 1, 1)}),  # noqa: DTZ001 - refused, zone or not
        (ContractTerm, GOOD_TERM, {"last_expiry": date(2025, 12, 31)}),
        (ContractTerm, GOOD_TERM, {"last_expiry": "2026-12-31"}),
        (ContractTerm, GOOD_TERM, {"lot_size": 0}),
        (ContractTerm, GOOD_TERM, {"lot_size": 100_001}),
        (ContractTerm, GOOD_TERM, {"lot_size": "65"}),
        (ContractTerm, GOOD_TERM, {"source": ""}),
        (QuantityLimit, GOOD_LIMIT, {"underlying": None}),
        (QuantityLimit, GOOD_LIMIT, {"exchange": "E" * 11}),
        (QuantityLimit, GOOD_LIMIT, {"effective_from": None}),
        (QuantityLimit, GOOD_LIMIT, {"effective_to": date(2023, 4, 2)}),
        (QuantityLimit, GOOD_LIMIT, {"max_order_quantity": 0}),
        (QuantityLimit, GOOD_LIMIT, {"max_order_quantity": 10_000_001}),
        (QuantityLimit, GOOD_LIMIT, {"max_order_quantity": True}),
        (QuantityLimit, GOOD_LIMIT, {"source": "s" * 501}),
    ],
)
def test_a_malformed_row_is_refused_by_the_name_of_its_field(
    row: Callable[..., object], good: dict[str, Any], bad: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        row(**good | bad)
    assert refusal.value.field == next(iter(bad))
