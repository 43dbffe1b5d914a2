"""The routes of partners' servers, published as Partner API v1.0."""

from functools import partial

from quantleap.domain.errors import (
    DuplicateSubscriptionError,
    HistoryFullError,
    InvalidStatusTransitionError,
    NotTheOwnerError,
    SubscriptionNotFoundError,
    TemplateNotFoundError,
)
from quantleap.domain.partners.permissions import Permission
from quantleap.entrypoints.api.route import Caller, Function, Method, Route

_SUBSCRIPTION = "/partner/subscriptions/{subscription_id}"
_OWN = (SubscriptionNotFoundError, NotTheOwnerError)


_route = partial(Route, caller=Caller.PARTNER, function=Function.PARTNER_API_MANAGER, is_published=True)

PARTNER_ROUTES = (
    _route(
        name="partnerSubscribe",
        method=Method.POST,
        path="/partner/marketplace/subscribe",
        summary="Subscribe a user to a template",
        permission=Permission.SUBSCRIPTIONS_WRITE,
        endpoint="partner_subscriptions:subscribe",
        rendering="subscriptions:made",
        body="partner_bodies:Subscribe",
        answer="answers:PartnerSubscription",
        status=201,
        may_refuse=(TemplateNotFoundError, DuplicateSubscriptionError),
    ),
    _route(
        name="partnerPauseSubscription",
        method=Method.PUT,
        path=f"{_SUBSCRIPTION}/pause",
        summary="Pause a subscription",
        permission=Permission.SUBSCRIPTIONS_WRITE,
        endpoint="partner_subscriptions:pause",
        rendering="subscriptions:moved",
        answer="answers:Paused",
        may_refuse=(*_OWN, InvalidStatusTransitionError, HistoryFullError),
    ),
)
