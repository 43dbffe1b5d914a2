"""What the marketplace, its authors, partners, money and upkeep cost."""

from datetime import timedelta
from functools import partial

from attrs import evolve
from tests.integration.application.house import ADMIN, ANITA, BILLING, CONDOR, ZEBU, House, refusal, sample_catalog
from tests.integration.contracts.stores import store_over
from tests.integration.costs.cost import (
    BACKEND,
    BATCH_GET,
    BY_PARTNER,
    CHARGED,
    DIRECT,
    EXPIRE,
    FEED,
    FIRST_KEY,
    GET,
    PAGE,
    PUT,
    QUERY,
    REQUEST,
    RUPEE,
    SCAN,
    TODAY,
    TRANSACT,
    UPDATE,
    Call,
    Cost,
)
from tests.integration.costs.subscription_costs import second_strategy

from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.application.counting import ABANDONED_AFTER
from quantleap.domain.errors import (
    AlreadyExistsError,
    ReferenceReusedError,
    RefundExceedsChargeError,
    SubscriptionParkedError,
)
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.marketplace.content import Category
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.money import Money
from quantleap.domain.periods import Month
from quantleap.ports.counters import RecountMark
from quantleap.ports.expired_records import MAX_REMOVED_AT_ONCE
from quantleap.ports.rate_limits import RateLimitAlert

NOTHING_MORE = Money(1, "INR")


def renaming(house: House) -> Call:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    return partial(house.app.authoring.edit, ADMIN, evolve(content, basket_name="Renamed"))


def creating(house: House) -> Call:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    return partial(house.app.authoring.create, ADMIN, evolve(content, basket_id="empty", strategies=()))


def creating_whole(house: House) -> Call:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    strategies = tuple(evolve(each, strategy_id="fresh") for each in content.strategies)
    return partial(house.app.authoring.create, ADMIN, evolve(content, basket_id="fresh", strategies=strategies))


def enabling(house: House) -> Call:
    house.app.authoring.take_off(ADMIN, CONDOR)
    return partial(house.app.authoring.enable, ADMIN, CONDOR)


def loading(house: House, templates: int) -> Call:
    """The sample again, but for its first templates, which are renamed."""
    document = sample_catalog(house.app)
    for each in document["templates"][:templates]:
        each["basket_name"] = "Renamed"
    return partial(house.app.authoring.load_catalog, ADMIN, document)


def refunding(house: House, amount: Money = RUPEE) -> Call:
    return partial(house.app.billing.refund, ADMIN, CHARGED, amount, reference="r1")


def refunding_again(house: House, amount: Money = RUPEE) -> Call:
    refunding(house)()
    return refunding(house, amount)


def refunding_too_much(house: House) -> Call:
    return refunding(house, Money(10**9, "INR"))


def parked(house: House) -> House:
    """Bala's, by a refund that was asked for and is too much."""
    assert refusal(refunding_too_much(house)) is not None
    return house


def authenticating(house: House) -> Call:
    issued = house.app.partners.issue(ADMIN, ZEBU)
    return partial(house.app.authentication.partner, issued.key.api_key, issued.secret)


def token(house: House) -> str:
    return house.app.development_tokens.issue(ADMIN.email, is_admin=True)


def following(house: House) -> Call:
    return partial(house.app.counters.follow)


def following_on(house: House) -> Call:
    following(house)()
    return following(house)


def following_an_abandoned_recount(house: House) -> Call:
    following(house)()
    repositories = store_over(house.app._engine)
    mark = RecountMark(REQUEST, house.clock.now())
    repositories.units.commit(*repositories.counters.marking(mark, only_from=None))
    house.clock.move_to(house.clock.now() + ABANDONED_AFTER)
    return following(house)


def sweeping_a_hundred(house: House) -> Call:
    rate_limits, now = StoredRateLimits(house.app._engine), house.clock.now()
    for number in range(MAX_REMOVED_AT_ONCE):
        at = now - timedelta(hours=number)
        alert = RateLimitAlert(partner_id=ZEBU, at=at, limit=60, refused=60, api_key_id=None, expires_at=now)
        assert rate_limits.alerting(alert)
    return partial(house.app.tidying.sweep)


