"""What an admin is answered of an edit before it is made."""

from typing import Any

from quantleap.application.previewing import EditPreview, TradedBy
from quantleap.domain.marketplace.edit_preview import LegLots, LotsChange, StrategyChange, TradedMultiplier


def edit_preview(preview: EditPreview) -> dict[str, Any]:
    """Whom it reaches, and the lots of every leg before and after."""
    affected = preview.affected
    counted = {each.by: each for each in preview.multipliers}
    return {
        "basket_id": preview.basket_id,
        "version": preview.version,
        "subscribers": {
            "ACTIVE": affected.active,
            "PAUSED": affected.paused,
            "is_complete": affected.is_complete,
        },
        "multipliers_left_out": preview.multipliers_left_out,
        "strategies": [_strategy_document(each, counted) for each in preview.strategies],
    }


def _strategy_document(change: StrategyChange, counted: dict[TradedMultiplier, TradedBy]) -> dict[str, Any]:
    return {
        "strategy_id": change.strategy_id,
        "edit": change.edit,
        "lots": [_lots_document(each, counted[each.by].subscribers) for each in change.lots],
    }


def _lots_document(change: LotsChange, subscribers: int) -> dict[str, Any]:
    return {
        "lot_multiplier": change.by.multiplier.to_decimal(),
        "in_whole_units": change.by.in_whole_units,
        "subscribers": subscribers,
        "legs": [_leg_document(leg) for leg in change.legs],
        "skip_reason_before": change.skip_before,
        "skip_reason_after": change.skip_after,
        "warnings_before": list(change.warnings_before),
        "warnings_after": list(change.warnings_after),
    }


def _leg_document(leg: LegLots) -> dict[str, Any]:
    return {"leg_id": leg.leg_id, "lots_before": leg.before, "lots_after": leg.after}
