"""Subscribing, care, allocations and runs: the agreed terms, the moves, and what is traded by them."""

from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial

import pytest
from attrs import evolve
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    BILLING,
    CONDOR,
    KITE,
    NOON,
    STRADDLE,
    TEST_BILLING,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
)
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.stores import OWNER, store_over

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Delete
from quantleap.application.planning import PlannedRun, SkippedRun
from quantleap.composition import Application
from quantleap.domain.commissions.agreement import AgreementTerm, CommissionAgreement, CommissionTier
from quantleap.domain.errors import (
    AllocationNotFoundError,
    DuplicateSubscriptionError,
    InvalidStatusTransitionError,
    NotCoveredError,
    PartnerNotFoundError,
    SubscriptionNotFoundError,
    TemplateNotFoundError,
)
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import NotDue
from quantleap.domain.identifiers import Mode
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.contract_terms import ContractTerms
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.marketplace.strategy import StrategyStatus
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.money import Money
from quantleap.domain.paging import ListRequest
from quantleap.domain.principals import PartnerBackend, Principal, System, User
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.events import SubscriptionEventKind
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription

PAGE = ListRequest()
WEDNESDAY, NINE_TWENTY = date(2026, 11, 25), time(9, 20)
TWO_ACCOUNTS = Allocation(
    AllocationMode.SPLIT, [BrokerAccount("zebu", "AB1234", weight=1), BrokerAccount("kite", "K1", weight=1)]
)


def agree(house: House, *terms: AgreementTerm) -> None:
    """A new agreement with zebu."""
    store, before = store_over(house.app._engine), house.app.partners.get(ADMIN, ZEBU)
    after = evolve(before, agreement=CommissionAgreement(terms), version=before.version + 1)
    store.units.commit(
        *store.partners.saving(after, before, Stamp(house.clock.now(), "system:test", "req_00000000000a"))
    )


# Subscribing


def test_a_subscription_agrees_to_todays_price_and_rate_and_keeps_them(house: House) -> None:
    new = house.subscribed()
    assert house.app.subscriptions.get(ADMIN, new.terms.subscription_id) == new
    terms = new.terms
    assert (terms.price, terms.commission_rate, terms.partner_id) == (Money(99_900, "INR"), Rate(3000), ZEBU)
    assert (terms.started_on, terms.subscribed_at, terms.owner) == (date(2026, 11, 24), NOON, OWNER)
    content = house.app.authoring.get(ADMIN, CONDOR).content
    house.app.authoring.edit(ADMIN, evolve(content, subscription_price=Money(149_900, "INR")))
    agree(house, AgreementTerm(Rate(1000), date(2026, 1, 1)))
    assert house.app.subscriptions.get(ADMIN, terms.subscription_id).terms == terms
    later = house.subscribed(BALA).terms
    assert (later.price, later.commission_rate) == (Money(149_900, "INR"), Rate(1000))


def test_a_tier_counts_the_partners_live_subscriptions_as_the_counter_has_them(house: House) -> None:
    agree(house, AgreementTerm(Rate(3000), date(2026, 1, 1), None, [CommissionTier(1, Rate(2000))]))
    assert house.subscribed(ANITA).terms.commission_rate == Rate(3000)
    assert house.subscribed(BALA).terms.commission_rate == Rate(3000)
    house.app.counters.follow()
    assert house.subscribed(ANITA, STRADDLE).terms.commission_rate == Rate(2000)


def test_a_day_without_an_agreement_takes_no_subscription(house: House) -> None:
    agree(house, AgreementTerm(Rate(3000), date(2026, 12, 1)))
    before = house.items()
    assert isinstance(refusal(house.subscribed), NotCoveredError)
    assert house.items() == before


def test_the_day_in_india_counts_not_the_one_in_utc() -> None:
    house = House.furnished("memory://", start=NOON + timedelta(hours=12, minutes=1))
    assert house.subscribed().terms.started_on == date(2026, 11, 25)


def test_a_direct_subscription_has_no_partner_and_no_commission(house: House) -> None:
    new = house.app.subscribing.directly(ANITA, basket_id=CONDOR, broker_id="kite", broker_account_id="K1")
    assert (new.terms.partner_id, new.terms.commission_rate, new.terms.mode) == (None, Rate(0), Mode.LIVE)
    assert house.app.allocations.get(ANITA, CONDOR) == Allocation.single("kite", "K1")
    assert new.options.broker_account_id == "K1"


