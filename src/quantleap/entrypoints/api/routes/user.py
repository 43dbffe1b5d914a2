"""The routes of users: their subscriptions, and the accounts that trade them."""

from functools import partial

from quantleap.domain.errors import (
    AllocationNotFoundError,
    ConcurrentUpdateError,
    DuplicateSubscriptionError,
    HistoryFullError,
    InvalidStatusTransitionError,
    SubscriptionNotFoundError,
    TemplateNotFoundError,
)
from quantleap.entrypoints.api.parameters import paging
from quantleap.entrypoints.api.route import Caller, Function, Method, Route
from quantleap.entrypoints.api.routes.filters import AT_PERIOD_END, STATUS, SUBSCRIPTIONS_AT_ONCE

_SUBSCRIPTIONS = "/options/user/subscriptions"
_SUBSCRIPTION = f"{_SUBSCRIPTIONS}/{{subscription_id}}"
_ALLOCATION = "/options/baskets/{basket_id}/allocation"
_MOVING = (SubscriptionNotFoundError, InvalidStatusTransitionError, ConcurrentUpdateError)

_subscription = partial(Route, caller=Caller.USER, function=Function.SUBSCRIPTION_MANAGER, is_published=True)
_move = partial(_subscription, rendering="subscriptions:moved", may_refuse=_MOVING)
_allocation = partial(Route, caller=Caller.USER, function=Function.SUBSCRIPTION_MANAGER, path=_ALLOCATION)

USER_ROUTES = (
    _subscription(
        name="userSubscribe",
        method=Method.POST,
        path="/options/marketplace/subscribe/{basket_id}",
        summary="Subscribe to a template",
        endpoint="user_subscriptions:subscribe",
        rendering="user_subscriptions:made",
        body="user_bodies:SubscribeDirectly",
        is_body_optional=True,
        answer="answers:MadeUserSubscription",
        status=201,
        may_refuse=(TemplateNotFoundError, DuplicateSubscriptionError),
    ),
    _subscription(
        name="userListSubscriptions",
        method=Method.GET,
        path=_SUBSCRIPTIONS,
        summary="List one's subscriptions",
        parameters=(STATUS, *paging(SUBSCRIPTIONS_AT_ONCE)),
        endpoint="user_subscriptions:listed",
        rendering="user_subscriptions:page_document",
        answer="answers:UserSubscriptionList",
    ),
    _subscription(
        name="userGetSubscription",
        method=Method.GET,
        path=_SUBSCRIPTION,
        summary="Show a subscription with its history and template",
        endpoint="subscriptions:shown",
        rendering="user_subscriptions:single",
        answer="answers:ShownUserSubscription",
        may_refuse=(SubscriptionNotFoundError,),
    ),
    _move(
        name="userPauseSubscription",
        method=Method.PUT,
        path=f"{_SUBSCRIPTION}/pause",
        summary="Pause a subscription: nothing is entered, billing goes on",
        endpoint="subscriptions:pause",
        answer="answers:Paused",
        may_refuse=(*_MOVING, HistoryFullError),
    ),
    _move(
        name="userResumeSubscription",
        method=Method.PUT,
        path=f"{_SUBSCRIPTION}/resume",
        summary="Let a paused subscription trade again",
        endpoint="subscriptions:resume",
        answer="answers:Resumed",
        may_refuse=(*_MOVING, HistoryFullError),
    ),
    _move(
        name="userCancelSubscription",
        method=Method.DELETE,
        path=_SUBSCRIPTION,
        summary="Cancel a subscription for good; exits still follow its open positions",
        parameters=(AT_PERIOD_END,),
        endpoint="subscriptions:cancel",
        answer="answers:Cancelled",
    ),
    _allocation(
        name="getAllocation",
        method=Method.GET,
        summary="Show the broker accounts that trade a basket",
        endpoint="allocations:shown",
        rendering="allocations:allocation_document",
        answer="answers_allocation:Allocation",
        may_refuse=(AllocationNotFoundError,),
    ),
    _allocation(
        name="putAllocation",
        method=Method.PUT,
        summary="Replace the broker accounts that trade a basket, from the next run on",
        endpoint="allocations:put",
        rendering="allocations:allocation_document",
        body="user_bodies:NewAllocation",
        answer="answers_allocation:Allocation",
        may_refuse=(TemplateNotFoundError, ConcurrentUpdateError),
    ),
    _allocation(
        name="deleteAllocation",
        method=Method.DELETE,
        summary="Remove the broker accounts of a basket: runs are skipped until there are others",
        endpoint="allocations:delete",
        rendering="allocations:removed",
        answer="answers_allocation:AllocationRemoved",
        may_refuse=(AllocationNotFoundError, ConcurrentUpdateError),
    ),
    _allocation(
        name="previewAllocation",
        method=Method.GET,
        path=f"{_ALLOCATION}/preview",
        summary="Show lots, quantities and orders of each strategy's next entry before anything trades",
        endpoint="allocations:preview",
        rendering="allocations:preview_document",
        answer="answers_allocation:AllocationPreview",
        may_refuse=(TemplateNotFoundError,),
    ),
)
