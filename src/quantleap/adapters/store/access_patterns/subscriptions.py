"""Subscriptions and allocations."""

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import (
    BASKET,
    BASKET_ALLOCATION,
    LIVE_SUBSCRIPTION,
    REMOVAL,
    SUBSCRIPTION,
    SUBSCRIPTION_LOCATION,
)
from quantleap.adapters.store.table import ALLOCATIONS_BY_BASKET, PARTNER_SUBSCRIPTIONS, USER_SUBSCRIPTIONS

_MOVING = tuple(f"subscriptions.{name}" for name in ("pause", "resume", "cancel", "expire"))
_SHOWING = ("subscriptions.get", "showing.subscription")
_SUBSCRIBING = ("subscribing.for_partner", "subscribing.directly")
_ALLOCATING = ("allocations.put", "allocations.delete")

_OF_A_USER = "1 a page, and 1 for 1,000 more that a total counts; a partner's of one user: until the page is full"
_OF_A_PARTNER = "1 a page, and 1 for 1,000 that an offset leaves out"

SUBSCRIPTIONS = (
    AccessPattern(
        "where a subscription lives",
        Operation.GET,
        (SUBSCRIPTION_LOCATION,),
        (*_MOVING, *_SHOWING, "billing.charge_next", "billing.refund", "billing.unpark"),
        consistent=True,
        requests="1, none where a user asks for their own; a refund asks where it parks the subscription",
    ),
    AccessPattern(
        "a subscription",
        Operation.GET,
        (SUBSCRIPTION,),
        (
            *_SHOWING,
            "subscriptions.cancel",
            "allocation_preview.preview",
            *_SUBSCRIBING,
            "billing.charge_next",
            "billing.refund",
            "billing.unpark",
        ),
        consistent=True,
        requests="1; cancel where a user asks, subscribe where it is repeated, a refund where it parks",
    ),
    AccessPattern(
        "a subscription and its template",
        Operation.BATCH_GET,
        (SUBSCRIPTION, BASKET),
        ("showing.subscription",),
        consistent=True,
        requests="1 where no user asks and the template was not read within the staleness",
    ),
    AccessPattern(
        "a user's subscriptions",
        Operation.QUERY,
        (SUBSCRIPTION,),
        ("subscriptions.of_user", "subscriptions.of_partner"),
        index=USER_SUBSCRIPTIONS,
        requests=_OF_A_USER,
    ),
    AccessPattern(
        "a user's subscriptions of one status",
        Operation.QUERY,
        (SUBSCRIPTION,),
        ("subscriptions.of_user", "subscriptions.of_partner"),
        index=USER_SUBSCRIPTIONS,
        begins_with="{status}#",
        requests=_OF_A_USER,
    ),
    AccessPattern(
        "a partner's subscriptions",
        Operation.QUERY,
        (SUBSCRIPTION,),
        ("subscriptions.of_partner",),
        index=PARTNER_SUBSCRIPTIONS,
        requests=_OF_A_PARTNER,
    ),
    AccessPattern(
        "a partner's subscriptions of one status",
        Operation.QUERY,
        (SUBSCRIPTION,),
        ("subscriptions.of_partner",),
        index=PARTNER_SUBSCRIPTIONS,
        begins_with="{status}#",
        requests=_OF_A_PARTNER,
    ),
    AccessPattern(
        "subscribe",
        Operation.TRANSACT,
        (SUBSCRIPTION, SUBSCRIPTION_LOCATION, LIVE_SUBSCRIPTION, BASKET_ALLOCATION),
        _SUBSCRIBING,
    ),
    AccessPattern(
        "pause, resume, park or free a subscription",
        Operation.UPDATE,
        (SUBSCRIPTION,),
        (*_MOVING, "billing.refund", "billing.unpark"),
        requests="1; a refund only where it parks, cancel and expire only where the live marker had drifted",
    ),
    AccessPattern(
        "end a subscription",
        Operation.TRANSACT,
        (SUBSCRIPTION, LIVE_SUBSCRIPTION),
        ("subscriptions.cancel", "subscriptions.expire"),
    ),
    AccessPattern(
        "a user's allocation of a basket",
        Operation.GET,
        (BASKET_ALLOCATION,),
        ("allocations.get", "allocations.delete", "allocation_preview.preview"),
        consistent=True,
    ),
    AccessPattern(
        "which subscription of a template is live",
        Operation.GET,
        (LIVE_SUBSCRIPTION,),
        (*_ALLOCATING, "allocation_preview.preview"),
        consistent=True,
    ),
    AccessPattern(
        "replace or remove an allocation, and its copy on the live subscription",
        Operation.TRANSACT,
        (BASKET_ALLOCATION, LIVE_SUBSCRIPTION),
        _ALLOCATING,
        at_times=(SUBSCRIPTION, REMOVAL),
    ),
    AccessPattern(
        "every user's allocation of a basket",
        Operation.QUERY,
        (BASKET_ALLOCATION,),
        (),
        index=ALLOCATIONS_BY_BASKET,
        requests="1 a page of 1 MB",
    ),
)
