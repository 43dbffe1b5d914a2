"""Template baskets as documents and as views: everything in them, for the admin who owns them."""

from collections.abc import Iterator
from typing import Any

from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.document import basket_document
from quantleap.domain.marketplace.leg import Leg, SelectionMethod
from quantleap.domain.marketplace.risk import LegLimit, LegLimitType, StrategyLimit, StrategyLimitType
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.entrypoints.cli.output.views import Facts, Line, Table, Tone, View

_STRIKES = {
    SelectionMethod.ATM_POINTS: "ATM {value:+f} points",
    SelectionMethod.ATM_PERCENT: "ATM {value:+f} %",
    SelectionMethod.PREMIUM: "premium {operator} {value:f}",
    SelectionMethod.PERCENTAGE_OF_STRADDLE_PREMIUM: "premium {operator} {value:f} % of the straddle's",
}


def listed_basket(basket: Basket) -> dict[str, Any]:
    """The basket as a list names it: the published template's fields, its listing status and its version."""
    content = basket.content
    return {
        "basket_id": basket.basket_id,
        "basket_name": content.basket_name,
        "description": content.description,
        "category": content.category,
        "index_symbol": content.index_symbol,
        "strategies_count": len(basket.strategies),
        "subscription_price": content.subscription_price.major_decimal(),
        "currency": content.subscription_price.currency,
        "is_marketplace_enabled": basket.listing.is_enabled,
        "status": basket.listing.status,
        "version": basket.version,
    }


def whole_basket(basket: Basket) -> dict[str, Any]:
    """The basket with all that its author wrote, strategies and legs included; amounts are numbers."""
    content = basket.content
    capital = content.total_capital_required
    amounts = {} if capital is None else {"total_capital_required": capital.major_decimal()}
    return {
        **basket_document(content),
        **amounts,
        **listed_basket(basket),
        "marketplace_enabled_at": basket.listing.marketplace_enabled_at,
        "created_at": basket.created_at,
        "updated_at": basket.updated_at,
    }


def basket_row(basket: Basket) -> tuple[object, ...]:
    """The basket's row under BASKET_HEADINGS."""
    content = basket.content
    return (
        basket.basket_id,
        content.basket_name,
        content.category,
        basket.listing.status,
        len(basket.strategies),
        content.subscription_price,
    )


BASKET_HEADINGS = ("basket", "name", "category", "status", "strategies", "price a month")
BASKET_NUMBERS = ("strategies", "price a month")


def basket_views(basket: Basket) -> Iterator[View]:
    """Everything, for people: the basket's facts, then each strategy's and its legs."""
    content = basket.content
    yield Line(content.basket_name, Tone.HEADING)
    yield Line(content.description)
    yield Facts(
        (
            ("basket", basket.basket_id),
            ("version", basket.version),
            ("status", basket.listing.status),
            ("index", content.index_symbol),
            ("category", content.category),
            ("risk", content.risk_level),
            ("price a month", content.subscription_price),
            ("capital required", content.total_capital_required),
            ("rounding of lots", content.lot_rounding),
            ("on a shortfall", content.on_shortfall),
            ("on a partial hedge", content.partial_hedge),
        )
    )
    for strategy in basket.strategies:
        yield from _strategy_views(strategy)


def _strategy_views(strategy: Strategy) -> Iterator[View]:
    yield Line(strategy.strategy_name, Tone.HEADING)
    yield Facts(
        (
            ("strategy", strategy.strategy_id),
            ("status", strategy.status),
            ("contracts", f"{strategy.underlying} {strategy.expiry_type}"),
            ("product", f"{strategy.product} {strategy.trading_type}"),
            ("enters", f"{strategy.entry_time:%H:%M} {_days(strategy.entry_days)}"),
            ("leaves", f"{strategy.exit_time:%H:%M} {_days(strategy.exit_days)}"),
            ("target profit", _limit(strategy.target_profit)),
            ("stop loss", _limit(strategy.mtm_stop_loss)),
        )
    )
    yield Table(
        ("leg", "side", "option", "lots", "strike", "stop loss", "target", "trailing stop", "re-entries"),
        map(_leg_row, strategy.legs),
        ("lots",),
    )


def _leg_row(leg: Leg) -> tuple[object, ...]:
    strike = _STRIKES[leg.selection_method].format(value=leg.selection_value, operator=leg.selection_operator)
    return (
        leg.leg_id,
        leg.action,
        leg.option_type,
        leg.lots,
        strike,
        _limit(leg.stop_loss),
        _limit(leg.target_profit),
        _limit(leg.trailing_stop),
        None if leg.re_entry is None else leg.re_entry.max_count,
    )


def _limit(limit: LegLimit | StrategyLimit | None) -> str | None:
    match limit:
        case None:
            return None
        case LegLimit(type=LegLimitType.PERCENTAGE) | StrategyLimit(type=StrategyLimitType.PERCENTAGE):
            return f"{limit.value:f} %"
        case LegLimit():
            return f"{limit.value:f} points"
        case StrategyLimit():
            return f"INR {limit.value:f}"


def _days(days: tuple[Weekday, ...]) -> str:
    return ", ".join(day.code.title() for day in days)
