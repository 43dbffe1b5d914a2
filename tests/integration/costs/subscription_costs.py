"""What subscribing, moving, showing, allocating and planning subscriptions cost."""

from collections.abc import Callable
from functools import partial

from attrs import evolve
from tests.integration.application.house import ADMIN, ANITA, BALA, BILLING, CONDOR, KITE, STRADDLE, House
from tests.integration.costs.cost import (
    BACKEND,
    BATCH_GET,
    BY_PARTNER,
    DIRECT,
    GET,
    NINE_TWENTY,
    ONE_ACCOUNT,
    PAGE,
    QUERY,
    REQUEST,
    TOMORROW,
    TRANSACT,
    UPDATE,
    Call,
    Cost,
)

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Delete
from quantleap.domain.errors import (
    DuplicateSubscriptionError,
    InvalidStatusTransitionError,
    NotTheOwnerError,
    SubscriptionNotFoundError,
)
from quantleap.domain.identifiers import Mode
from quantleap.domain.paging import ListRequest
from quantleap.domain.principals import PartnerBackend
from quantleap.domain.subscriptions.status import SubscriptionStatus


def by_partner(house: House, basket_id: str = STRADDLE) -> Call:
    return partial(
        house.app.subscribing.for_partner,
        BACKEND,
        user=BALA.email,
        basket_id=basket_id,
        broker_account_id="AB1234",
        request_id=REQUEST,
    )


def after(happens: Callable[[House], Call], call: Callable[[House], Call]) -> Callable[[House], Call]:
    """The call once the other one is done."""

    def prepared(house: House) -> Call:
        happens(house)()
        return call(house)

    return prepared


def pausing(house: House) -> Call:
    return partial(house.app.subscriptions.pause, ANITA, DIRECT, request_id=REQUEST)


def pausing_anew(house: House) -> Call:
    return partial(house.app.subscriptions.pause, ANITA, DIRECT)


def pausing_by_partner(house: House) -> Call:
    return partial(house.app.subscriptions.pause, BACKEND, BY_PARTNER)


def resuming(house: House) -> Call:
    return partial(house.app.subscriptions.resume, ANITA, DIRECT)


def cancelling(house: House) -> Call:
    return partial(house.app.subscriptions.cancel, ANITA, DIRECT)


def cancelling_by_partner(house: House) -> Call:
    return partial(house.app.subscriptions.cancel, BACKEND, BY_PARTNER)


def without_marker(house: House) -> Call:
    """Anita's marker is gone, which nobody but a damaged store has."""
    return partial(house.app._engine.write, Delete(keys.live_marker(Mode.LIVE, ANITA.email, CONDOR)))


def second_strategy(house: House) -> Call:
    """The condor has two strategies of one minute."""
    content = house.app.authoring.get(ADMIN, CONDOR).content
    twin = evolve(content.strategies[0], strategy_id="another")
    return partial(house.app.authoring.edit, ADMIN, content.with_strategy(twin))


def straddle_at_nine_twenty(house: House) -> Call:
    """A second template is due at the condor's minute, and has a subscriber."""
    house.subscribed(ANITA, STRADDLE)
    condor, straddle = (house.app.authoring.get(ADMIN, basket_id).content for basket_id in (CONDOR, STRADDLE))
    due = evolve(condor.strategies[0], strategy_id="another")
    return partial(house.app.authoring.edit, ADMIN, straddle.with_strategy(due))


def planning(house: House) -> Call:
    return partial(house.app.planning.entries_due, ADMIN, TOMORROW, NINE_TWENTY)


COUNTED, ONE_COUNTED = ListRequest(with_total=True), ListRequest(1, with_total=True)

SHOWING = (
    Cost("list a user's", lambda h: partial(h.app.subscriptions.of_user, ANITA, None, PAGE), {QUERY: 1}),
    Cost(
        "list a user's of one status",
        lambda h: partial(h.app.subscriptions.of_user, ANITA, SubscriptionStatus.ACTIVE, PAGE),
        {QUERY: 1},
    ),
    Cost("list a partner's", lambda h: partial(h.app.subscriptions.of_partner, BACKEND, None, PAGE), {QUERY: 1}),
    Cost(
        "list a partner's of one status",
        lambda h: partial(h.app.subscriptions.of_partner, BACKEND, SubscriptionStatus.ACTIVE, PAGE),
        {QUERY: 1},
    ),
    Cost(
        "list a partner's of one user",
        lambda h: partial(h.app.subscriptions.of_partner, BACKEND, None, PAGE, user=BALA.email),
        {QUERY: 1},
    ),
    Cost(
        "list a user's and tell how many there are",
        lambda h: partial(h.app.subscriptions.of_user, ANITA, None, COUNTED),
        {QUERY: 1},
    ),
    Cost(
        "tell how many a user has of whom a page does not hold all: those after it are read",
        after(by_partner, lambda h: partial(h.app.subscriptions.of_user, BALA, None, ONE_COUNTED)),
        {QUERY: 2},
    ),
    Cost(
        "list a partner's and tell how many there are: the page holds all",
        lambda h: partial(h.app.subscriptions.of_partner, BACKEND, None, COUNTED),
        {QUERY: 1},
    ),
    Cost(
        "tell how many a partner has of whom a page does not hold all: its counter",
        after(by_partner, lambda h: partial(h.app.subscriptions.of_partner, BACKEND, None, ONE_COUNTED)),
        {QUERY: 1, GET: 1},
    ),
    Cost(
        "list a partner's from an offset: what is left out is read with the page",
        lambda h: partial(h.app.subscriptions.of_partner, BACKEND, None, ListRequest(100, offset=900)),
        {QUERY: 1},
    ),
    Cost(
        "show to the user: its template",
        lambda h: partial(h.app.showing.subscription, ANITA, DIRECT),
        {GET: 2},
    ),
    Cost(
        "show to the partner: where it lives, its template with it, what the partner may see",
        lambda h: partial(h.app.showing.subscription, BACKEND, BY_PARTNER),
        {GET: 2, BATCH_GET: 1},
    ),
    Cost("get by the user", lambda h: partial(h.app.subscriptions.get, ANITA, DIRECT), {GET: 1}),
    Cost(
        "get by the partner: where it lives", lambda h: partial(h.app.subscriptions.get, BACKEND, BY_PARTNER), {GET: 2}
    ),
    Cost(
        "get another partner's",
        lambda h: partial(h.app.subscriptions.get, PartnerBackend(KITE), BY_PARTNER),
        {GET: 1},
        refused_by=NotTheOwnerError,
    ),
)