@pytest.mark.parametrize("basket_id", [CONDOR, "missing"])
def test_what_is_not_on_the_marketplace_takes_nobody_new_and_serves_its_own(house: House, basket_id: str) -> None:
    own = house.subscribed()
    house.app.authoring.take_off(ADMIN, CONDOR)
    before = house.items()
    strangers: list[PartnerBackend | User] = [PartnerBackend(KITE), BALA]
    for by in strangers:
        refused = refusal(partial(house.subscribed, BALA, basket_id, by=by))
        assert isinstance(refused, TemplateNotFoundError)
    assert house.items() == before
    assert [plan.subscription_id for plan in planned(house)] == [own.terms.subscription_id]


def test_a_key_of_a_partner_that_is_not_there_subscribes_nobody(house: House) -> None:
    before = house.items()
    error = refusal(lambda: house.subscribed(by=PartnerBackend(evolve(ZEBU, slug="angel"))))
    assert isinstance(error, PartnerNotFoundError)
    assert house.items() == before


def test_a_subscription_repeated_under_one_request_id_is_the_one_it_made(house: House) -> None:
    def subscribe(by: PartnerBackend, request_id: str) -> Subscription:
        return house.app.subscribing.for_partner(
            by, user=ANITA.email, basket_id=CONDOR, broker_account_id="AB1234", request_id=request_id
        )

    first = subscribe(PartnerBackend(ZEBU), "req_00000000000a")
    before = house.items()
    assert subscribe(PartnerBackend(ZEBU), "req_00000000000a") == first
    for by, request_id in ((PartnerBackend(ZEBU), "req_00000000000b"), (PartnerBackend(KITE), "req_00000000000a")):
        assert isinstance(refusal(partial(subscribe, by, request_id)), DuplicateSubscriptionError)
    assert house.items() == before


def test_subscribing_cancelling_and_subscribing_anew_works(house: House) -> None:
    first = house.subscribed()
    refused = refusal(house.subscribed)
    assert isinstance(refused, DuplicateSubscriptionError)
    assert refused.existing_subscription_id == first.terms.subscription_id
    house.app.subscriptions.cancel(ANITA, first.terms.subscription_id)
    second = house.subscribed()
    assert second.terms.subscription_id != first.terms.subscription_id
    kinds = [event.kind for event in house.events()]
    assert kinds == [SubscriptionEventKind.CREATED, SubscriptionEventKind.CANCELLED, SubscriptionEventKind.CREATED]


# Care


def test_every_move_answers_what_it_did_and_is_told_once(house: House) -> None:
    care, name = house.app.subscriptions, house.subscribed().terms.subscription_id
    for move, status in (
        (care.pause, SubscriptionStatus.PAUSED),
        (care.resume, SubscriptionStatus.ACTIVE),
        (care.expire, SubscriptionStatus.EXPIRED),
    ):
        house.clock.move_to(house.clock.now() + timedelta(hours=1))
        change = move(BILLING, name, reason="asked for it", request_id="req_00000000000a")
        assert (change.subscription_id, change.status, change.at) == (name, status, house.clock.now())
    kept = care.get(ADMIN, name)
    assert [entry.stamp.reason for entry in kept.history] == [None, *["asked for it"] * 3]
    assert {entry.stamp.changed_by for entry in kept.history[1:]} == {"system:billing"}
    assert [event.kind for event in house.events()] == [
        SubscriptionEventKind.CREATED,
        SubscriptionEventKind.PAUSED,
        SubscriptionEventKind.RESUMED,
        SubscriptionEventKind.EXPIRED,
    ]


def test_a_repeat_under_one_request_id_succeeds_again_and_under_another_is_refused(house: House) -> None:
    care, name = house.app.subscriptions, house.subscribed().terms.subscription_id
    for by in (ANITA, PartnerBackend(ZEBU)):
        care.pause(by, name, request_id="req_00000000000a")
    before = house.items()
    error = refusal(lambda: care.pause(ANITA, name, request_id="req_00000000000b"))
    assert isinstance(error, InvalidStatusTransitionError)
    assert str(error) == "Can only pause ACTIVE subscriptions. Current status: PAUSED"
    assert house.items() == before
    for _ in range(2):
        care.cancel(ANITA, name, request_id="req_00000000000c")
    assert isinstance(refusal(lambda: care.cancel(ANITA, name)), InvalidStatusTransitionError)


def test_what_is_not_there_is_not_found(house: House) -> None:
    care = house.app.subscriptions
    everybody: list[Principal] = [ADMIN, ANITA, PartnerBackend(ZEBU)]
    for by in everybody:
        for call in (care.get, care.pause, care.resume, care.cancel):
            assert isinstance(refusal(partial(call, by, "sub_zebu_9")), SubscriptionNotFoundError)


