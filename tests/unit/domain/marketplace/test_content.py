"""Which baskets can be written, and how their strategies are edited."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from quantleap.domain.errors import AlreadyExistsError, InvalidInputError, StrategyNotFoundError
from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.scaling import LotRounding
from quantleap.domain.marketplace.content import BasketContent, PartialHedge
from quantleap.domain.marketplace.performance import PerformanceMetrics
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.money import Money

MakeContent = Callable[..., BasketContent]
MakeStrategy = Callable[..., Strategy]


def refusal_of(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as caught:
        call()
    return caught.value.field, caught.value.reason


def test_what_is_not_said_of_a_basket_is_its_default(content: MakeContent) -> None:
    plain = content(strategies=())
    assert plain.lot_rounding is LotRounding.PER_LEG_FLOOR
    assert plain.on_shortfall is OnShortfall.REDUCE
    assert plain.partial_hedge is PartialHedge.SQUARE_OFF
    assert (plain.risk_level, plain.total_capital_required, plain.strategies) == (None, None, ())
    assert (plain.expected_return_monthly, plain.performance_metrics) == (None, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("basket_id", "Basket"),
        ("basket_id", "b\u0430sket"),
        ("basket_name", ""),
        ("basket_name", "x" * 121),
        ("basket_name", "a\x00b"),
        ("description", ""),
        ("description", "x" * 2001),
        ("description", "a\u200bb"),
        ("category", "neutral"),
        ("index_symbol", "NIFTY"),
        ("subscription_price", Money(0, "INR")),
        ("subscription_price", Money(-1, "INR")),
        ("subscription_price", 999),
        ("subscription_price", None),
        ("risk_level", "low"),
        ("total_capital_required", Money(0, "INR")),
        ("total_capital_required", Money(1, "USD")),
        ("total_capital_required", 50_000),
        ("expected_return_monthly", 2.5),
        ("expected_return_monthly", Decimal("NaN")),
        ("expected_return_monthly", Decimal("1000.0001")),
        ("performance_metrics", {}),
        ("lot_rounding", "per_leg_floor"),
        ("on_shortfall", "reduce"),
        ("partial_hedge", "alert"),
        ("strategies", []),
        ("strategies", ("strat_1",)),
    ],
)
def test_a_malformed_basket_is_refused_by_the_name_of_the_field(content: MakeContent, name: str, value: object) -> None:
    assert refusal_of(lambda: content(**{name: value}))[0] == name


def test_a_basket_at_every_upper_bound_is_taken(content: MakeContent, strategy: MakeStrategy) -> None:
    strategies = tuple(strategy(strategy_id=f"strat_{index}") for index in range(20))
    full = content(
        basket_name="x" * 120, description="x" * 2000, strategies=strategies, total_capital_required=Money(1, "INR")
    )
    assert len(full.strategies) == 20


def test_twenty_one_strategies_are_too_many(content: MakeContent, strategy: MakeStrategy) -> None:
    strategies = tuple(strategy(strategy_id=f"strat_{index}") for index in range(21))
    assert refusal_of(lambda: content(strategies=strategies)) == ("strategies", "must hold 0 to 20")


def test_two_strategies_of_one_id_are_refused_at_the_second(content: MakeContent, strategy: MakeStrategy) -> None:
    assert refusal_of(lambda: content(strategies=(strategy(), strategy()))) == (
        "strategies[1].strategy_id",
        "repeats the id of a strategy before it",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("win_rate", Decimal(101)),
        ("win_rate", Decimal(-1)),
        ("win_rate", Decimal("0.00001")),
        ("avg_return_per_trade", Decimal("Infinity")),
        ("max_drawdown", 1.5),
        ("sharpe_ratio", True),
        ("sharpe_ratio", "1.2"),
    ],
)
def test_a_claimed_figure_is_exact_and_within_bounds(name: str, value: object) -> None:
    assert refusal_of(lambda: PerformanceMetrics(**{name: value}))[0] == name  # type: ignore[arg-type]  # refused


def test_a_strategy_is_found_added_replaced_and_removed_by_its_id(content: MakeContent, strategy: MakeStrategy) -> None:
    first, second = strategy(strategy_id="a"), strategy(strategy_id="b")
    both = content(strategies=(first,)).with_strategy(second)
    assert both.strategies == (first, second)
    assert both.strategy("b") == second
    renamed = strategy(strategy_id="a", strategy_name="Renamed")
    assert both.with_strategy_replaced(renamed).strategies == (renamed, second)
    assert both.without_strategy("a").strategies == (second,)
    assert both.strategies == (first, second)


def test_a_strategy_that_is_there_is_not_added_again(content: MakeContent, strategy: MakeStrategy) -> None:
    with pytest.raises(AlreadyExistsError, match="Strategy strat_1 already exists"):
        content().with_strategy(strategy())


def test_a_strategy_that_is_not_there_is_not_found(content: MakeContent, strategy: MakeStrategy) -> None:
    written = content(strategies=(strategy(strategy_id="other"),))
    for call in (
        lambda: written.strategy("strat_1"),
        lambda: written.with_strategy_replaced(strategy()),
        lambda: written.without_strategy("strat_1"),
    ):
        with pytest.raises(StrategyNotFoundError, match="No strategy strat_1"):
            call()


def test_a_weekly_strategy_without_weekly_contracts_is_named_by_its_path(
    content: MakeContent, strategy: MakeStrategy
) -> None:
    written = content(strategies=(strategy(), strategy(strategy_id="b", underlying=Underlying.BANKNIFTY)))
    written.require_listed_expiries({Underlying.NIFTY, Underlying.BANKNIFTY})
    assert refusal_of(lambda: written.require_listed_expiries({Underlying.NIFTY})) == (
        "strategies[1].expiry_type",
        "BANKNIFTY has no weekly contracts",
    )
