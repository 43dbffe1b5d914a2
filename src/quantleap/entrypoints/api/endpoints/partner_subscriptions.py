"""A partner's subscriptions."""

from typing import TYPE_CHECKING

from quantleap.application.subscription_care import StatusChange
from quantleap.entrypoints.api.request import Call

if TYPE_CHECKING:
    from quantleap.composition import Application
    from quantleap.domain.subscriptions.subscription import Subscription


def pause(call: Call, app: "Application") -> StatusChange:
    """ACTIVE to PAUSED."""
    return app.subscriptions.pause(call.principal, call.path["subscription_id"], request_id=call.request_id)


def resume(call: Call, app: "Application") -> StatusChange:
    """PAUSED to ACTIVE."""
    return app.subscriptions.resume(call.principal, call.path["subscription_id"], request_id=call.request_id)


def cancel(call: Call, app: "Application") -> StatusChange:
    """ACTIVE or PAUSED to CANCELLED."""
    return app.subscriptions.cancel(call.principal, call.path["subscription_id"], request_id=call.request_id)


def subscribe(call: Call, app: "Application") -> "Subscription":
    """A partner's user is subscribed, with their account at the partner's broker."""
    body = call.body
    return app.subscribing.for_partner(
        call.principal,
        user=body.user_email,
        basket_id=body.basket_id,
        broker_account_id=body.broker_account_id,
        multiplier=body.custom_lot_multiplier,
        metadata=body.metadata,
        request_id=call.request_id,
    )
