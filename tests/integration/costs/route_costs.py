"""What each route of partners and users asks of the store, beside authentication and the rate limit."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, STRADDLE, House
from tests.integration.costs.cost import (
    BATCH_GET,
    BY_PARTNER,
    DIRECT,
    GET,
    ONE_ACCOUNT,
    QUERY,
    TRANSACT,
    UPDATE,
)

from quantleap.adapters.store.access_patterns.pattern import Operation
from quantleap.entrypoints.api.rendering.allocations import allocation_document
from quantleap.entrypoints.api.request import Request

KEY = {"idempotency-key": ("k1",)}
SUBSCRIBE = {"user_email": "anita@example.com", "basket_id": STRADDLE, "broker_account_id": "AB1234"}


def _nothing(_: House) -> None:
    """Nothing happens before."""


def _pause(house: House) -> None:
    for name in (DIRECT, BY_PARTNER):
        house.app.subscriptions.pause(ADMIN, name)


def _subscribe_again(house: House) -> None:
    house.subscribed(basket_id=STRADDLE)


def _subscribe_bala_directly(house: House) -> None:
    house.subscribed(BALA, basket_id=STRADDLE, by=BALA)


def _allocate(house: House) -> None:
    house.app.allocations.put(ANITA, CONDOR, ONE_ACCOUNT)


@frozen
class RouteCost:
    """A request to a route, what happened before, and what it asks for. Bala's subscription is the partner's."""

    route: str
    requests: Mapping[Operation, int]
    about: str = ""
    path: Mapping[str, str] = field(factory=dict)
    query: Mapping[str, str] = field(factory=dict)
    body: Any = None
    headers: Mapping[str, tuple[str, ...]] = field(factory=dict)
    before: Callable[[House], object] = _nothing

    def __str__(self) -> str:
        return f"{self.route} {self.about}".strip()

    def request(self, credentials: Mapping[str, str]) -> Request:
        """The request, with those credentials in its headers."""
        sent = {name.lower(): (value,) for name, value in credentials.items()}
        return Request(
            request_id="req_a7f3e2b1c4d5",
            path_parameters=self.path,
            query={name: (value,) for name, value in self.query.items()},
            headers={"content-type": ("application/json",), **sent, **self.headers},
            body=b"" if self.body is None else json.dumps(self.body).encode(),
        )


_THEIRS, _OWN, _CONDOR = {"subscription_id": BY_PARTNER}, {"subscription_id": DIRECT}, {"basket_id": CONDOR}

ROUTE_COSTS = (
    RouteCost("partnerListTemplates", {QUERY: 4}, "of all categories"),
    RouteCost("partnerListTemplates", {QUERY: 1}, "of one", query={"category": "neutral"}),
    RouteCost("partnerSubscribe", {GET: 3, TRANSACT: 1}, "template, partner, counter", body=SUBSCRIBE),
    RouteCost("partnerSubscribe", {GET: 3, TRANSACT: 1}, "under a key", body=SUBSCRIBE, headers=KEY),
    RouteCost("partnerListSubscriptions", {QUERY: 1}),
    RouteCost("partnerListSubscriptions", {QUERY: 1}, "of a user", query={"user_email": "bala@example.com"}),
    RouteCost(
        "partnerListSubscriptions",
        {QUERY: 2},
        "of a user who has others too: whether any of them is the partner's",
        query={"user_email": "bala@example.com", "limit": "1"},
        before=_subscribe_bala_directly,
    ),
    RouteCost(
        "partnerListSubscriptions",
        {QUERY: 1, GET: 1},
        "more than a page: their counter",
        query={"limit": "1"},
        before=_subscribe_again,
    ),
    RouteCost("partnerGetSubscription", {GET: 1, BATCH_GET: 1}, "where it lives, and its template with it", _THEIRS),
    RouteCost("partnerPauseSubscription", {GET: 1, UPDATE: 1}, "where it lives", _THEIRS),
    RouteCost("partnerPauseSubscription", {GET: 1, TRANSACT: 1}, "under a key", _THEIRS, headers=KEY),
    RouteCost("partnerResumeSubscription", {GET: 1, UPDATE: 1}, "where it lives", _THEIRS, before=_pause),
    RouteCost("partnerCancelSubscription", {GET: 1, TRANSACT: 1}, "where it lives, its basket", _THEIRS),
    RouteCost("userListTemplates", {QUERY: 4}),
    RouteCost("userGetTemplate", {GET: 1}, path=_CONDOR),
    RouteCost("userSubscribe", {GET: 1, TRANSACT: 1}, "template", {"basket_id": STRADDLE}),
    RouteCost("userListSubscriptions", {QUERY: 1}),
    RouteCost("userGetSubscription", {GET: 2}, "its template", _OWN),
    RouteCost("userPauseSubscription", {UPDATE: 1}, path=_OWN),
    RouteCost("userPauseSubscription", {TRANSACT: 1}, "under a key", _OWN, headers=KEY),
    RouteCost("userResumeSubscription", {UPDATE: 1}, path=_OWN, before=_pause),
    RouteCost("userCancelSubscription", {GET: 1, TRANSACT: 1}, "its basket", _OWN),
    RouteCost("getAllocation", {GET: 1}, path=_CONDOR, before=_allocate),
    RouteCost(
        "putAllocation", {GET: 2, TRANSACT: 1}, "template, marker", _CONDOR, body=allocation_document(ONE_ACCOUNT)
    ),
    RouteCost("deleteAllocation", {GET: 2, TRANSACT: 1}, "itself, marker", _CONDOR, before=_allocate),
    RouteCost("previewAllocation", {GET: 4, BATCH_GET: 1}, "basket, marker, subscription, itself", _CONDOR),
)
