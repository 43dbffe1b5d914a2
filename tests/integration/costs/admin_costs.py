"""What an admin's deeds cost that are done one by one: strategies, listings, partners, key pairs, previews."""

from functools import partial
from typing import Any

from attrs import evolve
from tests.integration.application.house import ADMIN, CONDOR, ZEBU, House
from tests.integration.costs.cost import (
    BATCH_GET,
    FIRST_KEY,
    GET,
    PAGE,
    PUT,
    QUERY,
    TRANSACT,
    UPDATE,
    Call,
    Cost,
)

from quantleap.domain.errors import ApiKeyNotFoundError, ConcurrentUpdateError, InvalidListingMoveError
from quantleap.domain.marketplace.document import ListingChanges
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission

RENAMED = ListingChanges({"basket_name": "Renamed"})


def own_strategy(house: House, **changes: Any) -> Strategy:
    [strategy] = house.app.authoring.get(ADMIN, CONDOR).strategies
    return evolve(strategy, **changes)


def drafted(house: House) -> House:
    """With a draft that has the two strategies `one` and `two`."""
    strategies = tuple(own_strategy(house, strategy_id=name) for name in ("one", "two"))
    content = house.app.authoring.get(ADMIN, CONDOR).content
    house.app.authoring.create(ADMIN, evolve(content, basket_id="draft", strategies=strategies))
    return house


def adding(house: House) -> Call:
    return partial(house.app.authoring.add_strategy, ADMIN, CONDOR, own_strategy(house, strategy_id="another"))


def replacing(house: House) -> Call:
    return partial(house.app.authoring.replace_strategy, ADMIN, CONDOR, own_strategy(house, strategy_name="Another"))


def replacing_by_itself(house: House) -> Call:
    return partial(house.app.authoring.replace_strategy, ADMIN, CONDOR, own_strategy(house))


def previewing(house: House) -> Call:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    return partial(house.app.previews.edit, ADMIN, evolve(content, strategies=()))


STRATEGIES = (
    Cost(
        "show a strategy: its basket, whole",
        lambda h: partial(h.app.authoring.strategy, ADMIN, CONDOR, own_strategy(h).strategy_id),
        {GET: 1, BATCH_GET: 1},
    ),
    Cost("add a strategy", adding, {GET: 1, BATCH_GET: 1, TRANSACT: 1}),
    Cost("replace a strategy", replacing, {GET: 1, BATCH_GET: 1, TRANSACT: 1}),
    Cost("replace a strategy by itself: nothing to write", replacing_by_itself, {GET: 1, BATCH_GET: 1}),
    Cost(
        "remove a strategy",
        lambda h: partial(drafted(h).app.authoring.remove_strategy, ADMIN, "draft", "two"),
        {GET: 1, BATCH_GET: 1, TRANSACT: 1},
    ),
    Cost(
        "delete a draft",
        lambda h: partial(drafted(h).app.authoring.delete, ADMIN, "draft"),
        {GET: 1, BATCH_GET: 1, TRANSACT: 1},
    ),
    Cost(
        "delete what was listed",
        lambda h: partial(h.app.authoring.delete, ADMIN, CONDOR),
        {GET: 1, BATCH_GET: 1},
        refused_by=InvalidListingMoveError,
    ),
    Cost(
        "preview an edit: the basket, its subscribers of two statuses",
        previewing,
        {GET: 1, BATCH_GET: 1, QUERY: 2},
    ),
)

LISTINGS = (
    Cost(
        "list baskets without their strategies",
        lambda h: partial(h.app.authoring.overviews, ADMIN, PAGE),
        {QUERY: 1},
    ),
    Cost("list what is on the marketplace", lambda h: partial(h.app.authoring.listings, ADMIN, PAGE), {QUERY: 1}),
    Cost(
        "revise a listing",
        lambda h: partial(h.app.authoring.revise_listing, ADMIN, CONDOR, RENAMED),
        {GET: 1, BATCH_GET: 1, UPDATE: 1},
    ),
    Cost(
        "revise a listing of another version",
        lambda h: partial(h.app.authoring.revise_listing, ADMIN, CONDOR, RENAMED, version=1),
        {GET: 1, BATCH_GET: 1},
        refused_by=ConcurrentUpdateError,
    ),
)

KEEPING_PARTNERS = (
    Cost(
        "list partners: the list, those of the page",
        lambda h: partial(h.app.partners.all, ADMIN, PAGE),
        {QUERY: 1, BATCH_GET: 1},
    ),
    Cost("revise a partner", lambda h: partial(h.app.partners.revise, ADMIN, ZEBU, rate_limit=5), {GET: 1, PUT: 1}),
    Cost(
        "revise a partner to what it is",
        lambda h: partial(h.app.partners.revise, ADMIN, ZEBU, display_name="zebu"),
        {GET: 1},
    ),
    Cost(
        "list its key pairs in pages: the partner, the list, the pairs of the page, their uses",
        lambda h: partial(h.app.partners.key_list, ADMIN, ZEBU, PAGE),
        {GET: 2, QUERY: 1, BATCH_GET: 1},
    ),
    Cost(
        "show a key pair and its uses: what its id names, itself, the partner's bucket",
        lambda h: partial(h.app.partners.key_use, ADMIN, FIRST_KEY),
        {GET: 3},
    ),
    Cost(
        "show a key pair: what its id names, itself",
        lambda h: partial(h.app.partners.key, ADMIN, FIRST_KEY),
        {GET: 2},
    ),
    Cost(
        "show a key pair that is not there",
        lambda h: partial(h.app.partners.key, ADMIN, "key_none"),
        {GET: 1},
        refused_by=ApiKeyNotFoundError,
    ),
    Cost(
        "change what a key pair may do",
        lambda h: partial(h.app.partners.permit, ADMIN, FIRST_KEY, [Permission.MARKETPLACE_READ]),
        {GET: 2, PUT: 1},
    ),
    Cost(
        "change it to what it may do",
        lambda h: partial(h.app.partners.permit, ADMIN, FIRST_KEY, ALL_PERMISSIONS),
        {GET: 2},
    ),
)

ADMINS = (*STRATEGIES, *LISTINGS, *KEEPING_PARTNERS)
