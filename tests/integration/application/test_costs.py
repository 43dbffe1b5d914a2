"""What each use case asks of the engine, counted: the design's table of costs, and never a scan outside `verify`."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path

import pytest
from attrs import evolve
from tests.integration.application.house import ADMIN, ANITA, BALA, BILLING, CONDOR, STRADDLE, ZEBU, House
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.samples import subscription
from tests.integration.contracts.stores import STORES, Store, store_over

from quantleap import composition
from quantleap.adapters.store.seam import Engine
from quantleap.application.planning import PlannedRun
from quantleap.composition import stores
from quantleap.domain.identifiers import Email
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.marketplace.content import Category
from quantleap.domain.money import Money
from quantleap.domain.paging import ListRequest
from quantleap.domain.periods import Month
from quantleap.domain.principals import PartnerBackend, User
from quantleap.ports.secrets import Secrets

BACKEND = PartnerBackend(ZEBU)
DIRECT, BY_PARTNER, CHARGED = "sub_direct_00000005", "sub_zebu_00000007", "chg_sub_zebu_00000007_0000"
PAGE = ListRequest()
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
ONE_ACCOUNT = Allocation.single("zebu", "AB1234")
RUPEE = Money(100, "INR")


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The store's: one in memory unless a test names another of `STORES`."""
    return STORES[getattr(request, "param", "memory")](tmp_path)


