"""Subscriptions as the published documents, and as views."""

from collections.abc import Iterator
from typing import Any

from quantleap.domain.periods import kolkata_midnight
from quantleap.domain.subscriptions.history import HistoryEntry
from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary
from quantleap.entrypoints.cli.output.views import Facts, Line, Table, Tone, View


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


def subscription_document(subscription: Subscription) -> dict[str, Any]:
    """The published Subscription of a single read: with its history."""
    return {
        **summary_document(subscription.summary),
        "parked": subscription.billing.parked,
        "status_history": [_history_document(entry) for entry in subscription.history],
    }


def subscription_views(subscription: Subscription) -> Iterator[View]:
    """Everything, for people."""
    summary = subscription.summary
    terms, options, life = summary.terms, summary.options, summary.life
    yield Facts(
        (
            ("subscription", terms.subscription_id),
            ("status", life.status),
            ("since", life.changed_at),
            ("user", terms.user),
            ("basket", f"{terms.basket_name} ({terms.basket_id})"),
            ("partner", terms.partner_id),
            ("price a month", terms.price),
            ("partner's commission", f"{terms.commission_rate} of it"),
            ("lots", f"x {options.multiplier}"),
            ("broker account", options.broker_account_id),
            ("subscribed", terms.subscribed_at),
            ("periods charged", summary.periods_charged),
            ("next billing", summary.next_billing_date),
            ("renews", options.auto_renew if life.status.is_live else None),
            ("parked", subscription.billing.parked),
        )
    )
    yield Line("History", Tone.HEADING)
    yield Table(("status", "at", "by", "reason"), map(_history_row, subscription.history))


def _history_document(entry: HistoryEntry) -> dict[str, Any]:
    stamp = entry.stamp
    return {
        "status": entry.status,
        "timestamp": stamp.at,
        "changed_by": stamp.changed_by,
        "reason": stamp.reason,
    }


def _history_row(entry: HistoryEntry) -> tuple[object, ...]:
    return entry.status, entry.stamp.at, entry.stamp.changed_by, entry.stamp.reason
