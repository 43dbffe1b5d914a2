"""Any basket, written as a document and read again, is the same basket."""

from datetime import time
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.scaling import LotRounding
from quantleap.domain.marketplace.content import BasketContent, Category, PartialHedge, RiskLevel
from quantleap.domain.marketplace.document import basket_document, read_basket, read_strategy, strategy_document
from quantleap.domain.marketplace.leg import (
    SELECTION_RULES,
    Action,
    Leg,
    OptionType,
    SelectionMethod,
    SelectionOperator,
)
from quantleap.domain.marketplace.performance import PerformanceMetrics
from quantleap.domain.marketplace.risk import LegLimit, LegLimitType, ReEntry, StrategyLimit, StrategyLimitType
from quantleap.domain.marketplace.strategy import Product, Strategy, StrategyStatus, TradingType
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.money import Money

ids = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,63}", fullmatch=True)
names = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=120)
figures = st.decimals(Decimal("0.0001"), Decimal(100), places=4)
weekdays = st.sets(st.sampled_from(Weekday), min_size=1).map(lambda days: tuple(d for d in Weekday if d in days))
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


leg_limits = st.builds(LegLimit, st.sampled_from(LegLimitType), figures)
strategy_limits = st.builds(StrategyLimit, st.sampled_from(StrategyLimitType), figures)


@st.composite
def legs(draw: st.DrawFn) -> tuple[Leg, ...]:
    drawn = []
    for index in sorted(draw(st.sets(st.integers(1, 6), min_size=1))):
        method = draw(st.sampled_from(SelectionMethod))
        rule = SELECTION_RULES[method]
        drawn.append(
            Leg(
                leg_id=f"leg_{index}",
                leg_index=index,
                option_type=draw(st.sampled_from(OptionType)),
                action=draw(st.sampled_from(Action)),
                lots=draw(st.integers(1, 1000)),
                selection_method=method,
                selection_value=draw(st.decimals(rule.low, rule.high, places=rule.max_places)),
                selection_operator=draw(st.sampled_from(SelectionOperator)) if rule.takes_operator else None,
                stop_loss=draw(optional(leg_limits)),
                target_profit=draw(optional(leg_limits)),
                trailing_stop=draw(optional(leg_limits)),
                re_entry=draw(optional(st.builds(ReEntry, st.integers(1, 5), st.integers(0, 375)))),
            )
        )
    return tuple(drawn)


@st.composite
def strategies(draw: st.DrawFn) -> Strategy:
    trading_type = draw(st.sampled_from(TradingType))
    entry_time, exit_time = sorted(draw(st.sets(minutes, min_size=2, max_size=2)))
    entry_days = draw(weekdays)
    return Strategy(
        strategy_id=draw(ids),
        strategy_name=draw(names),
        underlying=draw(st.sampled_from(Underlying)),
        expiry_type=draw(st.sampled_from(ExpiryType)),
        product=draw(st.sampled_from(Product)),
        trading_type=trading_type,
        entry_time=entry_time,
        exit_time=exit_time,
        entry_days=entry_days,
        exit_days=entry_days if trading_type is TradingType.INTRADAY else draw(weekdays),
        legs=draw(legs()),
        status=draw(st.sampled_from(StrategyStatus)),
        algo_id=draw(optional(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", fullmatch=True))),
        target_profit=draw(optional(strategy_limits)),
        mtm_stop_loss=draw(optional(strategy_limits)),
        move_stop_loss_to_cost=draw(st.booleans()),
        entry_days_before_expiry=draw(optional(st.integers(15, 30))),
        exit_days_before_expiry=draw(optional(st.integers(0, 15))),
    )


@st.composite
def contents(draw: st.DrawFn) -> BasketContent:
    currency = draw(st.sampled_from(["INR", "USD", "JPY", "KWD"]))
    amounts = st.builds(Money, st.integers(1, 10**12), st.just(currency))
    return BasketContent(
        basket_id=draw(ids),
        basket_name=draw(names),
        description=draw(names),
        category=draw(st.sampled_from(Category)),
        index_symbol=draw(st.sampled_from(Underlying)),
        subscription_price=draw(amounts),
        risk_level=draw(optional(st.sampled_from(RiskLevel))),
        total_capital_required=draw(optional(amounts)),
        expected_return_monthly=draw(optional(figures)),
        performance_metrics=draw(
            optional(
                st.builds(
                    PerformanceMetrics,
                    win_rate=optional(figures),
                    avg_return_per_trade=optional(figures),
                    max_drawdown=optional(figures),
                    sharpe_ratio=optional(figures),
                )
            )
        ),
        lot_rounding=draw(st.sampled_from(LotRounding)),
        on_shortfall=draw(st.sampled_from(OnShortfall)),
        partial_hedge=draw(st.sampled_from(PartialHedge)),
        strategies=tuple(draw(st.lists(strategies(), max_size=3, unique_by=lambda strategy: strategy.strategy_id))),
    )


def values_in(value: Any) -> list[Any]:
    """The value and all within it."""
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(inner for item in within for inner in values_in(item))]


@given(contents())
def test_any_basket_round_trips_exactly_through_plain_json_values(content: BasketContent) -> None:
    document = basket_document(content)
    for value in values_in(document):
        assert type(value) in (int, Decimal, str, bool, list, dict)
        assert not isinstance(value, Decimal) or value != value.to_integral_value()
    assert read_basket(document) == content


@given(strategies())
def test_any_strategy_round_trips_exactly(strategy: Strategy) -> None:
    assert read_strategy(strategy_document(strategy)) == strategy
