"""A user's broker accounts for a basket, and what they would trade."""

from typing import TYPE_CHECKING

from quantleap.domain.lots.allocation import Allocation, BrokerAccount
from quantleap.entrypoints.api.request import Call

if TYPE_CHECKING:
    from quantleap.application.allocation_preview import AllocationPreview
    from quantleap.composition import Application


def shown(call: Call, app: "Application") -> Allocation:
    """The accounts."""
    return app.allocations.get(call.principal, call.path["basket_id"])


def put(call: Call, app: "Application") -> Allocation:
    """The accounts, once they are replaced."""
    body = call.body
    accounts = [
        BrokerAccount(
            broker_id=account.broker_id,
            broker_account_id=account.broker_account_id,
            priority=account.priority,
            lot_multiplier=account.lot_multiplier,
            weight=account.weight,
            cap_units=account.cap_units,
            max_lots_per_order=account.max_lots_per_order,
        )
        for account in body.accounts
    ]
    allocation = Allocation(body.mode, accounts)
    return app.allocations.put(call.principal, call.path["basket_id"], allocation, request_id=call.request_id)


def delete(call: Call, app: "Application") -> None:
    """There are none any more."""
    app.allocations.delete(call.principal, call.path["basket_id"], request_id=call.request_id)


def preview(call: Call, app: "Application") -> "AllocationPreview":
    """What each strategy would trade at its next entry."""
    return app.allocation_preview.preview(call.principal, call.path["basket_id"])
