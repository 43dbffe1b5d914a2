"""Well-formed legs, strategies, contents and baskets to vary, and the catalog that the package carries."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from quantleap.domain.identifiers import Email
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent, Category
from quantleap.domain.marketplace.leg import Action, Leg, OptionType, SelectionMethod
from quantleap.domain.marketplace.strategy import Product, Strategy, TradingType
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.money import Money


def make_leg(**changes: Any) -> Leg:
    well_formed: dict[str, Any] = {
        "leg_id": "leg_1",
        "leg_index": 1,
        "option_type": OptionType.CE,
        "action": Action.SELL,
        "lots": 2,
        "selection_method": SelectionMethod.ATM_POINTS,
        "selection_value": Decimal(200),
    }
    return Leg(**well_formed | changes)


def make_strategy(**changes: Any) -> Strategy:
    well_formed: dict[str, Any] = {
        "strategy_id": "strat_1",
        "strategy_name": "Morning straddle",
        "underlying": Underlying.NIFTY,
        "expiry_type": ExpiryType.WEEKLY,
        "product": Product.MIS,
        "trading_type": TradingType.INTRADAY,
        "entry_time": time(9, 20),
        "exit_time": time(15, 15),
        "entry_days": (Weekday.MONDAY, Weekday.FRIDAY),
        "exit_days": (Weekday.MONDAY, Weekday.FRIDAY),
        "legs": (make_leg(),),
    }
    return Strategy(**well_formed | changes)


def make_content(**changes: Any) -> BasketContent:
    well_formed: dict[str, Any] = {
        "basket_id": "basket_1",
        "basket_name": "A basket",
        "description": "Sells a straddle.",
        "category": Category.NEUTRAL,
        "index_symbol": Underlying.NIFTY,
        "subscription_price": Money(99_900, "INR"),
        "strategies": (make_strategy(),),
    }
    return BasketContent(**well_formed | changes)


def make_basket(**changes: Any) -> Basket:
    return Basket.new(Email("admin@example.com"), make_content(**changes), datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def leg() -> Callable[..., Leg]:
    return make_leg


@pytest.fixture
def strategy() -> Callable[..., Strategy]:
    return make_strategy


@pytest.fixture
def content() -> Callable[..., BasketContent]:
    return make_content


@pytest.fixture
def basket() -> Callable[..., Basket]:
    return make_basket


@pytest.fixture
def catalog_document() -> dict[str, Any]:
    """The catalog that the package carries, a fresh copy for each test."""
    text = files("quantleap.data").joinpath("catalog.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return document
