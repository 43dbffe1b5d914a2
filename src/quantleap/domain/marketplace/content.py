"""What an author writes of a template basket: its listing fields, its trading choices and its strategies."""

from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum

from attrs import evolve, field, frozen, validators

from quantleap.domain.errors import AlreadyExistsError, InvalidInputError, StrategyNotFoundError
from quantleap.domain.identifiers import template_id
from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.scaling import LotRounding
from quantleap.domain.marketplace.category import Category
from quantleap.domain.marketplace.performance import PerformanceMetrics, expected_return
from quantleap.domain.marketplace.strategy import MAX_NAME_CHARS, Strategy, require_listed_expiry
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.money import Money
from quantleap.domain.validation import checked_by, instance_of, require, text, tuple_of

__all__ = ["MAX_DESCRIPTION_CHARS", "MAX_STRATEGIES", "BasketContent", "Category", "PartialHedge", "RiskLevel"]

MAX_DESCRIPTION_CHARS = 2000
MAX_STRATEGIES = 20


class RiskLevel(StrEnum):
    """The author's own judgement."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class PartialHedge(StrEnum):
    """What happens when only some of a strategy's legs could be placed."""

    SQUARE_OFF = "square_off"
    """Leave what was placed."""
    COMPLETE = "complete"
    """Try again to place what is missing."""
    ALERT = "alert"
    """Keep it and tell somebody."""


@frozen(kw_only=True)
class BasketContent:
    """A basket of 0 to 20 strategies as it was written, without its version or whether it is listed.

    `subscription_price` is above zero, for one month, in the currency of `total_capital_required`.
    """

    basket_id: str = field(validator=checked_by(template_id))
    basket_name: str = field(validator=text(MAX_NAME_CHARS))
    description: str = field(validator=text(MAX_DESCRIPTION_CHARS))
    category: Category = field(validator=instance_of(Category))
    index_symbol: Underlying = field(validator=instance_of(Underlying))
    subscription_price: Money = field(validator=instance_of(Money))
    risk_level: RiskLevel | None = field(default=None, validator=validators.optional(instance_of(RiskLevel)))
    total_capital_required: Money | None = field(default=None, validator=validators.optional(instance_of(Money)))
    expected_return_monthly: Decimal | None = field(default=None, validator=expected_return)
    performance_metrics: PerformanceMetrics | None = field(
        default=None, validator=validators.optional(instance_of(PerformanceMetrics))
    )
    lot_rounding: LotRounding = field(default=LotRounding.PER_LEG_FLOOR, validator=instance_of(LotRounding))
    on_shortfall: OnShortfall = field(default=OnShortfall.REDUCE, validator=instance_of(OnShortfall))
    partial_hedge: PartialHedge = field(default=PartialHedge.SQUARE_OFF, validator=instance_of(PartialHedge))
    strategies: tuple[Strategy, ...] = field(default=(), validator=tuple_of(Strategy, 0, MAX_STRATEGIES))

    def __attrs_post_init__(self) -> None:
        require(self.subscription_price.minor > 0, "subscription_price", "must be above zero")
        capital = self.total_capital_required
        if capital is not None:
            require(capital.minor > 0, "total_capital_required", "must be above zero")
            require(
                capital.currency == self.subscription_price.currency,
                "total_capital_required",
                "must be in the currency of subscription_price",
            )
        seen: set[str] = set()
        for position, strategy in enumerate(self.strategies):
            name = f"strategies[{position}].strategy_id"
            require(strategy.strategy_id not in seen, name, "repeats the id of a strategy before it")
            seen.add(strategy.strategy_id)

    def strategy(self, strategy_id: str) -> Strategy:
        """The strategy of that id. Raises StrategyNotFoundError."""
        return self.strategies[self._position(strategy_id)]

    def with_strategy(self, strategy: Strategy) -> "BasketContent":
        """One strategy more, the last. Raises AlreadyExistsError when the basket has one of that id."""
        if any(known.strategy_id == strategy.strategy_id for known in self.strategies):
            raise AlreadyExistsError("Strategy", strategy.strategy_id)
        return evolve(self, strategies=(*self.strategies, strategy))

    def with_strategy_replaced(self, strategy: Strategy) -> "BasketContent":
        """That strategy in the place of the one with its id. Raises StrategyNotFoundError."""
        position = self._position(strategy.strategy_id)
        return evolve(self, strategies=(*self.strategies[:position], strategy, *self.strategies[position + 1 :]))

    def without_strategy(self, strategy_id: str) -> "BasketContent":
        """The rest of the strategies. Raises StrategyNotFoundError."""
        position = self._position(strategy_id)
        return evolve(self, strategies=(*self.strategies[:position], *self.strategies[position + 1 :]))

    def require_listed_expiries(self, weekly_underlyings: Collection[Underlying]) -> None:
        """Refuse, at authoring, a WEEKLY strategy on an underlying without weekly contracts; the field is its path."""
        for position, strategy in enumerate(self.strategies):
            try:
                require_listed_expiry(strategy, weekly_underlyings)
            except InvalidInputError as refusal:
                raise refusal.under(f"strategies[{position}]") from None

    def _position(self, strategy_id: str) -> int:
        for position, strategy in enumerate(self.strategies):
            if strategy.strategy_id == strategy_id:
                return position
        raise StrategyNotFoundError(strategy_id)
