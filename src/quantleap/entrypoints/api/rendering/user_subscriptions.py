"""What a user is answered of their subscriptions."""

from typing import Any

from quantleap.application.showing import ShownSubscription
from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary
from quantleap.entrypoints.api.listing import Listed
from quantleap.entrypoints.api.rendering.subscriptions import owned, with_history
from quantleap.entrypoints.api.rendering.templates import template_document


def made(subscription: Subscription) -> dict[str, Any]:
    """One that was just made."""
    return {"subscription": owned(subscription.summary)}


def single(found: ShownSubscription) -> dict[str, Any]:
    """One with its history, and its template beside it."""
    template = found.template
    return {
        "subscription": with_history(owned, found.subscription),
        "template": None if template is None else template_document(template),
    }


def page_document(listed: Listed[SubscriptionSummary]) -> dict[str, Any]:
    """A page of them."""
    return listed.document("subscriptions", [owned(summary) for summary in listed.page.entries])
