"""What an author writes of a template basket: its listing fields, its trading choices and its strategies."""

from collections.abc import Collection
from enum import StrEnum

from attrs import evolve, field, frozen

from quantleap.domain.errors import AlreadyExistsError, InvalidInputError, StrategyNotFoundError
from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.scaling import LotRounding
from quantleap.domain.marketplace.category import Category
from quantleap.domain.marketplace.shown import MAX_DESCRIPTION_CHARS, RiskLevel, ShownContent
from quantleap.domain.marketplace.strategy import Strategy, require_listed_expiry
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.validation import instance_of, require, tuple_of

__all__ = ["MAX_DESCRIPTION_CHARS", "MAX_STRATEGIES", "BasketContent", "Category", "PartialHedge", "RiskLevel"]

MAX_STRATEGIES = 20


class PartialHedge(StrEnum):
    """What happens when only some of a strategy's legs could be placed."""

    SQUARE_OFF = "square_off"
    """Leave what was placed."""
    COMPLETE = "complete"
    """Try again to place what is missing."""
    ALERT = "alert"
    """Keep it and tell somebody."""


@frozen(kw_only=True)
class BasketContent(ShownContent):
    """A basket of 0 to 20 strategies as it was written, without its version or whether it is listed."""

    lot_rounding: LotRounding = field(default=LotRounding.PER_LEG_FLOOR, validator=instance_of(LotRounding))
    on_shortfall: OnShortfall = field(default=OnShortfall.REDUCE, validator=instance_of(OnShortfall))
    partial_hedge: PartialHedge = field(default=PartialHedge.SQUARE_OFF, validator=instance_of(PartialHedge))
    strategies: tuple[Strategy, ...] = field(default=(), validator=tuple_of(Strategy, 0, MAX_STRATEGIES))

    def __attrs_post_init__(self) -> None:
        ShownContent.__attrs_post_init__(self)
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
