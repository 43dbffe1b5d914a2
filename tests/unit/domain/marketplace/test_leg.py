"""Which legs can be built."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.marketplace.leg import Leg, SelectionMethod, SelectionOperator
from quantleap.domain.marketplace.risk import LegLimit, LegLimitType, ReEntry, StrategyLimit, StrategyLimitType

MakeLeg = Callable[..., Leg]

PREMIUM_METHODS = (SelectionMethod.PREMIUM, SelectionMethod.PERCENTAGE_OF_STRADDLE_PREMIUM)
OTHER_METHODS = (SelectionMethod.ATM_POINTS, SelectionMethod.ATM_PERCENT)
SELECTION_BOUNDS = [
    (SelectionMethod.ATM_POINTS, "-10000", "10000", "1"),
    (SelectionMethod.ATM_PERCENT, "-50", "50", "0.0001"),
    (SelectionMethod.PREMIUM, "0.01", "100000", "0.01"),
    (SelectionMethod.PERCENTAGE_OF_STRADDLE_PREMIUM, "0.0001", "1000", "0.0001"),
]


@pytest.mark.parametrize("lots", [1, 1000])
@pytest.mark.parametrize("leg_index", [1, 6])
def test_a_leg_within_every_bound_is_taken(leg: MakeLeg, lots: int, leg_index: int) -> None:
    taken = leg(lots=lots, leg_index=leg_index, stop_loss=LegLimit(LegLimitType.POINTS, Decimal("12.5")))
    assert (taken.lots, taken.leg_index) == (lots, leg_index)
    assert taken.stop_loss == LegLimit(LegLimitType.POINTS, Decimal("12.5"))
    assert (taken.selection_operator, taken.target_profit, taken.trailing_stop, taken.re_entry) == (None,) * 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("leg_id", ""),
        ("leg_id", "leg 1"),
        ("leg_id", "l\u0435g_1"),
        ("leg_id", "leg_1\n"),
        ("leg_index", 0),
        ("leg_index", 7),
        ("leg_index", True),
        ("option_type", "CE"),
        ("action", "SELL"),
        ("lots", 0),
        ("lots", -1),
        ("lots", 1001),
        ("lots", True),
        ("lots", 1.0),
        ("lots", float("nan")),
        ("lots", Decimal(1)),
        ("lots", "1"),
        ("lots", None),
        ("selection_method", "ATM_POINTS"),
        ("selection_value", 200.0),
        ("selection_value", True),
        ("selection_value", "200"),
        ("selection_value", Decimal("NaN")),
        ("selection_value", Decimal("Infinity")),
        ("selection_value", Decimal("0.5")),
        ("stop_loss", {"type": "PERCENTAGE", "value": 30}),
        ("stop_loss", StrategyLimit(StrategyLimitType.PERCENTAGE, Decimal(30))),
        ("target_profit", 30),
        ("trailing_stop", 30),
        ("re_entry", 1),
    ],
)
def test_a_malformed_leg_is_refused_by_the_name_of_the_field(leg: MakeLeg, name: str, value: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        leg(**{name: value})
    assert caught.value.field == name


@pytest.mark.parametrize(("method", "low", "high", "step"), SELECTION_BOUNDS)
def test_a_selection_value_lies_within_its_methods_bounds(
    leg: MakeLeg, method: SelectionMethod, low: str, high: str, step: str
) -> None:
    operator = SelectionOperator.CLOSEST if method in PREMIUM_METHODS else None

    def select(value: Decimal) -> Leg:
        return leg(selection_method=method, selection_operator=operator, selection_value=value)

    assert select(Decimal(low)).selection_value == Decimal(low)
    assert select(Decimal(high)).selection_value == Decimal(high)
    for outside in (Decimal(low) - Decimal(step), Decimal(high) + Decimal(step)):
        with pytest.raises(InvalidInputError, match=f"selection_value: must be from .* with {method}"):
            select(outside)
    with pytest.raises(InvalidInputError, match=r"selection_value: must have at most \d decimal places"):
        select(Decimal(low) + Decimal(step) / 2)


@pytest.mark.parametrize(
    ("method", "operator"),
    [
        *((method, operator) for method in PREMIUM_METHODS for operator in SelectionOperator),
        *((method, None) for method in OTHER_METHODS),
    ],
)
def test_the_premium_methods_take_an_operator_and_the_others_none(
    leg: MakeLeg, method: SelectionMethod, operator: SelectionOperator | None
) -> None:
    taken = leg(selection_method=method, selection_operator=operator, selection_value=Decimal(10))
    assert taken.selection_operator is operator


@pytest.mark.parametrize(
    ("method", "operator", "reason"),
    [
        *((method, None, f"is required with {method}") for method in PREMIUM_METHODS),
        *(
            (method, operator, f"is refused with {method}")
            for method in OTHER_METHODS
            for operator in SelectionOperator
        ),
        *((method, "CLOSEST", "must be a SelectionOperator, not text") for method in SelectionMethod),
    ],
)
def test_any_other_operator_is_refused(leg: MakeLeg, method: SelectionMethod, operator: object, reason: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        leg(selection_method=method, selection_operator=operator, selection_value=Decimal(10))
    assert (caught.value.field, caught.value.reason) == ("selection_operator", reason)


@pytest.mark.parametrize("value", ["0.0001", "30", "100.25", "1000000000"])
def test_a_limit_is_above_zero(value: str) -> None:
    assert LegLimit(LegLimitType.PERCENTAGE, Decimal(value)).value == Decimal(value)
    assert StrategyLimit(StrategyLimitType.ABSOLUTE, Decimal(value)).value == Decimal(value)


@pytest.mark.parametrize(
    "value",
    [
        Decimal(0),
        Decimal(-1),
        Decimal("0.00001"),
        Decimal("1000000000.1"),
        Decimal("NaN"),
        Decimal("-Infinity"),
        1.5,
        True,
        "1",
    ],
)
def test_any_other_limit_is_refused(value: Any) -> None:
    for call in (
        lambda: LegLimit(LegLimitType.POINTS, value),
        lambda: StrategyLimit(StrategyLimitType.PERCENTAGE, value),
    ):
        with pytest.raises(InvalidInputError) as caught:
            call()
        assert caught.value.field == "value"


def test_a_leg_and_a_strategy_measure_their_limits_each_in_its_own_way() -> None:
    assert sorted(LegLimitType) == ["PERCENTAGE", "POINTS"]
    assert sorted(StrategyLimitType) == ["ABSOLUTE", "PERCENTAGE"]
    with pytest.raises(InvalidInputError, match="type"):
        LegLimit(StrategyLimitType.PERCENTAGE, Decimal(1))  # type: ignore[arg-type]  # what is refused
    with pytest.raises(InvalidInputError, match="type"):
        StrategyLimit(LegLimitType.PERCENTAGE, Decimal(1))  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize(("count", "cooldown"), [(1, 0), (5, 375)])
def test_a_leg_re_enters_1_to_5_times(count: int, cooldown: int) -> None:
    assert ReEntry(count, cooldown).max_count == count
    assert ReEntry(count).cooldown_minutes == 0


@pytest.mark.parametrize(
    ("count", "cooldown", "name"),
    [
        (0, 0, "max_count"),
        (6, 0, "max_count"),
        (True, 0, "max_count"),
        (1, -1, "cooldown_minutes"),
        (1, 376, "cooldown_minutes"),
        (1, 1.5, "cooldown_minutes"),
    ],
)
def test_any_other_re_entry_is_refused(count: Any, cooldown: Any, name: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ReEntry(count, cooldown)
    assert caught.value.field == name
