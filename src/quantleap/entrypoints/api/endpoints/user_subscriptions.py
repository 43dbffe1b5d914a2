"""A user's own subscriptions: made and listed."""

from typing import TYPE_CHECKING

from quantleap.entrypoints.api.listing import Listed, list_request
from quantleap.entrypoints.api.request import Call

if TYPE_CHECKING:
    from quantleap.composition import Application
    from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary


def subscribe(call: Call, app: "Application") -> "Subscription":
    """The user is subscribed directly."""
    body = call.body
    return app.subscribing.directly(
        call.principal,
        basket_id=call.path["basket_id"],
        broker_id=body.broker_id,
        broker_account_id=body.broker_account_id,
        multiplier=body.custom_lot_multiplier,
        metadata=body.metadata,
        request_id=call.request_id,
    )


def listed(call: Call, app: "Application") -> "Listed[SubscriptionSummary]":
    """A page of them."""
    request = list_request(call)
    return Listed(app.subscriptions.of_user(call.principal, call.query["status"], request), request)