def test_lists_are_of_whoever_asks_by_status_and_user(house: House) -> None:
    care, direct = house.app.subscriptions, house.subscribed(by=ANITA, basket_id=STRADDLE)
    first, second = house.subscribed(ANITA), house.subscribed(BALA)
    care.pause(ADMIN, second.terms.subscription_id)
    backend = PartnerBackend(ZEBU)

    def names(entries: object) -> set[str]:
        return {entry.terms.subscription_id for entry in entries}  # type: ignore[attr-defined]  # summaries

    ids = [each.terms.subscription_id for each in (direct, first, second)]
    assert names(care.of_user(ANITA, None, PAGE).entries) == {ids[0], ids[1]}
    assert names(care.of_partner(backend, None, PAGE).entries) == {ids[1], ids[2]}
    assert names(care.of_partner(backend, SubscriptionStatus.PAUSED, PAGE).entries) == {ids[2]}
    assert names(care.of_partner(backend, None, PAGE, user=ANITA.email).entries) == {ids[1]}
    assert names(care.of_partner(ADMIN, None, PAGE, partner_id=ZEBU).entries) == {ids[1], ids[2]}
    assert care.of_partner(PartnerBackend(KITE), None, PAGE).entries == ()


# Allocations


def test_an_allocation_is_replaced_and_traded_by_from_the_next_run_on(house: House) -> None:
    house.subscribed()
    allocations = house.app.allocations
    assert allocations.put(ANITA, CONDOR, TWO_ACCOUNTS) == TWO_ACCOUNTS
    assert allocations.get(ANITA, CONDOR) == allocations.get(ADMIN, CONDOR, user=ANITA.email) == TWO_ACCOUNTS
    [plan] = planned(house)
    assert [account.broker_id for account in plan.accounts] == ["zebu", "kite"]
    allocations.delete(ANITA, CONDOR)
    assert isinstance(refusal(lambda: allocations.get(ANITA, CONDOR)), AllocationNotFoundError)
    assert isinstance(refusal(lambda: allocations.delete(ANITA, CONDOR)), AllocationNotFoundError)
    [plan] = planned(house)
    assert plan.skip_reason is SkipReason.NO_ALLOCATION


def test_a_pause_and_a_resume_keep_the_allocation(house: House) -> None:
    name = house.subscribed().terms.subscription_id
    house.app.allocations.put(ANITA, CONDOR, TWO_ACCOUNTS)
    house.app.subscriptions.pause(ANITA, name)
    assert planned(house) == []
    house.app.subscriptions.resume(ANITA, name)
    [plan] = planned(house)
    assert len(plan.accounts) == 2


def test_the_platform_allocates_in_its_mode(house: House) -> None:
    house.subscribed(by=PartnerBackend(ZEBU_TEST))
    allocations = house.app.allocations
    allocations.put(TEST_BILLING, CONDOR, TWO_ACCOUNTS, user=ANITA.email)
    assert allocations.get(TEST_BILLING, CONDOR, user=ANITA.email) == TWO_ACCOUNTS
    assert isinstance(refusal(lambda: allocations.get(ANITA, CONDOR)), AllocationNotFoundError)


# Runs


def planned(house: House, by: System = BILLING, on: date = WEDNESDAY) -> list:  # type: ignore[type-arg]  # of plans
    runs = house.app.planning.entries_due(by, on, NINE_TWENTY)
    return [plan for run in runs if isinstance(run, PlannedRun) for plan in run.plans]


def test_a_run_trades_the_strategy_as_it_is_now_times_the_multiplier(house: House) -> None:
    house.app.subscribing.for_partner(
        PartnerBackend(ZEBU),
        user=ANITA.email,
        basket_id=CONDOR,
        broker_account_id="AB1234",
        multiplier=Multiplier.parse(Decimal("1.5")),
    )
    [plan] = planned(house)
    assert [leg.lots for leg in plan.accounts[0].share.legs] == [3, 4, 1, 3]
    content = house.app.authoring.get(ADMIN, CONDOR).content
    [strategy] = content.strategies
    doubled = evolve(strategy, legs=tuple(evolve(leg, lots=leg.lots * 2) for leg in strategy.legs))
    house.app.authoring.edit(ADMIN, evolve(content, strategies=(doubled,)))
    [plan] = planned(house)
    assert [leg.lots for leg in plan.accounts[0].share.legs] == [6, 9, 3, 6]