@pytest.fixture
def engine(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[WatchedEngine]:
    """The engine inside the next house, watched."""
    inside, secrets = stores.open_store(url, keys=None, may_create=True)
    watched = WatchedEngine(inside)

    def store(_: str, *, keys: Path | None, may_create: bool) -> tuple[Engine, Secrets]:
        return watched, secrets

    monkeypatch.setattr(composition, "open_store", store)
    yield watched
    watched.close()


@pytest.fixture
def house(engine: WatchedEngine, url: str) -> House:
    """Anita has the condor directly; bala by zebu, charged once."""
    made = House.furnished(url)
    direct, by_partner = made.subscribed(by=ANITA), made.subscribed(BALA)
    charge = made.app.billing.charge_next(BILLING, by_partner.terms.subscription_id, through=TODAY)
    assert charge is not None
    assert (direct.terms.subscription_id, by_partner.terms.subscription_id, charge.charge_id) == (
        DIRECT,
        BY_PARTNER,
        CHARGED,
    )
    engine.calls.clear()
    return made


def planned(house: House) -> int:
    runs = house.app.planning.entries_due(ADMIN, TOMORROW, time(9, 20))
    return sum(len(list(run.plans)) for run in runs if isinstance(run, PlannedRun))


COSTS: dict[str, tuple[Callable[[House], object], dict[str, int]]] = {
    "list a user's": (lambda h: h.app.subscriptions.of_user(ANITA, None, PAGE), {"query": 1}),
    "list a partner's": (lambda h: h.app.subscriptions.of_partner(BACKEND, None, PAGE), {"query": 1}),
    "list a partner's of one user": (
        lambda h: h.app.subscriptions.of_partner(BACKEND, None, PAGE, user=BALA.email),
        {"query": 1},
    ),
    "get by the user": (lambda h: h.app.subscriptions.get(ANITA, DIRECT), {"get": 1}),
    "get by the partner": (lambda h: h.app.subscriptions.get(BACKEND, BY_PARTNER), {"get": 2}),
    "pause by the user": (lambda h: h.app.subscriptions.pause(ANITA, DIRECT), {"write": 1}),
    "pause by the partner": (lambda h: h.app.subscriptions.pause(BACKEND, BY_PARTNER), {"get": 1, "write": 1}),
    "cancel by the user": (lambda h: h.app.subscriptions.cancel(ANITA, DIRECT), {"get": 1, "transact": 1}),
    "cancel by the partner": (lambda h: h.app.subscriptions.cancel(BACKEND, BY_PARTNER), {"get": 1, "transact": 1}),
    "expire": (lambda h: h.app.subscriptions.expire(BILLING, BY_PARTNER), {"get": 1, "transact": 1}),
    "subscribe by the partner: template, partner, its counter": (
        lambda h: h.subscribed(ANITA, STRADDLE),
        {"get": 3, "transact": 1},
    ),
    "subscribe directly: template": (lambda h: h.subscribed(basket_id=STRADDLE, by=BALA), {"get": 1, "transact": 1}),
    "put an allocation: template, marker": (
        lambda h: h.app.allocations.put(ANITA, CONDOR, ONE_ACCOUNT),
        {"get": 2, "transact": 1},
    ),
    "get an allocation": (lambda h: h.app.allocations.get(ADMIN, CONDOR, user=BALA.email), {"get": 1}),
    "delete an allocation: itself, marker": (
        lambda h: h.app.allocations.delete(ADMIN, CONDOR, user=BALA.email),
        {"get": 2, "transact": 1},
    ),
    "browse a category by a user": (lambda h: h.app.marketplace.templates(ANITA, Category.NEUTRAL, PAGE), {"query": 1}),
    "browse a category by a partner": (
        lambda h: h.app.marketplace.templates(BACKEND, Category.NEUTRAL, PAGE),
        {"query": 1, "get": 1},
    ),
    "see a template by a user": (lambda h: h.app.marketplace.template(ANITA, CONDOR), {"get": 1}),
    "get a basket, its strategies together": (lambda h: h.app.authoring.get(ADMIN, CONDOR), {"get": 1, "get_many": 1}),
    "list all baskets, their strategies together": (
        lambda h: h.app.authoring.all(ADMIN, PAGE),
        {"query": 1, "get_many": 1},
    ),
    "plan a minute: schedule, baskets and strategies together, subscribers": (
        planned,
        {"query": 2, "get_many": 1},
    ),
    "charge: where it lives, itself": (
        lambda h: h.app.billing.charge_next(BILLING, DIRECT, through=TODAY),
        {"get": 2, "transact": 1},
    ),
    "charge what is not due": (lambda h: h.app.billing.charge_next(BILLING, BY_PARTNER, through=TODAY), {"get": 2}),
    "refund: the reference, the charge": (
        lambda h: h.app.billing.refund(ADMIN, CHARGED, RUPEE, reference="r1"),
        {"get": 2, "transact": 1},
    ),
    "adjust: the partner, the reference": (
        lambda h: h.app.billing.adjust(ADMIN, ZEBU, RUPEE, reference="r1", reason="corrected"),
        {"get": 2, "transact": 1},
    ),
    "state the month a partner came in": (
        lambda h: h.app.statements.statement(BACKEND, ZEBU, Month(2026, 11)),
        {"get": 1, "query": 1},
    ),
    "follow the feed: where it stopped, what changed, the end": (
        lambda h: h.app.counters.follow(),
        {"get": 1, "changes": 2, "transact": 1},
    ),
    "authenticate": (
        lambda h: h.app.partners.authenticate(*_presented(h)),
        {"get": 1},
    ),
    "verify: the feed is followed first": (
        lambda h: h.app.verification.verify(ADMIN),
        {"get": 1, "changes": 2, "transact": 1, "scan": 1},
    ),
    "recount: held, where counting stood, the feed twice, a template whose counter is wrong, corrected, let go": (
        lambda h: h.app.recounting.recount(ADMIN),
        {"get": 2, "changes": 2, "transact": 1, "scan": 1, "write": 2},
    ),
}


def _presented(house: House) -> tuple[str, str]:
    """A pair that was issued before the counting began."""
    watched = house.app._engine
    assert isinstance(watched, WatchedEngine)
    issued = house.app.partners.issue(ADMIN, ZEBU)
    watched.calls.clear()
    return issued.key.api_key, issued.secret


@pytest.mark.parametrize("name", COSTS)
def test_a_use_case_asks_the_engine_for_no_more_than_the_table_says(
    house: House, engine: WatchedEngine, name: str
) -> None:
    call, cost = COSTS[name]
    call(house)
    assert Counter(engine.calls) == cost


def subscribe_many(store: Store, count: int) -> None:
    """That many more to the condor, twenty-five a commit."""
    for start in range(0, count, 25):
        users = (Email(f"u{number}@example.com") for number in range(start, min(start + 25, count)))
        made = (
            subscription(number, user=user, basket_id=CONDOR) for number, user in enumerate(users, start=10**9 + start)
        )
        store.units.commit(*(write for each in made for write in store.subscriptions.adding(each, None)))


def test_four_hundred_subscribers_are_planned_by_two_queries(house: House, engine: WatchedEngine) -> None:
    for number in range(398):
        house.subscribed(User(Email(f"u{number}@example.com")))
    engine.calls.clear()
    assert planned(house) == 400
    assert Counter(engine.calls) == {"query": 2, "get_many": 1}


@pytest.mark.parametrize(("url", "pages"), [("memory", 1), ("sqlite", 2)], indirect=["url"])
def test_ten_thousand_subscribers_cost_a_query_a_page_as_large_as_the_engine_reads_and_are_read_as_they_are_planned(
    house: House, engine: WatchedEngine, pages: int
) -> None:
    subscribe_many(store_over(engine), 9_998)
    engine.calls.clear()
    [run] = [run for run in house.app.planning.entries_due(ADMIN, TOMORROW, time(9, 20)) if isinstance(run, PlannedRun)]
    assert Counter(engine.calls) == {"query": 1, "get_many": 1}
    next(run.plans)
    assert Counter(engine.calls) == {"query": 2, "get_many": 1}
    assert len(list(run.plans)) == 9_999
    assert Counter(engine.calls) == {"query": 1 + pages, "get_many": 1}


def test_two_strategies_of_a_template_due_at_one_minute_share_one_query_of_its_subscribers(
    house: House, engine: WatchedEngine
) -> None:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    [strategy] = content.strategies
    house.app.authoring.edit(ADMIN, content.with_strategy(evolve(strategy, strategy_id="another")))
    engine.calls.clear()
    assert planned(house) == 4
    assert Counter(engine.calls) == {"query": 2, "get_many": 1}


def test_two_templates_due_at_one_minute_are_read_together_and_their_subscribers_apart(
    house: House, engine: WatchedEngine
) -> None:
    house.subscribed(ANITA, STRADDLE)
    condor, straddle = (house.app.authoring.get(ADMIN, basket_id).content for basket_id in (CONDOR, STRADDLE))
    due = evolve(condor.strategies[0], strategy_id="another")
    house.app.authoring.edit(ADMIN, straddle.with_strategy(due))
    engine.calls.clear()
    assert planned(house) == 3
    assert Counter(engine.calls) == {"query": 3, "get_many": 1}


def test_a_repeated_move_and_a_refused_one_read_nothing_more(house: House, engine: WatchedEngine) -> None:
    for _ in range(2):
        house.app.subscriptions.pause(ANITA, DIRECT, request_id="req_00000000000a")
    assert Counter(engine.calls) == {"write": 2}
