"""Every kind of principal against every use case: who may not is refused, and nothing is written."""

from collections.abc import Callable
from datetime import date, time
from functools import partial

import pytest
from attrs import evolve, frozen
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
from tests.integration.recorded_store import USE_CASES

from quantleap.domain.errors import ForbiddenError, NotTheOwnerError, PermissionDeniedError, SubscriptionNotFoundError
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.marketplace.content import BasketContent, Category
from quantleap.domain.marketplace.document import ListingChanges
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.money import Money
from quantleap.domain.paging import ListRequest
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission
from quantleap.domain.periods import Month
from quantleap.domain.principals import PartnerBackend, Principal

PAGE = ListRequest()
RUPEE = Money(100, "INR")
ONE_ACCOUNT = Allocation.single("zebu", "AB1234")

WHO: dict[str, Principal] = {
    "admin": ADMIN,
    "system": BILLING,
    "its partner": PartnerBackend(ZEBU),
    "another partner": PartnerBackend(KITE),
    "its user": ANITA,
    "another user": BALA,
}
OPERATORS = frozenset({"admin", "system"})
ANY_PARTNER = frozenset({"its partner", "another partner"})
ANY_USER = frozenset({"its user", "another user"})
EVERYBODY = frozenset(WHO)


@frozen
class Scene:
    """A house in which anita has a subscription by zebu, charged once, and an allocation."""

    house: House
    subscription_id: str
    charge_id: str
    api_key_id: str


@frozen
class Deed:
    """A call of one use case, and who may make it."""

    call: Callable[[Scene, Principal], object]
    allowed: frozenset[str]


def deed(allowed: frozenset[str], call: Callable[[Scene, Principal], object]) -> Deed:
    return Deed(call, allowed)


def author(call: Callable[[Scene, Principal], object]) -> Deed:
    return Deed(call, OPERATORS)


