"""What a partner is answered of its subscriptions."""

from typing import TYPE_CHECKING, Any

from quantleap.application.showing import ShownSubscription
from quantleap.entrypoints.api.rendering.subscriptions import aliased, with_history
from quantleap.entrypoints.api.rendering.templates import template_document

if TYPE_CHECKING:
    from quantleap.entrypoints.api.endpoints.partner_subscriptions import ListedByPartner


def single(found: ShownSubscription) -> dict[str, Any]:
    """One subscription with its history and template; and once more under `subscription`, as was published too."""
    document, template = with_history(aliased, found.subscription), found.template
    return {
        **document,
        "subscription": document,
        "template": None if template is None else template_document(template),
    }


def page_document(found: "ListedByPartner") -> dict[str, Any]:
    """A page; `filtered_by` only where it is of one user."""
    listed, user = found.listed, found.user
    document = listed.document("subscriptions", [aliased(summary) for summary in listed.page.entries])
    filtered = {} if user is None else {"filtered_by": {"user_email": user.address}}
    return {**document, "partner_id": str(found.partner_id), **filtered}