MOVING = (
    Cost("pause by the user", pausing, {UPDATE: 1}),
    Cost("pause by the partner: where it lives", pausing_by_partner, {GET: 1, UPDATE: 1}),
    Cost("pause again by the same request", after(pausing, pausing), {UPDATE: 1}),
    Cost("pause what is paused", after(pausing, pausing_anew), {UPDATE: 1}, refused_by=InvalidStatusTransitionError),
    Cost(
        "pause what is not there",
        lambda h: partial(h.app.subscriptions.pause, ANITA, BY_PARTNER),
        {UPDATE: 1},
        refused_by=SubscriptionNotFoundError,
    ),
    Cost(
        "pause by the partner what is paused",
        after(pausing_by_partner, pausing_by_partner),
        {GET: 1, UPDATE: 1},
        refused_by=InvalidStatusTransitionError,
    ),
    Cost("resume by the user", after(pausing, resuming), {UPDATE: 1}),
    Cost("resume what is active", resuming, {UPDATE: 1}, refused_by=InvalidStatusTransitionError),
    Cost("cancel by the user: its basket", cancelling, {GET: 1, TRANSACT: 1}),
    Cost("cancel by the partner: where it lives, its basket", cancelling_by_partner, {GET: 1, TRANSACT: 1}),
    Cost(
        "cancel what is cancelled",
        after(cancelling, cancelling),
        {GET: 1, TRANSACT: 1},
        refused_by=InvalidStatusTransitionError,
    ),
    Cost(
        "cancel where the marker drifted: once more without it",
        after(without_marker, cancelling),
        {GET: 1, TRANSACT: 1, UPDATE: 1},
    ),
    Cost("expire", lambda h: partial(h.app.subscriptions.expire, BILLING, BY_PARTNER), {GET: 1, TRANSACT: 1}),
)

SUBSCRIBING = (
    Cost("subscribe by the partner: template, partner, its counter", by_partner, {GET: 3, TRANSACT: 1}),
    Cost(
        "subscribe directly: template",
        lambda h: partial(h.app.subscribing.directly, BALA, basket_id=STRADDLE),
        {GET: 1, TRANSACT: 1},
    ),
    Cost(
        "subscribe again by the same request: what it made before",
        after(by_partner, by_partner),
        {GET: 4, TRANSACT: 1},
    ),
    Cost(
        "subscribe whom it has: whether this request made it",
        partial(by_partner, basket_id=CONDOR),
        {GET: 4, TRANSACT: 1},
        refused_by=DuplicateSubscriptionError,
    ),
    Cost(
        "subscribe whom another has",
        lambda h: partial(
            h.app.subscribing.for_partner,
            PartnerBackend(KITE),
            user=BALA.email,
            basket_id=CONDOR,
            broker_account_id="AB1234",
        ),
        {GET: 3, TRANSACT: 1},
        refused_by=DuplicateSubscriptionError,
    ),
)

ALLOCATING = (
    Cost(
        "put an allocation: template, marker",
        lambda h: partial(h.app.allocations.put, ANITA, CONDOR, ONE_ACCOUNT),
        {GET: 2, TRANSACT: 1},
    ),
    Cost("get an allocation", lambda h: partial(h.app.allocations.get, ADMIN, CONDOR, user=BALA.email), {GET: 1}),
    Cost(
        "delete an allocation: itself, marker",
        lambda h: partial(h.app.allocations.delete, ADMIN, CONDOR, user=BALA.email),
        {GET: 2, TRANSACT: 1},
    ),
)

PREVIEWING = (
    Cost(
        "preview an allocation: basket and strategies, marker and subscription, itself",
        lambda h: partial(h.app.allocation_preview.preview, ANITA, CONDOR),
        {GET: 4, BATCH_GET: 1},
    ),
    Cost(
        "preview an allocation without a subscription",
        lambda h: partial(h.app.allocation_preview.preview, ANITA, STRADDLE),
        {GET: 3, BATCH_GET: 1},
    ),
)

PLANNING = (
    Cost("plan a minute: schedule, baskets and strategies together, subscribers", planning, {QUERY: 2, BATCH_GET: 1}),
    Cost(
        "plan two strategies of a template: they share its subscribers",
        after(second_strategy, planning),
        {QUERY: 2, BATCH_GET: 1},
    ),
    Cost(
        "plan two templates: their subscribers apart",
        after(straddle_at_nine_twenty, planning),
        {QUERY: 3, BATCH_GET: 1},
    ),
)
