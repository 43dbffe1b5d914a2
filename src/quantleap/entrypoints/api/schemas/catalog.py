"""The catalog's documents as JSON Schema, from the domain's enumerations and bounds.

These classes describe and validate nothing of their own: bodies are read by the domain's one schema
(`domain/marketplace/document.py`), and the tests hold the two together.
"""

from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.scaling import MAX_BASE_LOTS, MAX_LEGS, LotRounding
from quantleap.domain.marketplace import performance, risk
from quantleap.domain.marketplace.basket import MAX_VERSION
from quantleap.domain.marketplace.content import (
    MAX_DESCRIPTION_CHARS,
    MAX_STRATEGIES,
    Category,
    PartialHedge,
    RiskLevel,
)
from quantleap.domain.marketplace.leg import (
    SELECTION_RULES,
    Action,
    OptionType,
    SelectionMethod,
    SelectionOperator,
)
from quantleap.domain.marketplace.risk import LegLimitType, StrategyLimitType
from quantleap.domain.marketplace.shown import DEFAULT_CURRENCY, MAX_NAME_CHARS
from quantleap.domain.marketplace.strategy import (
    MAX_DAYS_BEFORE_EXPIRY,
    Product,
    StrategyStatus,
    TradingType,
)
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.money import MAX_MINOR, MINOR_DIGITS
from quantleap.entrypoints.api.schemas.fields import whole_number


