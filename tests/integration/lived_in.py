"""A store in which everything happened once: every use case in every way that asks something else of the table."""

from collections.abc import Callable
from datetime import date, time, timedelta
from functools import partial
from typing import Any

from attrs import evolve
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    BILLING,
    CONDOR,
    KITE,
    STRADDLE,
    TEST_BILLING,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
    sample_catalog,
)
from tests.integration.contracts.stores import OWNER, store_over
from tests.integration.lived_in_audit import audit
from tests.integration.lived_in_requests import make_requests
from tests.integration.recorded_store import RecordedHouse

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Delete, Put, Update
from quantleap.application.counting import ABANDONED_AFTER
from quantleap.application.feed_walking import SAVED_EVERY
from quantleap.application.planning import PlannedRun
from quantleap.domain.billing.charge import Charge
from quantleap.domain.identifiers import Mode
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.marketplace.content import Category
from quantleap.domain.marketplace.document import ListingChanges
from quantleap.domain.money import Money
from quantleap.domain.paging import ListRequest
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.periods import Month
from quantleap.domain.principals import PartnerBackend
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.ports.counters import RecountMark

BACKEND, TEST_BACKEND = PartnerBackend(ZEBU), PartnerBackend(ZEBU_TEST)
PAGE = ListRequest()
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
RUPEE = Money(100, "INR")
ONE_ACCOUNT = Allocation.single("zebu", "AB1234")
CONDOR_STRATEGY = "strat_nifty_ic_0920"


def live_in(recorded: RecordedHouse) -> None:
    """From an empty store on."""
    house = recorded.house
    _claim(house)
    _author(house)
    _author_strategies(house)
    _keep_partners(house)
    _browse(house)
    _subscribe(house)
    _allocate(house)
    _charge(house)
    _count(house)
    _post_for_a_partner(house)
    _plan(house)
    make_requests(house)
    _meet_edits(recorded)
    _end(recorded)
    _upkeep(recorded)
    audit(house)


def _claim(house: House) -> None:
    for _ in range(2):
        house.app.claiming.claim()
        house.app.claiming.check()


def _author(house: House) -> None:
    authoring, catalog = house.app.authoring, sample_catalog(house.app)
    authoring.load_catalog(ADMIN, catalog)
    authoring.take_off(ADMIN, STRADDLE)
    authoring.load_catalog(ADMIN, catalog)
    content = authoring.get(ADMIN, CONDOR).content
    authoring.create(ADMIN, evolve(content, basket_id="empty", strategies=()))
    fresh = evolve(
        content, basket_id="fresh", strategies=tuple(evolve(each, strategy_id="fresh") for each in content.strategies)
    )
    authoring.create(ADMIN, fresh)
    refusal(partial(authoring.create, ADMIN, fresh))
    authoring.edit(ADMIN, evolve(fresh, basket_name="Edited"))
    authoring.edit(
        ADMIN, evolve(fresh, strategies=tuple(evolve(each, entry_time=time(9, 25)) for each in fresh.strategies))
    )
    authoring.enable(ADMIN, "fresh")
    authoring.revise_listing(ADMIN, "fresh", ListingChanges({"description": "Revised."}))
    authoring.take_off(ADMIN, "fresh")
    for listed in (authoring.all, authoring.overviews, authoring.listings):
        listed(ADMIN, PAGE)


def _author_strategies(house: House) -> None:
    """One by one, in a basket that is then deleted."""
    authoring, [strategy] = house.app.authoring, house.app.authoring.get(ADMIN, CONDOR).strategies
    content = evolve(authoring.get(ADMIN, CONDOR).content, basket_id="draft", strategies=())
    authoring.create(ADMIN, content)
    for name in ("one", "two"):
        authoring.add_strategy(ADMIN, "draft", evolve(strategy, strategy_id=name))
    authoring.replace_strategy(ADMIN, "draft", evolve(strategy, strategy_id="one", strategy_name="Another"))
    authoring.strategy(ADMIN, "draft", "one")
    authoring.remove_strategy(ADMIN, "draft", "two")
    house.app.previews.edit(ADMIN, content)
    authoring.delete(ADMIN, "draft")