def claiming_again(house: House) -> Call:
    house.app.claiming.claim()
    return partial(house.app.claiming.claim)


MARKETPLACE = (
    Cost(
        "browse a category by a user",
        lambda h: partial(h.app.marketplace.templates, ANITA, Category.NEUTRAL, PAGE),
        {QUERY: 1},
    ),
    Cost(
        "browse a category by a partner: what it may see",
        lambda h: partial(h.app.marketplace.templates, BACKEND, Category.NEUTRAL, PAGE),
        {QUERY: 1, GET: 1},
    ),
    Cost(
        "browse all categories",
        lambda h: partial(h.app.marketplace.templates, ANITA, None, PAGE, underlying=Underlying.NIFTY),
        {QUERY: 4},
    ),
    Cost("see a template by a user", lambda h: partial(h.app.marketplace.template, ANITA, CONDOR), {GET: 1}),
    Cost(
        "see a template by a partner: what it may see",
        lambda h: partial(h.app.marketplace.template, BACKEND, CONDOR),
        {GET: 2},
    ),
)

AUTHORING = (
    Cost(
        "get a basket, its strategies together",
        lambda h: partial(h.app.authoring.get, ADMIN, CONDOR),
        {GET: 1, BATCH_GET: 1},
    ),
    Cost(
        "list all baskets, their strategies together",
        lambda h: partial(h.app.authoring.all, ADMIN, PAGE),
        {QUERY: 1, BATCH_GET: 1},
    ),
    Cost("load a catalog of four as it is", partial(loading, templates=0), {GET: 4, BATCH_GET: 4}),
    Cost("load it with three changed", partial(loading, templates=3), {GET: 4, BATCH_GET: 4, UPDATE: 3}),
    Cost("create a basket without strategies", creating, {GET: 1, PUT: 1}),
    Cost("create a basket", creating_whole, {GET: 1, TRANSACT: 1}),
    Cost("edit a basket alone", renaming, {GET: 1, BATCH_GET: 1, UPDATE: 1}),
    Cost("edit its strategies", second_strategy, {GET: 1, BATCH_GET: 1, TRANSACT: 1}),
    Cost("put on the marketplace", enabling, {GET: 1, BATCH_GET: 1, UPDATE: 1}),
    Cost(
        "take off the marketplace",
        lambda h: partial(h.app.authoring.take_off, ADMIN, CONDOR),
        {GET: 1, BATCH_GET: 1, UPDATE: 1},
    ),
)

MONEY = (
    Cost(
        "charge: where it lives, itself",
        lambda h: partial(h.app.billing.charge_next, BILLING, DIRECT, through=TODAY),
        {GET: 2, TRANSACT: 1},
    ),
    Cost(
        "charge what is not due",
        lambda h: partial(h.app.billing.charge_next, BILLING, BY_PARTNER, through=TODAY),
        {GET: 2},
    ),
    Cost(
        "charge what is parked",
        lambda h: partial(parked(h).app.billing.charge_next, BILLING, BY_PARTNER, through=TODAY),
        {GET: 2},
        refused_by=SubscriptionParkedError,
    ),
    Cost("refund: the reference, the charge", refunding, {GET: 2, TRANSACT: 1}),
    Cost("refund again: the reference, what was posted", refunding_again, {GET: 2}),
    Cost(
        "refund another amount by that reference",
        partial(refunding_again, amount=NOTHING_MORE),
        {GET: 2},
        refused_by=ReferenceReusedError,
    ),
    Cost(
        "refund too much: the reference twice, the charge; where it lives and itself, to park it",
        refunding_too_much,
        {GET: 5, UPDATE: 1},
        refused_by=RefundExceedsChargeError,
    ),
    Cost(
        "free what is parked: where it lives, itself",
        lambda h: partial(parked(h).app.billing.unpark, ADMIN, BY_PARTNER),
        {GET: 2, UPDATE: 1},
    ),
    Cost(
        "adjust: the partner, the reference",
        lambda h: partial(h.app.billing.adjust, ADMIN, ZEBU, RUPEE, reference="r1", reason="corrected"),
        {GET: 2, TRANSACT: 1},
    ),
    Cost(
        "pay out: the partner, the reference",
        lambda h: partial(h.app.billing.pay_out, ADMIN, ZEBU, RUPEE, reference="r1"),
        {GET: 2, TRANSACT: 1},
    ),
    Cost(
        "state the month a partner came in",
        lambda h: partial(h.app.statements.statement, BACKEND, ZEBU, Month(2026, 11)),
        {GET: 1, QUERY: 1},
    ),
)