class Document(BaseModel):
    """A JSON object that has no key but those it names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _from(low: Decimal, high: Decimal) -> WithJsonSchema:
    """Of a number from low to high. The bounds are floats here, for they only describe."""
    return WithJsonSchema({"type": "number", "minimum": float(low), "maximum": float(high)})


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _filled_in(**more: Any) -> Any:
    """May be left out of what is sent, and is always there in what is answered."""
    return Field(default=None, json_schema_extra=_without_default, **more)


_ABOVE_ZERO = r"^(?=.*[1-9])[0-9]{1,16}(\.[0-9]{1,3})?$"

CatalogId: TypeAlias = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"})]
Minute: TypeAlias = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "description": "Of the day, Asia/Kolkata."}
    ),
]
Days: TypeAlias = Annotated[
    list[Weekday], Field(min_length=1, max_length=len(Weekday), json_schema_extra={"uniqueItems": True})
]
Amount: TypeAlias = Annotated[
    Decimal,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_MINOR},
                {"type": "string", "pattern": _ABOVE_ZERO},
            ],
            "description": "Above zero, with at most the currency's decimals; an answer has a number.",
        }
    ),
]
CurrencyCode: TypeAlias = Annotated[str, WithJsonSchema({"type": "string", "enum": list(MINOR_DIGITS)})]
AlgoId: TypeAlias = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"})]
Version: TypeAlias = Annotated[int, *whole_number("version", 1, MAX_VERSION)]

LimitValue: TypeAlias = Annotated[Decimal, _from(risk.SMALLEST, risk.LARGEST)]
SelectionValue: TypeAlias = Annotated[
    Decimal,
    _from(min(rule.low for rule in SELECTION_RULES.values()), max(rule.high for rule in SELECTION_RULES.values())),
]


class LegLimit(Document):
    """A stop, target or trail of one leg, of at most four decimal places."""

    type: LegLimitType
    value: LimitValue


class StrategyLimit(Document):
    """A stop or target on the result of all legs together, of at most four decimal places."""

    type: StrategyLimitType
    value: LimitValue


class ReEntry(Document):
    """How often a leg that left early enters again, and how long after."""

    max_count: int = Field(ge=1, le=risk.MAX_RE_ENTRIES)
    cooldown_minutes: int = Field(default=0, ge=0, le=risk.MAX_COOLDOWN_MINUTES)


class Leg(Document):
    """One option of a strategy. The bounds of `selection_value` follow from its method; `selection_operator` is for the
    two premium methods, which need it. Without `leg_index` a leg takes its place in the list.
    """

    leg_id: CatalogId
    leg_index: int = _filled_in(ge=1, le=MAX_LEGS)
    option_type: OptionType
    action: Action
    lots: int = Field(ge=1, le=MAX_BASE_LOTS)
    selection_method: SelectionMethod
    selection_value: SelectionValue
    selection_operator: SelectionOperator | None = None
    stop_loss: LegLimit | None = None
    target_profit: LegLimit | None = None
    trailing_stop: LegLimit | None = None
    re_entry: ReEntry | None = None


class Strategy(Document):
    """1 to 6 legs on one index, and when they are entered and left."""

    strategy_id: CatalogId
    strategy_name: str = Field(min_length=1, max_length=MAX_NAME_CHARS)
    underlying: Underlying
    expiry_type: ExpiryType
    product: Product
    trading_type: TradingType
    entry_time: Minute
    exit_time: Minute
    entry_days: Days
    exit_days: Days
    legs: list[Leg] = Field(min_length=1, max_length=MAX_LEGS)
    status: StrategyStatus = StrategyStatus.ACTIVE
    algo_id: AlgoId | None = None
    target_profit: StrategyLimit | None = None
    mtm_stop_loss: StrategyLimit | None = None
    move_stop_loss_to_cost: bool = False
    entry_days_before_expiry: int | None = Field(default=None, ge=0, le=MAX_DAYS_BEFORE_EXPIRY)
    exit_days_before_expiry: int | None = Field(default=None, ge=0, le=MAX_DAYS_BEFORE_EXPIRY)


def _figure(name: str) -> WithJsonSchema:
    low, high = performance.BOUNDS[name]
    about = f"At most {performance.MAX_PLACES} decimal places."
    return WithJsonSchema({"type": "number", "minimum": low, "maximum": high, "description": about})


WinRate: TypeAlias = Annotated[Decimal, _figure("win_rate")]
AverageReturn: TypeAlias = Annotated[Decimal, _figure("avg_return_per_trade")]
Drawdown: TypeAlias = Annotated[Decimal, _figure("max_drawdown")]
SharpeRatio: TypeAlias = Annotated[Decimal, _figure("sharpe_ratio")]
ExpectedReturn: TypeAlias = Annotated[Decimal, _figure("expected_return_monthly")]


class ClaimedMetrics(Document):
    """What the author claims; shown only where the disclosure policy allows it."""

    win_rate: WinRate | None = None
    avg_return_per_trade: AverageReturn | None = None
    max_drawdown: Drawdown | None = None
    sharpe_ratio: SharpeRatio | None = None


class ListingFields(Document):
    """What the marketplace shows of a template."""

    basket_name: str = Field(min_length=1, max_length=MAX_NAME_CHARS)
    description: str = Field(min_length=1, max_length=MAX_DESCRIPTION_CHARS)
    category: Category
    index_symbol: Underlying
    subscription_price: Amount
    currency: CurrencyCode = DEFAULT_CURRENCY
    risk_level: RiskLevel | None = None
    total_capital_required: Amount | None = None
    expected_return_monthly: ExpectedReturn | None = None
    performance_metrics: ClaimedMetrics | None = None


class Basket(ListingFields):
    """A template basket: what the marketplace shows of it, and what it trades."""

    basket_id: CatalogId
    lot_rounding: LotRounding = LotRounding.PER_LEG_FLOOR
    on_shortfall: OnShortfall = OnShortfall.REDUCE
    partial_hedge: PartialHedge = PartialHedge.SQUARE_OFF
    strategies: list[Strategy] = Field(default=[], max_length=MAX_STRATEGIES)


class BasketOfVersion(Basket):
    """The same, and the version that the caller saw: where it is given and no longer the present one, 409."""

    version: Version | None = None


class StrategyOfVersion(Strategy):
    """A strategy, and the version of its basket that the caller saw: where it is no longer the present one, 409."""

    version: Version | None = None


class ListingRevision(Document):
    """Some of what the marketplace shows; null takes away what may be absent."""

    basket_name: str = _filled_in(min_length=1, max_length=MAX_NAME_CHARS)
    description: str = _filled_in(min_length=1, max_length=MAX_DESCRIPTION_CHARS)
    category: Category = _filled_in()
    index_symbol: Underlying = _filled_in()
    subscription_price: Amount = _filled_in()
    currency: CurrencyCode = _filled_in()
    risk_level: RiskLevel | None = None
    total_capital_required: Amount | None = None
    expected_return_monthly: ExpectedReturn | None = None
    performance_metrics: ClaimedMetrics | None = None
    version: Version | None = None