def _keep_partners(house: House) -> None:
    partners = house.app.partners
    for partner_id in (ZEBU, KITE, ZEBU_TEST):
        partners.create(ADMIN, partner_id)
    partners.get(ADMIN, ZEBU)
    issued = partners.issue(ADMIN, ZEBU)
    house.app.authentication.partner(issued.key.api_key, issued.secret)
    rotated = partners.rotate(ADMIN, issued.key.api_key_id)
    partners.permit(ADMIN, rotated.key.api_key_id, [Permission.MARKETPLACE_READ])
    partners.revoke(ADMIN, rotated.key.api_key_id)
    partners.key(ADMIN, rotated.key.api_key_id)
    partners.key_use(ADMIN, rotated.key.api_key_id)
    partners.keys(ADMIN, ZEBU)
    partners.key_list(ADMIN, ZEBU, PAGE)
    partners.revise(ADMIN, KITE, display_name="Kite")
    partners.all(ADMIN, PAGE)


def _browse(house: House) -> None:
    for by in (ANITA, BACKEND):
        house.app.marketplace.templates(by, Category.NEUTRAL, PAGE)
        house.app.marketplace.template(by, CONDOR)


def _subscribe(house: House) -> None:
    app = house.app
    direct = partial(app.subscribing.directly, ANITA, basket_id=CONDOR, request_id="req_00000000000a")
    by_partner = partial(
        app.subscribing.for_partner,
        BACKEND,
        user=BALA.email,
        basket_id=CONDOR,
        broker_account_id="AB1234",
        request_id="req_00000000000b",
    )
    own, partners_own = _twice(direct).terms.subscription_id, _twice(by_partner).terms.subscription_id
    for by, name in ((ANITA, own), (BACKEND, partners_own)):
        app.subscriptions.get(by, name)
        app.showing.subscription(by, name)
        app.subscriptions.pause(by, name)
        app.subscriptions.resume(by, name)
    for status in (None, SubscriptionStatus.ACTIVE):
        app.subscriptions.of_user(ANITA, status, PAGE)
        app.subscriptions.of_partner(BACKEND, status, PAGE)
        app.subscriptions.of_partner(BACKEND, status, PAGE, user=BALA.email)


def _twice(call: Callable[[], Any]) -> Any:
    once, again = call(), call()
    assert once == again
    return again


def _allocate(house: House) -> None:
    allocations = house.app.allocations
    for basket_id in (CONDOR, STRADDLE):  # subscribed, and not
        allocations.put(ANITA, basket_id, ONE_ACCOUNT)
    allocations.get(ANITA, CONDOR)
    house.app.allocation_preview.preview(ANITA, CONDOR)
    allocations.delete(ANITA, STRADDLE)


def _count(house: House) -> None:
    """How many there are, where one page does not tell."""
    for status in (None, SubscriptionStatus.ACTIVE):
        page = house.app.subscriptions.of_partner(BACKEND, status, ListRequest(1, with_total=True))
        assert page.total == 2


def _charge(house: House) -> None:
    """By a partner, directly, and in test mode; then refunded, once too much."""
    billing = house.app.billing
    for by, subscribed in (
        (BILLING, house.subscribed(ANITA, STRADDLE)),
        (BILLING, house.subscribed(BALA, STRADDLE, by=BALA)),
        (TEST_BILLING, house.subscribed(ANITA, by=TEST_BACKEND)),
    ):
        name = subscribed.terms.subscription_id
        charge: Charge | None = billing.charge_next(by, name, through=TODAY)
        assert charge is not None
        refund = partial(billing.refund, by, charge.charge_id)
        _twice(partial(refund, RUPEE, reference="r1"))
        assert refusal(partial(refund, charge.amount, reference="r2")) is not None
        billing.unpark(by, name)