DEEDS: dict[str, Deed] = {
    "authoring.load_catalog": author(lambda s, by: s.house.app.authoring.load_catalog(by, sample_catalog(s.house.app))),
    "authoring.create": author(lambda s, by: s.house.app.authoring.create(by, fresh_content(s.house))),
    "authoring.edit": author(lambda s, by: s.house.app.authoring.edit(by, edited_content(s.house))),
    "authoring.enable": author(lambda s, by: s.house.app.authoring.enable(by, "draft")),
    "authoring.take_off": author(lambda s, by: s.house.app.authoring.take_off(by, STRADDLE)),
    "authoring.get": author(lambda s, by: s.house.app.authoring.get(by, CONDOR)),
    "authoring.delete": author(lambda s, by: s.house.app.authoring.delete(by, "draft")),
    "authoring.overviews": author(lambda s, by: s.house.app.authoring.overviews(by, PAGE)),
    "authoring.listings": author(lambda s, by: s.house.app.authoring.listings(by, PAGE)),
    "authoring.revise_listing": author(
        lambda s, by: s.house.app.authoring.revise_listing(by, CONDOR, ListingChanges({"basket_name": "Revised"}))
    ),
    "authoring.strategy": author(lambda s, by: s.house.app.authoring.strategy(by, "draft", "draft_strategy")),
    "authoring.add_strategy": author(
        lambda s, by: s.house.app.authoring.add_strategy(by, "draft", draft_strategy(s.house, strategy_id="another"))
    ),
    "authoring.replace_strategy": author(
        lambda s, by: s.house.app.authoring.replace_strategy(
            by, "draft", draft_strategy(s.house, strategy_name="Another")
        )
    ),
    "authoring.remove_strategy": author(
        lambda s, by: s.house.app.authoring.remove_strategy(by, "draft", "draft_strategy")
    ),
    "previews.edit": author(lambda s, by: s.house.app.previews.edit(by, edited_content(s.house))),
    "authoring.all": author(lambda s, by: s.house.app.authoring.all(by, PAGE)),
    "marketplace.templates": deed(
        EVERYBODY, lambda s, by: s.house.app.marketplace.templates(by, Category.NEUTRAL, PAGE)
    ),
    "marketplace.template": deed(EVERYBODY, lambda s, by: s.house.app.marketplace.template(by, CONDOR)),
    "subscribing.for_partner": deed(
        ANY_PARTNER,
        lambda s, by: s.house.app.subscribing.for_partner(
            by, user=BALA.email, basket_id=STRADDLE, broker_account_id="AB1"
        ),
    ),
    "subscribing.directly": deed(ANY_USER, lambda s, by: s.house.app.subscribing.directly(by, basket_id=STRADDLE)),
    "subscriptions.pause": deed(
        EVERYBODY - {"another partner", "another user"},
        lambda s, by: s.house.app.subscriptions.pause(by, s.subscription_id),
    ),
    "subscriptions.resume": deed(
        EVERYBODY - {"another partner", "another user"},
        lambda s, by: s.house.app.subscriptions.resume(by, paused(s)),
    ),
    "subscriptions.cancel": deed(
        EVERYBODY - {"another partner", "another user"},
        lambda s, by: s.house.app.subscriptions.cancel(by, s.subscription_id),
    ),
    "subscriptions.expire": author(lambda s, by: s.house.app.subscriptions.expire(by, s.subscription_id)),
    "subscriptions.get": deed(
        EVERYBODY - {"another partner", "another user"},
        lambda s, by: s.house.app.subscriptions.get(by, s.subscription_id),
    ),
    "showing.subscription": deed(
        EVERYBODY - {"another partner", "another user"},
        lambda s, by: s.house.app.showing.subscription(by, s.subscription_id),
    ),
    "allocation_preview.preview": deed(ANY_USER, lambda s, by: s.house.app.allocation_preview.preview(by, CONDOR)),
    "subscriptions.of_user": deed(ANY_USER, lambda s, by: s.house.app.subscriptions.of_user(by, None, PAGE)),
    "subscriptions.of_partner": deed(
        OPERATORS | {"its partner"},
        lambda s, by: s.house.app.subscriptions.of_partner(by, None, PAGE, partner_id=ZEBU),
    ),
    "allocations.get": deed(
        OPERATORS | {"its user"}, lambda s, by: s.house.app.allocations.get(by, CONDOR, user=ANITA.email)
    ),
    "allocations.put": deed(
        OPERATORS | {"its user"}, lambda s, by: s.house.app.allocations.put(by, CONDOR, ONE_ACCOUNT, user=ANITA.email)
    ),
    "allocations.delete": deed(
        OPERATORS | {"its user"}, lambda s, by: s.house.app.allocations.delete(by, CONDOR, user=ANITA.email)
    ),
    "planning.entries_due": author(lambda s, by: s.house.app.planning.entries_due(by, date(2026, 11, 25), time(9, 20))),
    "billing.charge_next": author(
        lambda s, by: s.house.app.billing.charge_next(by, s.subscription_id, through=date(2026, 11, 24))
    ),
    "billing.unpark": author(lambda s, by: s.house.app.billing.unpark(by, parked(s))),
    "billing.refund": author(lambda s, by: s.house.app.billing.refund(by, s.charge_id, RUPEE, reference="r1")),
    "billing.adjust": author(
        lambda s, by: s.house.app.billing.adjust(by, ZEBU, RUPEE, reference="r1", reason="corrected")
    ),
    "billing.pay_out": author(lambda s, by: s.house.app.billing.pay_out(by, ZEBU, RUPEE, reference="r1")),
    "statements.statement": deed(
        OPERATORS | {"its partner"}, lambda s, by: s.house.app.statements.statement(by, ZEBU, Month(2026, 11))
    ),
    "partners.create": author(lambda s, by: s.house.app.partners.create(by, evolve(KITE, slug="angel"))),
    "partners.get": author(lambda s, by: s.house.app.partners.get(by, ZEBU)),
    "partners.revise": author(lambda s, by: s.house.app.partners.revise(by, ZEBU, display_name="Revised")),
    "partners.all": author(lambda s, by: s.house.app.partners.all(by, PAGE)),
    "partners.key_list": author(lambda s, by: s.house.app.partners.key_list(by, ZEBU, PAGE)),
    "partners.key": author(lambda s, by: s.house.app.partners.key(by, s.api_key_id)),
    "partners.key_use": author(lambda s, by: s.house.app.partners.key_use(by, s.api_key_id)),
    "partners.permit": author(
        lambda s, by: s.house.app.partners.permit(by, s.api_key_id, [Permission.MARKETPLACE_READ])
    ),
    "partners.keys": author(lambda s, by: s.house.app.partners.keys(by, ZEBU)),
    "partners.issue": author(lambda s, by: s.house.app.partners.issue(by, ZEBU)),
    "partners.rotate": author(lambda s, by: s.house.app.partners.rotate(by, s.api_key_id)),
    "partners.revoke": author(lambda s, by: s.house.app.partners.revoke(by, s.api_key_id)),
    "verification.is_empty": author(lambda s, by: s.house.app.verification.is_empty(by)),
    "verification.verify": author(lambda s, by: s.house.app.verification.verify(by)),
    "auditing.entries": author(lambda s, by: s.house.app.auditing.entries(by, PAGE)),
    "recounting.recount": author(lambda s, by: s.house.app.recounting.recount(by)),
}

