"""Subscriptions as the published documents, and as views."""

from collections.abc import Iterator
from typing import Any

from quantleap.domain.subscriptions.history import HistoryEntry
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.entrypoints.api.rendering.subscriptions import history_document, summary_document
from quantleap.entrypoints.cli.output.views import Facts, Line, Table, Tone, View


def subscription_document(subscription: Subscription) -> dict[str, Any]:
    """The published Subscription of a single read: with its history."""
    return {
        **summary_document(subscription.summary),
        "parked": subscription.billing.parked,
        "status_history": history_document(subscription),
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


def _history_row(entry: HistoryEntry) -> tuple[object, ...]:
    return entry.status, entry.stamp.at, entry.stamp.changed_by, entry.stamp.reason