def _post_for_a_partner(house: House) -> None:
    billing = house.app.billing
    _twice(partial(billing.adjust, ADMIN, ZEBU, RUPEE, reference="a1", reason="corrected"))
    _twice(partial(billing.pay_out, ADMIN, ZEBU, RUPEE, reference="p1"))
    house.app.statements.statement(BACKEND, ZEBU, Month(2026, 11))


def _plan(house: House) -> None:
    runs = [run for run in house.app.planning.entries_due(ADMIN, TOMORROW, time(9, 20)) if isinstance(run, PlannedRun)]
    assert [plan for run in runs for plan in run.plans]


def _meet_edits(recorded: RecordedHouse) -> None:
    """A strategy as it is not in its basket, until the basket is read by itself."""
    engine, app = recorded.inside, recorded.house.app
    key = keys.strategy(OWNER, CONDOR_STRATEGY)
    whole = engine.get(key)
    assert whole is not None
    for read in (
        partial(app.authoring.all, ADMIN, PAGE),
        lambda: list(app.planning.entries_due(ADMIN, TOMORROW, time(9, 20))),
    ):
        engine.before("get_many", lambda: engine.write(Update(key, assign={"document": "{}"})))
        engine.before("get", lambda: engine.write(Put(whole)))
        read()
    assert engine.get(key) == whole


def _end(recorded: RecordedHouse) -> None:
    """Of whoever asks, and once more of each kind where the live marker is gone."""
    house, app = recorded.house, recorded.house.app
    [own] = app.subscriptions.of_user(BALA, SubscriptionStatus.ACTIVE, ListRequest(1)).entries
    [partners_own] = app.subscriptions.of_partner(BACKEND, None, ListRequest(1), user=ANITA.email).entries
    app.subscriptions.cancel(BALA, own.terms.subscription_id)
    app.subscriptions.cancel(BACKEND, partners_own.terms.subscription_id)
    again = house.subscribed(ANITA, STRADDLE).terms.subscription_id
    app.subscriptions.expire(BILLING, again)
    for end, by in ((app.subscriptions.cancel, BACKEND), (app.subscriptions.expire, BILLING)):
        drifted = house.subscribed(ANITA, STRADDLE).terms.subscription_id
        recorded.inside.write(Delete(keys.live_marker(Mode.LIVE, ANITA.email, STRADDLE)))
        end(by, drifted)


def _upkeep(recorded: RecordedHouse) -> None:
    """Each who counts: what was subscribed, nothing for an hour, and counters that are wrong."""
    house, app = recorded.house, recorded.house.app
    app.verification.is_empty(ADMIN)
    for follow in (app.counters.follow, partial(app.verification.verify, ADMIN)):
        house.subscribed(ANITA, STRADDLE)
        follow()
        _idle(house, SAVED_EVERY)
        follow()
        [name] = [
            each.terms.subscription_id
            for each in app.subscriptions.of_partner(BACKEND, SubscriptionStatus.ACTIVE, PAGE, user=ANITA.email).entries
        ]
        app.subscriptions.cancel(BACKEND, name)
        follow()
    _miscount(recorded)
    app.recounting.recount(ADMIN)
    _miscount(recorded)
    _abandon_a_recount(recorded)
    app.counters.follow()
    assert app.tidying.sweep() == 0  # all is good for a day at least
    assert app.verification.verify(ADMIN).differences == ()


def _idle(house: House, span: timedelta) -> None:
    """Time goes by in which only what nobody counts is written."""
    house.clock.move_to(house.clock.now() + span)
    house.app.partners.issue(ADMIN, KITE)


def _miscount(recorded: RecordedHouse) -> None:
    recorded.inside.write(Update(keys.basket(OWNER, CONDOR), add={"subscriber_count": 1}))
    recorded.inside.write(Delete(keys.partner_counters(ZEBU)))


def _abandon_a_recount(recorded: RecordedHouse) -> None:
    clock = recorded.house.clock
    repositories = store_over(recorded.inside)
    mark = RecountMark("req_0000000000ff", clock.now())
    repositories.units.commit(*repositories.counters.marking(mark, only_from=None))
    clock.move_to(clock.now() + ABANDONED_AFTER)