OF_NOBODY = {
    "authentication.partner",
    "authentication.user",
    "authentication.admin",
    "authentication.prepare_tokens",
    "admission.take",
    "tidying.sweep",
    "answering_once.run",
    "counters.follow",
    "auditing.follow",
    "claiming.claim",
    "claiming.check",
}
"""What judges no principal: it proves one, stands around what does, or is the platform's own upkeep, which shows and
decides nothing.
"""


def fresh_content(house: House) -> BasketContent:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    strategies = tuple(evolve(each, strategy_id="fresh_strategy") for each in content.strategies)
    return evolve(content, basket_id="fresh", strategies=strategies)


def edited_content(house: House) -> BasketContent:
    return evolve(house.app.authoring.get(ADMIN, CONDOR).content, basket_name="Edited")


def draft_strategy(house: House, **changes: str) -> Strategy:
    [strategy] = house.app.authoring.get(ADMIN, "draft").strategies
    return evolve(strategy, **changes)  # type: ignore[arg-type]  # names and ids


def paused(scene: Scene) -> str:
    if scene.house.app.subscriptions.get(ADMIN, scene.subscription_id).life.status == "ACTIVE":
        scene.house.app.subscriptions.pause(ADMIN, scene.subscription_id)
    return scene.subscription_id


def parked(scene: Scene) -> str:
    if scene.house.app.subscriptions.get(ADMIN, scene.subscription_id).billing.parked is None:
        excess = Money(10**6, "INR")
        refusal(lambda: scene.house.app.billing.refund(ADMIN, scene.charge_id, excess, reference="too-much"))
    return scene.subscription_id


@pytest.fixture
def scene(house: House) -> Scene:
    app = house.app
    draft = fresh_content(house)
    strategies = tuple(evolve(each, strategy_id="draft_strategy") for each in draft.strategies)
    app.authoring.create(ADMIN, evolve(draft, basket_id="draft", strategies=strategies))
    new = house.subscribed(ANITA).terms.subscription_id
    charge = app.billing.charge_next(BILLING, new, through=date(2026, 11, 24))
    assert charge is not None
    return Scene(house, new, charge.charge_id, house.first_key().api_key_id)


def test_every_use_case_stands_in_the_table(house: House) -> None:
    methods = {
        f"{capability}.{name}"
        for capability, use_case in capabilities(house).items()
        for name in dir(type(use_case))
        if not name.startswith("_") and callable(getattr(type(use_case), name))
    }
    assert methods == DEEDS.keys() | OF_NOBODY


def capabilities(house: House) -> dict[str, object]:
    """The use cases of an Application."""
    return {name: getattr(house.app, name) for name in USE_CASES}


