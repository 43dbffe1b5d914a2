"""What an edit of a basket does to the lots that its subscribers trade: the lots of every leg before and after."""

from collections.abc import Iterable
from enum import StrEnum

from attrs import frozen

from quantleap.domain.lots.allocation import Allocation, AllocationMode
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.lots.scaling import BaseLots, LotRounding, LotSkipReason, LotWarning, ScaledLots, scale_lots
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.strategy import Strategy

REPRESENTATIVE = tuple(Multiplier(micros) for micros in (500_000, 1_000_000, 1_500_000, 2_000_000, 5_000_000))
"""Shown whether anybody trades by them or not: 0.5, 1, 1.5, 2, 5."""


@frozen(order=True)
class TradedMultiplier:
    """A multiplier that accounts trade by; `in_whole_units` where accounts share units, whatever the basket rounds."""

    multiplier: Multiplier
    in_whole_units: bool = False


def traded_multipliers(multiplier: Multiplier, allocation: Allocation | None) -> frozenset[TradedMultiplier]:
    """What a subscription of that multiplier trades by, over its accounts; without an allocation, what it would."""
    if allocation is None:
        return frozenset({TradedMultiplier(multiplier)})
    if allocation.mode is AllocationMode.SPLIT:
        return frozenset({TradedMultiplier(multiplier, in_whole_units=True)})
    return frozenset(TradedMultiplier(account.lot_multiplier or multiplier) for account in allocation.accounts)


class StrategyEdit(StrEnum):
    """What an edit does to a strategy, or to how its lots are rounded."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"


@frozen
class LegLots:
    """Lots of one leg before and after; None where the strategy has no such leg."""

    leg_id: str
    before: int | None
    after: int | None


@frozen
class LotsChange:
    """What accounts of one multiplier trade before and after; a side without the strategy skips and warns of nothing.

    Lots are 0 where that side is skipped for its reason.
    """

    by: TradedMultiplier
    legs: tuple[LegLots, ...]
    skip_before: LotSkipReason | None
    skip_after: LotSkipReason | None
    warnings_before: tuple[LotWarning, ...]
    warnings_after: tuple[LotWarning, ...]


@frozen
class StrategyChange:
    """What becomes of one strategy; `lots` is empty where it is UNCHANGED."""

    strategy_id: str
    edit: StrategyEdit
    lots: tuple[LotsChange, ...]


def strategy_changes(
    before: BasketContent, after: BasketContent, multipliers: Iterable[TradedMultiplier]
) -> tuple[StrategyChange, ...]:
    """Every strategy of either side, those that stay or come first in their new order, then those that go."""
    asked = tuple(multipliers)
    old = {strategy.strategy_id: strategy for strategy in before.strategies}
    new = {strategy.strategy_id: strategy for strategy in after.strategies}
    return tuple(
        _change(_Side(old.get(name), before.lot_rounding), _Side(new.get(name), after.lot_rounding), name, asked)
        for name in dict.fromkeys((*new, *old))
    )


@frozen
class _Side:
    """A strategy as one side of the edit has it, if it has."""

    strategy: Strategy | None
    rounding: LotRounding

    @property
    def leg_ids(self) -> tuple[str, ...]:
        return () if self.strategy is None else tuple(leg.leg_id for leg in self.strategy.legs)

    def scaled(self, by: TradedMultiplier) -> ScaledLots:
        if self.strategy is None:
            return ScaledLots((), None, None, ())
        base = BaseLots(leg.lots for leg in self.strategy.legs)
        return scale_lots(base, by.multiplier, LotRounding.WHOLE_UNITS if by.in_whole_units else self.rounding)


def _change(before: _Side, after: _Side, strategy_id: str, asked: tuple[TradedMultiplier, ...]) -> StrategyChange:
    edit = _edit(before, after)
    lots = () if edit is StrategyEdit.UNCHANGED else tuple(_lots_change(before, after, by) for by in asked)
    return StrategyChange(strategy_id, edit, lots)


def _edit(before: _Side, after: _Side) -> StrategyEdit:
    if before == after:
        return StrategyEdit.UNCHANGED
    if before.strategy is None:
        return StrategyEdit.ADDED
    return StrategyEdit.REMOVED if after.strategy is None else StrategyEdit.CHANGED


def _lots_change(before: _Side, after: _Side, by: TradedMultiplier) -> LotsChange:
    old, new = before.scaled(by), after.scaled(by)
    old_lots, new_lots = (dict(zip(side.leg_ids, it.lots, strict=True)) for side, it in ((before, old), (after, new)))
    legs = tuple(
        LegLots(leg_id, old_lots.get(leg_id), new_lots.get(leg_id)) for leg_id in dict.fromkeys((*new_lots, *old_lots))
    )
    return LotsChange(by, legs, old.skip_reason, new.skip_reason, old.warnings, new.warnings)
