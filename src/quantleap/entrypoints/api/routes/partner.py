"""The routes of partners' servers, published as Partner API v1.0."""

from functools import partial

from quantleap.domain.errors import (
    ConcurrentUpdateError,
    DuplicateSubscriptionError,
    HistoryFullError,
    InvalidStatusTransitionError,
    NotTheOwnerError,
    SubscriptionNotFoundError,
    TemplateNotFoundError,
)
from quantleap.domain.identifiers import MAX_EMAIL_CHARS, Email
from quantleap.domain.partners.permissions import Permission
from quantleap.entrypoints.api.parameters import paging, text
from quantleap.entrypoints.api.route import Caller, Function, Method, Route
from quantleap.entrypoints.api.routes.filters import AT_PERIOD_END, STATUS, SUBSCRIPTIONS_AT_ONCE, TEMPLATES

_SUBSCRIPTIONS = "/partner/subscriptions"
_SUBSCRIPTION = f"{_SUBSCRIPTIONS}/{{subscription_id}}"
_OWN = (SubscriptionNotFoundError, NotTheOwnerError)
_MOVING = (*_OWN, InvalidStatusTransitionError, ConcurrentUpdateError)

_route = partial(Route, caller=Caller.PARTNER, function=Function.PARTNER_API_MANAGER, is_published=True)
_move = partial(_route, permission=Permission.SUBSCRIPTIONS_WRITE, rendering="subscriptions:moved", may_refuse=_MOVING)

PARTNER_ROUTES = (
    _route(
        name="partnerListTemplates",
        method=Method.GET,
        path="/partner/marketplace/templates",
        summary="List the templates of the marketplace, most subscribers first",
        permission=Permission.MARKETPLACE_READ,
        parameters=TEMPLATES,
        endpoint="templates:listed",
        rendering="templates:page_document",
        answer="answers:TemplateList",
    ),
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
        name="partnerListSubscriptions",
        method=Method.GET,
        path=_SUBSCRIPTIONS,
        summary="List the subscriptions of the partner's users",
        permission=Permission.SUBSCRIPTIONS_READ,
        parameters=(
            text("user_email", "Only this user's.", Email, format="email", maxLength=MAX_EMAIL_CHARS),
            STATUS,
            *paging(SUBSCRIPTIONS_AT_ONCE),
        ),
        endpoint="partner_subscriptions:listed",
        rendering="partner_subscriptions:page_document",
        answer="answers:PartnerSubscriptionList",
    ),
    _route(
        name="partnerGetSubscription",
        method=Method.GET,
        path=_SUBSCRIPTION,
        summary="Show a subscription with its history and template",
        permission=Permission.SUBSCRIPTIONS_READ,
        endpoint="subscriptions:shown",
        rendering="partner_subscriptions:single",
        answer="answers:ShownPartnerSubscription",
        may_refuse=_OWN,
    ),
    _move(
        name="partnerPauseSubscription",
        method=Method.PUT,
        path=f"{_SUBSCRIPTION}/pause",
        summary="Pause a subscription: nothing is entered, billing goes on",
        endpoint="subscriptions:pause",
        answer="answers:Paused",
        may_refuse=(*_MOVING, HistoryFullError),
    ),
    _move(
        name="partnerResumeSubscription",
        method=Method.PUT,
        path=f"{_SUBSCRIPTION}/resume",
        summary="Let a paused subscription trade again",
        endpoint="subscriptions:resume",
        answer="answers:Resumed",
        may_refuse=(*_MOVING, HistoryFullError),
    ),
    _move(
        name="partnerCancelSubscription",
        method=Method.DELETE,
        path=_SUBSCRIPTION,
        summary="Cancel a subscription for good; exits still follow its open positions",
        parameters=(AT_PERIOD_END,),
        endpoint="subscriptions:cancel",
        answer="answers:Cancelled",
    ),
)
