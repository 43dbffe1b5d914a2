"""The one schema of catalog documents: JSON objects to baskets, strategies and legs, and back.

Keys are the fields of the values. Numbers are int or Decimal (parse JSON with `parse_float=Decimal`). An unknown key, a
missing one, or a value of the wrong type or out of bounds is an InvalidInputError whose field is its path. What is
written back has every default filled in and leaves out what is absent; reading it again gives an equal value.
"""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import AttrsInstance, evolve, field, fields_dict, frozen, has

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email
from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.scaling import MAX_LEGS, LotRounding
from quantleap.domain.marketplace.catalog import MAX_TEMPLATES, Catalog
from quantleap.domain.marketplace.content import MAX_STRATEGIES, BasketContent, PartialHedge
from quantleap.domain.marketplace.leg import Action, Leg, OptionType, SelectionMethod, SelectionOperator
from quantleap.domain.marketplace.reader import (
    Parse,
    as_it_is,
    build,
    checked_object,
    choice,
    each,
    exact_decimal,
    nested,
    shown_key,
)
from quantleap.domain.marketplace.risk import LegLimit, LegLimitType, ReEntry, StrategyLimit, StrategyLimitType
from quantleap.domain.marketplace.shown import LISTING_FIELDS, shown_fields
from quantleap.domain.marketplace.strategy import Product, Strategy, StrategyStatus, TradingType, read_time
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.money import Money


def read_catalog(document: object) -> Catalog:
    """`{"owner", "templates": [...]}`, 1 to 100 templates."""
    return build(Catalog, document, _CATALOG)


def read_basket(document: object) -> BasketContent:
    """One template. `currency` (INR unless said) is that of both amounts; `strategies` may be written later."""
    given, shown = shown_fields(document)
    return build(BasketContent, given, {**shown, **_TRADED})


def read_strategy(document: object) -> Strategy:
    """One strategy. Days may stand in any order; a leg without `leg_index` takes its place in the list."""
    return build(Strategy, document, _STRATEGY)


def basket_document(basket: BasketContent) -> dict[str, Any]:
    """The template as JSON-able values: int, Decimal, str, bool, list and dict; amounts as text with all decimals."""
    return {**_plain_object(basket), "currency": basket.subscription_price.currency}


def strategy_document(strategy: Strategy) -> dict[str, Any]:
    """The strategy as JSON-able values: int, Decimal, str, bool, list and dict."""
    return _plain_object(strategy)


@frozen
class ListingChanges:
    """Some of LISTING_FIELDS as a document gives them; null takes away what may be absent."""

    changes: Mapping[str, object] = field(repr=False)

    @changes.validator
    def _of_a_listing(self, _: object, value: object) -> None:
        for name in checked_object(value, "changes"):
            if name not in LISTING_FIELDS:
                raise InvalidInputError(shown_key(name), "is not a field of a listing")

    def applied_to(self, content: BasketContent) -> BasketContent:
        """The content with them; what it trades stays as it is. Raises InvalidInputError."""
        without_strategies = basket_document(evolve(content, strategies=()))
        return evolve(read_basket({**without_strategies, **self.changes}), strategies=content.strategies)


def _email(value: object, field: str) -> Email:
    try:
        return Email(value)
    except InvalidInputError as refusal:
        raise InvalidInputError(field, refusal.reason) from None


def _days(value: object, field: str) -> tuple[Weekday, ...]:
    days = each(choice(Weekday), at_most=len(Weekday))(value, field)
    return tuple(sorted(days, key=lambda day: day.number))


def _legs(value: object, field: str) -> tuple[Leg, ...]:
    numbered = [_numbered(leg, place) for place, leg in enumerate(value, 1)] if isinstance(value, list) else value
    return each(nested(_read_leg), at_most=MAX_LEGS)(numbered, field)


def _numbered(leg: object, place: int) -> object:
    return {"leg_index": place, **leg} if isinstance(leg, Mapping) else leg


def _read_leg(document: object) -> Leg:
    return build(Leg, document, _LEG)


def _read_leg_limit(document: object) -> LegLimit:
    return build(LegLimit, document, {"type": choice(LegLimitType), "value": exact_decimal})


def _read_strategy_limit(document: object) -> StrategyLimit:
    return build(StrategyLimit, document, {"type": choice(StrategyLimitType), "value": exact_decimal})


def _read_re_entry(document: object) -> ReEntry:
    return build(ReEntry, document, {"max_count": as_it_is, "cooldown_minutes": as_it_is})


_LEG: Mapping[str, Parse[Any]] = {
    "leg_id": as_it_is,
    "leg_index": as_it_is,
    "option_type": choice(OptionType),
    "action": choice(Action),
    "lots": as_it_is,
    "selection_method": choice(SelectionMethod),
    "selection_value": exact_decimal,
    "selection_operator": choice(SelectionOperator),
    "stop_loss": nested(_read_leg_limit),
    "target_profit": nested(_read_leg_limit),
    "trailing_stop": nested(_read_leg_limit),
    "re_entry": nested(_read_re_entry),
}

_STRATEGY: Mapping[str, Parse[Any]] = {
    "strategy_id": as_it_is,
    "strategy_name": as_it_is,
    "underlying": choice(Underlying),
    "expiry_type": choice(ExpiryType),
    "product": choice(Product),
    "trading_type": choice(TradingType),
    "entry_time": read_time,
    "exit_time": read_time,
    "entry_days": _days,
    "exit_days": _days,
    "legs": _legs,
    "status": choice(StrategyStatus),
    "algo_id": as_it_is,
    "target_profit": nested(_read_strategy_limit),
    "mtm_stop_loss": nested(_read_strategy_limit),
    "move_stop_loss_to_cost": as_it_is,
    "entry_days_before_expiry": as_it_is,
    "exit_days_before_expiry": as_it_is,
}

_TRADED: Mapping[str, Parse[Any]] = {
    "lot_rounding": choice(LotRounding),
    "on_shortfall": choice(OnShortfall),
    "partial_hedge": choice(PartialHedge),
    "strategies": each(nested(read_strategy), at_most=MAX_STRATEGIES),
}

_CATALOG: Mapping[str, Parse[Any]] = {
    "owner": _email,
    "templates": each(nested(read_basket), at_most=MAX_TEMPLATES),
}


def _plain_object(value: AttrsInstance) -> dict[str, Any]:
    """Fields in their order, without those that are None."""
    return {name: _plain(item) for name in fields_dict(type(value)) if (item := getattr(value, name)) is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if has(type(value)) and not isinstance(value, Money):
        return _plain_object(value)
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    match value:
        case Money():
            return value.major_text()
        case Decimal():
            return int(value) if value == int(value) else value
        case time():
            return value.strftime("%H:%M")
        case StrEnum():
            return value.value
        case _:
            return value