PARTNERS = (
    Cost(
        "create a partner",
        lambda h: partial(h.app.partners.create, ADMIN, PartnerId("dhan", Mode.LIVE)),
        {TRANSACT: 1},
    ),
    Cost(
        "create one that is there",
        lambda h: partial(h.app.partners.create, ADMIN, ZEBU),
        {TRANSACT: 1},
        refused_by=AlreadyExistsError,
    ),
    Cost("get a partner", lambda h: partial(h.app.partners.get, ADMIN, ZEBU), {GET: 1}),
    Cost(
        "list its key pairs: the partner, each pair",
        lambda h: partial(h.app.partners.keys, ADMIN, ZEBU),
        {GET: 2, QUERY: 1},
    ),
    Cost("issue a key pair", lambda h: partial(h.app.partners.issue, ADMIN, ZEBU), {GET: 1, TRANSACT: 1}),
    Cost(
        "rotate a key pair",
        lambda h: partial(h.app.partners.rotate, ADMIN, FIRST_KEY),
        {GET: 2, TRANSACT: 1},
    ),
    Cost(
        "revoke a key pair, and forget its uses",
        lambda h: partial(h.app.partners.revoke, ADMIN, FIRST_KEY),
        {GET: 2, PUT: 1, UPDATE: 1},
    ),
    Cost("authenticate: the key pair and the partner together", authenticating, {BATCH_GET: 1}),
    Cost("prove a user by a token", lambda h: partial(h.app.authentication.user, token(h)), {}),
    Cost("prove an admin by a token", lambda h: partial(h.app.authentication.admin, token(h)), {}),
    Cost("have the keys of tokens", lambda h: partial(h.app.authentication.prepare_tokens), {}),
)

UPKEEP = (
    Cost("follow the feed: where it stopped, what changed, the end", following, {GET: 1, FEED: 2, TRANSACT: 1}),
    Cost("follow where nothing changed", following_on, {GET: 1, FEED: 1}),
    Cost(
        "follow where a recount was given up: another is made",
        following_an_abandoned_recount,
        {GET: 3, FEED: 3, SCAN: 1, UPDATE: 2},
    ),
    Cost(
        "recount: marked, where it stopped, everything, what is corrected and is there",
        lambda h: partial(h.app.recounting.recount, ADMIN),
        {GET: 2, FEED: 2, SCAN: 1, UPDATE: 2, TRANSACT: 1},
    ),
    Cost(
        "verify: the feed is followed first",
        lambda h: partial(h.app.verification.verify, ADMIN),
        {GET: 1, FEED: 2, TRANSACT: 1, SCAN: 1},
    ),
    Cost("ask whether there is anything", lambda h: partial(h.app.verification.is_empty, ADMIN), {SCAN: 1}),
    Cost("sweep where nothing has expired", lambda h: partial(h.app.tidying.sweep), {EXPIRE: 1}),
    Cost("sweep where a hundred records have expired", sweeping_a_hundred, {EXPIRE: 2}),
    Cost("claim a store: whose it is", lambda h: partial(h.app.claiming.claim), {GET: 1, PUT: 1}),
    Cost("claim it again", claiming_again, {GET: 1}),
    Cost("ask whose a store is", lambda h: partial(h.app.claiming.check), {GET: 1}),
)