def test_planning_writes_nothing_and_gives_the_same_twice(house: House) -> None:
    house.subscribed(ANITA)
    house.subscribed(BALA)
    before = house.items()
    assert planned(house) == planned(house)
    assert house.items() == before


def test_a_run_holds_the_subscribers_of_its_mode(house: House) -> None:
    live, test = house.subscribed(), house.subscribed(by=PartnerBackend(ZEBU_TEST))
    for by, only in ((BILLING, live), (TEST_BILLING, test)):
        assert [plan.subscription_id for plan in planned(house, by)] == [only.terms.subscription_id]


def test_a_strategy_that_has_no_run_that_day_is_skipped_with_the_reason_and_hides_no_other(house: House) -> None:
    content = house.app.authoring.get(ADMIN, STRADDLE).content
    [strategy] = content.strategies
    moved = evolve(
        strategy,
        entry_time=NINE_TWENTY,
        entry_days=house.app.authoring.get(ADMIN, CONDOR).strategies[0].entry_days,
        exit_days=house.app.authoring.get(ADMIN, CONDOR).strategies[0].exit_days,
        entry_days_before_expiry=0,
    )
    house.app.authoring.edit(ADMIN, evolve(content, strategies=(moved,)))
    runs = {type(run): run for run in house.app.planning.entries_due(ADMIN, WEDNESDAY, NINE_TWENTY)}
    assert runs.keys() == {PlannedRun, SkippedRun}
    assert runs[SkippedRun] == SkippedRun(STRADDLE, strategy.strategy_id, NotDue.OTHER_DAY_BEFORE_EXPIRY)


def test_a_strategy_switched_off_enters_nothing(house: House) -> None:
    house.subscribed()
    content = house.app.authoring.get(ADMIN, CONDOR).content
    off = tuple(evolve(each, status=StrategyStatus.INACTIVE) for each in content.strategies)
    house.app.authoring.edit(ADMIN, evolve(content, strategies=off))
    assert list(house.app.planning.entries_due(ADMIN, WEDNESDAY, NINE_TWENTY)) == []


@pytest.mark.parametrize("change", ["moved", "removed"])
def test_a_strategy_that_an_edit_moved_after_the_schedule_was_read_is_not_planned_at_the_old_minute(
    monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    house = House.furnished("memory://")
    watched = WatchedEngine(house.app._engine)
    content = house.app.authoring.get(ADMIN, CONDOR).content
    moved = tuple(evolve(each, entry_time=time(10, 0)) for each in content.strategies)
    other = tuple(evolve(each, strategy_id="other") for each in content.strategies)
    edited = evolve(content, strategies=moved if change == "moved" else other)
    watched.before("get_many", lambda: house.app.authoring.edit(ADMIN, edited))
    monkeypatch.setattr(house.app.planning._templates, "_engine", watched)
    assert list(house.app.planning.entries_due(ADMIN, WEDNESDAY, NINE_TWENTY)) == [
        SkippedRun(CONDOR, content.strategies[0].strategy_id, NotDue.NOT_SCHEDULED)
    ]


def test_a_strategy_whose_contract_no_data_covers_is_skipped_and_says_what_lacks(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    [row] = [
        row
        for row in house.app.reference_data.contract_terms().rows
        if row.underlying is Underlying.NIFTY and row.last_expiry is None
    ]
    later = ContractTerms((evolve(row, first_expiry=date(2027, 1, 5)),))
    monkeypatch.setattr(house.app.planning._reference_data, "contract_terms", lambda: later)
    [run] = house.app.planning.entries_due(ADMIN, WEDNESDAY, NINE_TWENTY)
    assert isinstance(run, SkippedRun)
    assert run.reason is NotDue.FACTS_MISSING
    assert run.detail == "No lot size for NIFTY on 2026-12-01"


def test_a_schedule_of_a_template_that_is_gone_is_refused_by_its_name(house: House) -> None:
    house.app._engine.write(Delete(keys.basket(OWNER, CONDOR)))
    error = refusal(lambda: house.app.planning.entries_due(ADMIN, WEDNESDAY, NINE_TWENTY))
    assert isinstance(error, TemplateNotFoundError)
    assert error.basket_id == CONDOR


def test_a_subscription_copies_nothing_of_the_template_but_its_name_and_price(app: Application, house: House) -> None:
    new: Subscription = house.subscribed()
    assert (new.terms.basket_name, new.terms.price) == (
        app.authoring.get(ADMIN, CONDOR).content.basket_name,
        Money(99_900, "INR"),
    )
