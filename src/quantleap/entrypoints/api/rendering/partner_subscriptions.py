"""What a partner is answered of its subscriptions."""

from typing import Any

from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.entrypoints.api.rendering.subscriptions import aliased, history_document
from quantleap.entrypoints.api.rendering.templates import template_document


def single(found: tuple[Subscription, StrategyTemplate | None]) -> dict[str, Any]:
    """One subscription with its history and template; and once more under `subscription`, as was published too."""
    subscription, template = found
    document = {**aliased(subscription.summary), "status_history": history_document(subscription)}
    return {
        **document,
        "subscription": document,
        "template": None if template is None else template_document(template),
    }
