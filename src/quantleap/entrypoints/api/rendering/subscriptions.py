"""Subscriptions as the published documents."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from quantleap.domain.periods import kolkata_midnight
from quantleap.domain.subscriptions.history import HistoryEntry
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary

if TYPE_CHECKING:
    from quantleap.application.subscription_care import StatusChange

_DONE = {
    SubscriptionStatus.ACTIVE: ("resumed", "resumed_at"),
    SubscriptionStatus.PAUSED: ("paused", "paused_at"),
    SubscriptionStatus.CANCELLED: ("cancelled", "cancelled_at"),
}
"""What was done when a status was taken by request, and the published name of its instant."""


def summary_document(summary: SubscriptionSummary) -> dict[str, Any]:
    """The published Subscription. `next_billing_date` is midnight Asia/Kolkata as an instant."""
    terms, options, life, due = summary.terms, summary.options, summary.life, summary.next_billing_date
    return {
        "subscription_id": terms.subscription_id,
        "user_email": terms.user.address,
        "basket_id": terms.basket_id,
        "basket_name": terms.basket_name,
        "partner_id": None if terms.partner_id is None else str(terms.partner_id),
        "status": life.status,
        "subscription_price": terms.price.major_decimal(),
        "currency": terms.price.currency,
        "partner_commission": terms.partner_commission.major_decimal(),
        "subscribed_at": terms.subscribed_at,
        "broker_account_id": options.broker_account_id,
        "custom_lot_multiplier": options.multiplier.to_decimal(),
        "paused_at": life.paused_at,
        "resumed_at": life.resumed_at,
        "cancelled_at": life.cancelled_at,
        "last_status_change_at": life.changed_at,
        "next_billing_date": None if due is None else kolkata_midnight(due),
        "auto_renew": options.auto_renew,
        "metadata": dict(options.metadata),
    }


def aliased(summary: SubscriptionSummary) -> dict[str, Any]:
    """The same with the further names that were published for the user, the template and its name."""
    document = summary_document(summary)
    return {
        **document,
        "user_id": document["user_email"],
        "template_basket_id": document["basket_id"],
        "template_name": document["basket_name"],
    }


def history_document(subscription: Subscription) -> list[dict[str, Any]]:
    """Every status it took, oldest first."""
    return [_entry_document(entry) for entry in subscription.history]


def owned(summary: SubscriptionSummary) -> dict[str, Any]:
    """The same as a user sees it, with whose the template is."""
    return {**aliased(summary), "template_owner_id": summary.terms.owner.address}


def with_history(render: Callable[[SubscriptionSummary], dict[str, Any]], subscription: Subscription) -> dict[str, Any]:
    """A single one, by either way to render a list's."""
    return {**render(subscription.summary), "status_history": history_document(subscription)}


def made(subscription: Subscription) -> dict[str, Any]:
    """A subscription that was just made by a partner."""
    return aliased(subscription.summary)


def moved(change: "StatusChange") -> dict[str, Any]:
    """What pausing, resuming or cancelling did, with the published message."""
    verb, instant = _DONE[change.status]
    return {
        "message": f"Subscription {verb} successfully",
        "subscription_id": change.subscription_id,
        "status": change.status,
        instant: change.at,
    }


def _entry_document(entry: HistoryEntry) -> dict[str, Any]:
    stamp = entry.stamp
    return {
        "status": entry.status,
        "timestamp": stamp.at,
        "changed_by": stamp.changed_by,
        "reason": stamp.reason,
    }
