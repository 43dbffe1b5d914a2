"""A partner's subscriptions: made and listed."""

from typing import TYPE_CHECKING

from attrs import frozen

from quantleap.domain.errors import PermissionDeniedError
from quantleap.domain.principals import PartnerBackend
from quantleap.entrypoints.api.listing import Listed, list_request
from quantleap.entrypoints.api.request import Call

if TYPE_CHECKING:
    from quantleap.composition import Application
    from quantleap.domain.identifiers import Email, PartnerId
    from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary


@frozen
class ListedByPartner:
    """A page of a partner's subscriptions, all or (where `user` is given) those of one user."""

    partner_id: "PartnerId"
    user: "Email | None"
    listed: "Listed[SubscriptionSummary]"


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


def listed(call: Call, app: "Application") -> ListedByPartner:
    """A page of them."""
    by, user, request = call.principal, call.query["user_email"], list_request(call)
    if not isinstance(by, PartnerBackend):
        raise PermissionDeniedError("partner")
    page = app.subscriptions.of_partner(by, call.query["status"], request, user=user)
    return ListedByPartner(by.partner_id, user, Listed(page, request))
