"""Subscriptions, shown to and moved by whoever they belong to: a partner's server or a user."""

from typing import TYPE_CHECKING

from quantleap.entrypoints.api.request import Call

if TYPE_CHECKING:
    from quantleap.application.showing import ShownSubscription
    from quantleap.application.subscription_care import StatusChange
    from quantleap.composition import Application


def shown(call: Call, app: "Application") -> "ShownSubscription":
    """One subscription, with its history and template."""
    return app.showing.subscription(call.principal, call.path["subscription_id"])


def pause(call: Call, app: "Application") -> "StatusChange":
    """ACTIVE to PAUSED."""
    return app.subscriptions.pause(call.principal, call.path["subscription_id"], request_id=call.request_id)


def resume(call: Call, app: "Application") -> "StatusChange":
    """PAUSED to ACTIVE."""
    return app.subscriptions.resume(call.principal, call.path["subscription_id"], request_id=call.request_id)


def cancel(call: Call, app: "Application") -> "StatusChange":
    """ACTIVE or PAUSED to CANCELLED."""
    return app.subscriptions.cancel(call.principal, call.path["subscription_id"], request_id=call.request_id)
