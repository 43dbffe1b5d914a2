"""A user's broker accounts for a basket, and what they would trade."""

from typing import Any

from quantleap.application.allocation_preview import AllocationPreview, StrategyPreview
from quantleap.domain.execution.plan import AccountPlan, LegPlan
from quantleap.domain.lots.allocation import Allocation, BrokerAccount
from quantleap.domain.lots.multiplier import ONE


def allocation_document(allocation: Allocation) -> dict[str, Any]:
    """The whole of it, as it is put."""
    return {"mode": allocation.mode, "accounts": [_account_document(account) for account in allocation.accounts]}


def removed(_: None) -> dict[str, Any]:
    """That it is gone."""
    return {"message": "Allocation removed successfully"}


def preview_document(preview: AllocationPreview) -> dict[str, Any]:
    """What each strategy would trade: lots and orders, never which contract or side, which are its author's."""
    subscription = preview.subscription
    return {
        "subscription_id": None if subscription is None else subscription.terms.subscription_id,
        "status": None if subscription is None else subscription.life.status,
        "custom_lot_multiplier": (ONE if subscription is None else subscription.options.multiplier).to_decimal(),
        "strategies": [_strategy_document(strategy) for strategy in preview.strategies],
    }


def _account_document(account: BrokerAccount) -> dict[str, Any]:
    multiplier = account.lot_multiplier
    document = {
        "broker_id": account.broker_id,
        "broker_account_id": account.broker_account_id,
        "priority": account.priority,
        "lot_multiplier": None if multiplier is None else multiplier.to_decimal(),
        "weight": account.weight,
        "cap_units": account.cap_units,
        "max_lots_per_order": account.max_lots_per_order,
    }
    return {name: value for name, value in document.items() if value is not None}


def _strategy_document(preview: StrategyPreview) -> dict[str, Any]:
    return {
        "strategy_id": preview.strategy_id,
        "trade_date": preview.trade_date,
        "skip_reason": preview.skip_reason,
        "detail": preview.detail,
        "shortfall_units": preview.shortfall_units,
        "accounts": [_planned_document(account) for account in preview.accounts],
    }


def _planned_document(account: AccountPlan) -> dict[str, Any]:
    share = account.share
    return {
        "broker_id": account.broker_id,
        "broker_account_id": account.broker_account_id,
        "skip_reason": share.skip_reason,
        "units": share.units,
        "warnings": list(share.warnings),
        "legs": [_leg_document(leg) for leg in share.legs],
    }


def _leg_document(leg: LegPlan) -> dict[str, Any]:
    return {
        "leg_id": leg.leg_id,
        "lots": leg.lots,
        "lot_size": leg.lot_size,
        "quantity": leg.quantity,
        "orders": [{"lots": lots, "quantity": lots * leg.lot_size} for lots in leg.slices],
    }
