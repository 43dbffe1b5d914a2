"""What a request costs beside its use case: the rate limit, and an answer that is kept under an idempotency key."""

from collections.abc import Callable
from functools import partial

from attrs import evolve
from tests.integration.application.house import ANITA, BALA, CONDOR, House
from tests.integration.costs.cost import (
    BACKEND,
    BY_PARTNER,
    DIRECT,
    FIRST_KEY,
    GET,
    ONE_ACCOUNT,
    PUT,
    TRANSACT,
    UPDATE,
    Call,
    Cost,
)
from tests.integration.costs.subscription_costs import by_partner
from tests.integration.once import asked, attempt

from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.application.admitting import Admitting
from quantleap.domain.errors import InvalidStatusTransitionError
from quantleap.domain.principals import Principal

CALLER = evolve(BACKEND, api_key_id=FIRST_KEY, rate_limit=3)


def taking(house: House, *, own: int = 0, others: int = 0) -> Call:
    """One more, in a process that took so many before, and after it others as many as that."""
    first, second = (Admitting(StoredRateLimits(house.app._engine), house.clock) for _ in range(2))
    for _ in range(own):
        first.take(CALLER)
    for _ in range(others):
        second.take(CALLER)
    return partial(first.take, CALLER)


def under_a_key(by: Principal, call: Callable[[House], Call], *, asked_before: bool = False) -> Callable[[House], Call]:
    def prepared(house: House) -> Call:
        request = asked(house.app, attempt(by), call(house))
        if asked_before:
            request()
        return request

    return prepared


def pausing(by: Principal, name: str) -> Callable[[House], Call]:
    return lambda house: partial(house.app.subscriptions.pause, by, name)


def cancelling(by: Principal, name: str) -> Callable[[House], Call]:
    return lambda house: partial(house.app.subscriptions.cancel, by, name)


def repeating_one_request(house: House) -> Call:
    by_partner(house)()
    return by_partner(house)


REQUESTS = (
    Cost("take a token of a full bucket", taking, {UPDATE: 1}),
    Cost("take another one", lambda h: taking(h, own=1), {UPDATE: 1}),
    Cost("take one where others took some since", lambda h: taking(h, own=1, others=1), {UPDATE: 1}),
    Cost("take one where others took some of a bucket thought full", lambda h: taking(h, others=2), {UPDATE: 2}),
    Cost("be refused by a bucket that others emptied", lambda h: taking(h, own=1, others=2), {UPDATE: 1}),
    Cost(
        "be refused by a bucket that others emptied and that was thought full",
        lambda h: taking(h, others=3),
        {UPDATE: 1},
    ),
    Cost("be refused by a bucket that is known to be empty", lambda h: taking(h, own=3), {}),
    Cost("be refused as often as the limit is: an alert", lambda h: taking(h, own=5), {PUT: 1}),
    Cost("be refused once more", lambda h: taking(h, own=6), {}),
    Cost("pause by its user under an idempotency key", under_a_key(ANITA, pausing(ANITA, DIRECT)), {TRANSACT: 1}),
    Cost(
        "pause by its user under an idempotency key, repeated",
        under_a_key(ANITA, pausing(ANITA, DIRECT), asked_before=True),
        {TRANSACT: 1},
    ),
    Cost(
        "pause by its partner under an idempotency key",
        under_a_key(BACKEND, pausing(BACKEND, BY_PARTNER)),
        {GET: 1, TRANSACT: 1},
    ),
    Cost(
        "cancel by its user under an idempotency key",
        under_a_key(ANITA, cancelling(ANITA, DIRECT)),
        {GET: 1, TRANSACT: 1},
    ),
    Cost(
        "a move that is refused under an idempotency key: whether it was answered before",
        under_a_key(ANITA, lambda h: partial(h.app.subscriptions.resume, ANITA, DIRECT)),
        {TRANSACT: 1, GET: 1},
        refused_by=InvalidStatusTransitionError,
    ),
    Cost("subscribe by a partner under an idempotency key", under_a_key(BACKEND, by_partner), {GET: 3, TRANSACT: 1}),
    Cost(
        "subscribe by a partner under another key, which did it before: the answer is kept by itself",
        under_a_key(BACKEND, repeating_one_request),
        {GET: 4, TRANSACT: 1, PUT: 1},
    ),
    Cost(
        "allocate under an idempotency key",
        under_a_key(BALA, lambda h: partial(h.app.allocations.put, BALA, CONDOR, ONE_ACCOUNT)),
        {GET: 2, TRANSACT: 1},
    ),
)