PREPARED = {"subscriptions.resume": paused, "billing.unpark": parked}
"""What must have happened before a deed, so that a refusal can be seen to write nothing."""


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", DEEDS)
def test_whoever_may_is_answered_and_whoever_may_not_is_refused_with_nothing_written(
    scene: Scene, name: str, who: str
) -> None:
    if name in PREPARED:
        PREPARED[name](scene)
    before = scene.house.items()
    refused = refusal(lambda: DEEDS[name].call(scene, WHO[who]))
    if who in DEEDS[name].allowed:
        assert refused is None
    else:
        assert isinstance(refused, ForbiddenError | SubscriptionNotFoundError)
        assert scene.house.items() == before


def test_another_partner_is_told_that_it_is_not_its_own_and_another_user_finds_nothing(scene: Scene) -> None:
    for call in (scene.house.app.subscriptions.get, scene.house.app.subscriptions.pause):
        assert isinstance(refusal(partial(call, PartnerBackend(KITE), scene.subscription_id)), NotTheOwnerError)
        assert isinstance(refusal(partial(call, BALA, scene.subscription_id)), SubscriptionNotFoundError)


NEEDED = {
    "marketplace.templates": Permission.MARKETPLACE_READ,
    "marketplace.template": Permission.MARKETPLACE_READ,
    "subscribing.for_partner": Permission.SUBSCRIPTIONS_WRITE,
    "subscriptions.pause": Permission.SUBSCRIPTIONS_WRITE,
    "subscriptions.resume": Permission.SUBSCRIPTIONS_WRITE,
    "subscriptions.cancel": Permission.SUBSCRIPTIONS_WRITE,
    "subscriptions.get": Permission.SUBSCRIPTIONS_READ,
    "showing.subscription": Permission.SUBSCRIPTIONS_READ,
    "subscriptions.of_partner": Permission.SUBSCRIPTIONS_READ,
    "statements.statement": Permission.ANALYTICS_READ,
}


@pytest.mark.parametrize("name", sorted(name for name in DEEDS if "its partner" in DEEDS[name].allowed))
def test_a_partners_key_needs_the_one_permission_of_the_deed_and_no_other(scene: Scene, name: str) -> None:
    needed = NEEDED[name]
    if name in PREPARED:
        PREPARED[name](scene)
    before = scene.house.items()
    lacking = PartnerBackend(ZEBU, ALL_PERMISSIONS - {needed})
    refused = refusal(lambda: DEEDS[name].call(scene, lacking))
    assert isinstance(refused, PermissionDeniedError)
    assert refused.permission == needed
    assert scene.house.items() == before
    assert refusal(lambda: DEEDS[name].call(scene, PartnerBackend(ZEBU, [needed]))) is None


@pytest.mark.parametrize(
    "name",
    ["subscriptions.get", "subscriptions.pause", "subscriptions.cancel", "subscriptions.expire", "billing.charge_next"],
)
def test_in_test_mode_a_live_subscription_is_not_there(scene: Scene, name: str) -> None:
    before = scene.house.items()
    for by in (PartnerBackend(ZEBU_TEST), TEST_BILLING):
        refused = refusal(partial(DEEDS[name].call, scene, by))
        assert isinstance(refused, SubscriptionNotFoundError | PermissionDeniedError)
        assert isinstance(refused, SubscriptionNotFoundError) or by != TEST_BILLING
    assert scene.house.items() == before


def test_live_callers_do_not_find_a_test_subscription(house: House) -> None:
    test = house.subscribed(by=PartnerBackend(ZEBU_TEST)).terms.subscription_id
    for by in (ADMIN, BILLING, PartnerBackend(ZEBU), ANITA):
        assert isinstance(refusal(partial(house.app.subscriptions.get, by, test)), SubscriptionNotFoundError)
    assert house.app.subscriptions.of_user(ANITA, None, PAGE).entries == ()
    for by in (PartnerBackend(ZEBU_TEST), TEST_BILLING):
        assert house.app.subscriptions.get(by, test).terms.subscription_id == test
