"""Charging, refunding, adjusting, paying out and stating: each posted once, to the paisa."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from attrs import evolve
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    BILLING,
    KITE,
    TEST_BILLING,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
)
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.stores import store_over

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Update
from quantleap.application.answering_once import OnceUnits
from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.ledger import AccountKind, LedgerTransaction, TransactionKind
from quantleap.domain.errors import (
    ConcurrentUpdateError,
    InvalidInputError,
    NotTheOwnerError,
    PartnerNotFoundError,
    PeriodNotChargeableError,
    ReferenceReusedError,
    RefundExceedsChargeError,
    SubscriptionNotFoundError,
    SubscriptionParkedError,
)
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.money import Money
from quantleap.domain.periods import Month
from quantleap.domain.principals import PartnerBackend
from quantleap.domain.subscriptions.events import SubscriptionEventKind

TODAY = date(2026, 11, 24)
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
FAR = date(2030, 1, 1)


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


def charged(house: House, subscription_id: str, by: object = BILLING) -> Charge:
    charge = house.app.billing.charge_next(by, subscription_id, through=FAR)  # type: ignore[arg-type]  # a principal
    assert charge is not None
    return charge


def book(house: House, partner_id: PartnerId | None = ZEBU, month: Month = NOVEMBER) -> list[LedgerTransaction]:
    return list(store_over(house.app._engine).ledger.of_month(partner_id, month))


# Charges


def test_the_first_period_is_charged_on_the_first_day_and_split_to_the_paisa(house: House) -> None:
    new = house.subscribed()
    charge = charged(house, new.terms.subscription_id)
    assert (charge.amount, charge.commission, charge.platform_share) == (rupees(99_900), rupees(29_970), rupees(69_930))
    [posting] = book(house)
    assert posting.kind is TransactionKind.CHARGE
    assert [posting.amount_on(kind) for kind in AccountKind] == [99_900, -29_970, 0, -69_930, 0]
    assert house.app.subscriptions.get(ADMIN, new.terms.subscription_id).billing.periods_charged == 1


def test_a_direct_subscription_owes_the_platform_alone(house: House) -> None:
    charged(house, house.subscribed(by=ANITA).terms.subscription_id)
    [posting] = book(house, None)
    assert posting.amount_on(AccountKind.DIRECT_RECEIVABLE) == 99_900
    assert posting.amount_on(AccountKind.PLATFORM_REVENUE) == -99_900


@pytest.mark.parametrize("through", [TODAY, FAR])
def test_a_period_is_due_on_its_first_day_and_not_before_however_far_ahead_is_asked(
    house: House, through: date
) -> None:
    name = house.subscribed().terms.subscription_id
    charge = partial(house.app.billing.charge_next, BILLING, name)
    assert charge(through=TODAY - timedelta(days=1)) is None
    assert charge(through=through) is not None
    before = house.items()
    assert charge(through=through) is None
    assert house.items() == before
    house.clock.move_to(house.clock.now() + timedelta(days=29))
    assert charge(through=FAR) is None
    house.clock.move_to(house.clock.now() + timedelta(days=1))
    second = charge(through=FAR)
    assert second is not None
    assert (second.period.index, second.period.start) == (1, date(2026, 12, 24))
    assert [event.kind for event in house.events()][-1] is SubscriptionEventKind.RENEWED


def test_months_that_were_missed_are_charged_one_by_one(house: House) -> None:
    name = house.subscribed().terms.subscription_id
    house.clock.move_to(house.clock.now() + timedelta(days=70))
    assert [charged(house, name).period.index for _ in range(3)] == [0, 1, 2]
    assert house.app.billing.charge_next(BILLING, name, through=FAR) is None


def test_a_paused_subscription_is_charged_and_a_terminal_one_is_not(house: House) -> None:
    name = house.subscribed().terms.subscription_id
    house.app.subscriptions.pause(ANITA, name)
    charged(house, name)
    house.app.subscriptions.cancel(ANITA, name)
    before = house.items()
    assert isinstance(refusal(partial(charged, house, name)), PeriodNotChargeableError)
    assert house.items() == before


def test_a_parked_subscription_waits_for_an_operator(house: House) -> None:
    name = house.subscribed().terms.subscription_id
    house.app._engine.write(Update(keys.subscription(Mode.LIVE, ANITA.email, name), assign={"parked": "paid twice"}))
    before = house.items()
    error = refusal(partial(charged, house, name))
    assert isinstance(error, SubscriptionParkedError)
    assert error.reason == "paid twice"
    assert house.items() == before


def test_a_subscription_that_is_not_there_is_not_charged(house: House) -> None:
    assert isinstance(refusal(partial(charged, house, "sub_zebu_9")), SubscriptionNotFoundError)


def test_test_mode_is_charged_into_its_own_book(house: House) -> None:
    name = house.subscribed(by=PartnerBackend(ZEBU_TEST)).terms.subscription_id
    charge = charged(house, name, TEST_BILLING)
    refund = partial(house.app.billing.refund, charge_id=charge.charge_id, amount=rupees(1), reference="r1")
    assert refusal(partial(refund, ADMIN)) is not None
    refund(TEST_BILLING)
    assert (len(book(house, ZEBU_TEST)), book(house)) == (2, [])


# Refunds


def test_a_charge_refunded_in_parts_claws_back_exactly_its_commission(house: House) -> None:
    charge = charged(house, house.subscribed().terms.subscription_id)
    refund = house.app.billing.refund
    parts = [
        refund(ADMIN, charge.charge_id, rupees(minor), reference=f"r{minor}") for minor in (33_333, 33_334, 33_233)
    ]
    assert sum(part.amount_on(AccountKind.PARTNER_COMMISSION) for part in parts) == 29_970
    assert [each for each in book(house) if each.kind is TransactionKind.REFUND] == sorted(
        parts, key=lambda part: part.transaction_id
    )


def test_a_refund_above_what_is_left_posts_nothing_and_holds_the_subscription_for_an_operator(house: House) -> None:
    name = house.subscribed().terms.subscription_id
    charge, before = charged(house, name), house.items()
    for _ in range(2):
        error = refusal(lambda: house.app.billing.refund(ADMIN, charge.charge_id, rupees(99_901), reference="r1"))
        assert isinstance(error, RefundExceedsChargeError)
        assert error.refundable_minor == 99_900
    changed = [item for item in house.items() if item not in before]
    assert [item["sort_key"] for item in changed] == [f"SUBSCRIPTION#{name}"]
    house.clock.move_to(house.clock.now() + timedelta(days=31))
    assert isinstance(refusal(partial(charged, house, name)), SubscriptionParkedError)
    assert house.app.billing.unpark(ADMIN, name).billing.parked is None
    assert charged(house, name).period.index == 1
    assert isinstance(refusal(lambda: house.app.billing.unpark(ADMIN, name)), InvalidInputError)


def test_a_subscription_that_changed_meanwhile_is_parked_all_the_same_unless_it_changes_without_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = house.subscribed().terms.subscription_id
    charge = charged(house, name)
    watched = WatchedEngine(house.app._engine)
    monkeypatch.setattr(house.app._wiring.get(OnceUnits)._units, "_engine", watched)
    excess = partial(house.app.billing.refund, ADMIN, charge.charge_id, rupees(99_901), reference="r1")

    def change() -> None:
        raise ConcurrentUpdateError(name)

    watched.before("write", *[change] * 5)
    assert isinstance(refusal(excess), ConcurrentUpdateError)
    watched.before("write", change)
    assert isinstance(refusal(excess), RefundExceedsChargeError)
    assert house.app.subscriptions.get(ADMIN, name).billing.parked is not None


def test_a_refund_whose_twin_was_posted_between_two_reads_is_the_twin(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge = charged(house, house.subscribed().terms.subscription_id)
    whole = partial(house.app.billing.refund, ADMIN, charge.charge_id, rupees(99_900), reference="r1")
    twins: list[LedgerTransaction] = []
    watched = WatchedEngine(house.app._engine)
    monkeypatch.setattr(house.app.billing._charges, "_engine", watched)
    watched.before("get", lambda: twins.append(whole()))
    assert whole() == twins[0]
    assert len(book(house)) == 2


def postings(house: House) -> dict[str, tuple[Callable[[], LedgerTransaction], list[Callable[[], LedgerTransaction]]]]:
    """A posting under a reference, and others under the same that are not the same."""
    billing, name = house.app.billing, house.subscribed().terms.subscription_id
    charge_id = charged(house, name).charge_id
    house.clock.move_to(house.clock.now() + timedelta(days=31))
    second = charged(house, name).charge_id
    refund = partial(billing.refund, ADMIN, reference="r1")
    adjust = partial(billing.adjust, ADMIN, ZEBU, reference="r1", reason="corrected")
    pay_out = partial(billing.pay_out, ADMIN, ZEBU, reference="r1")
    return {
        "refund": (
            partial(refund, charge_id, rupees(100)),
            [
                partial(refund, charge_id, rupees(200)),
                partial(refund, second, rupees(100)),
                partial(refund, charge_id, Money(100, "USD")),
            ],
        ),
        "adjust": (
            partial(adjust, rupees(100)),
            [partial(adjust, rupees(-100)), partial(adjust, Money(100, "USD")), partial(pay_out, rupees(100))],
        ),
        "pay_out": (
            partial(pay_out, rupees(100)),
            [partial(pay_out, rupees(200)), partial(pay_out, Money(100, "USD")), partial(adjust, rupees(100))],
        ),
    }


@pytest.mark.parametrize("name", ["refund", "adjust", "pay_out"])
def test_a_reference_posts_once_and_with_other_content_is_refused(house: House, name: str) -> None:
    post, others = postings(house)[name]
    posted = post()
    before = house.items()
    house.clock.move_to(house.clock.now() + timedelta(days=40))
    assert post() == posted
    for other in others:
        assert isinstance(refusal(other), ReferenceReusedError)
    assert house.items() == before


@pytest.mark.parametrize("name", ["refund", "adjust"])
def test_a_posting_that_others_keep_overtaking_is_given_up_after_a_few_attempts(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    post, _ = postings(house)[name]
    engine = house.app._engine
    watched = WatchedEngine(engine)
    charge_id = next(item["user_id"] for item in house.items() if item["entity_type"] == "CHARGE")

    def overtake() -> None:
        raise ConcurrentUpdateError(charge_id)

    watched.before("transact", *[overtake] * 3)
    monkeypatch.setattr(house.app._wiring.get(OnceUnits)._units, "_engine", watched)
    post()
    assert watched.calls.count("transact") == 4

    watched.calls.clear()
    watched.before("transact", *[overtake] * 9)
    other = partial(house.app.billing.adjust, ADMIN, ZEBU, rupees(7), reference="r7", reason="corrected")
    assert isinstance(refusal(other), ConcurrentUpdateError)
    assert watched.calls.count("transact") == 5


def test_one_reference_serves_each_subject(house: House) -> None:
    first, second = house.subscribed(ANITA), house.subscribed(BALA)
    for each in (first, second):
        charge = charged(house, each.terms.subscription_id)
        house.app.billing.refund(ADMIN, charge.charge_id, rupees(1), reference="r1")
    for partner_id in (ZEBU, KITE):
        house.app.billing.pay_out(ADMIN, partner_id, rupees(1), reference="r1")
    assert len(book(house)) == 5


# Statements


def test_a_statement_adds_up_what_its_month_posted_and_carries_the_balance(house: House) -> None:
    charge = charged(house, house.subscribed().terms.subscription_id)
    house.app.billing.refund(ADMIN, charge.charge_id, rupees(33_300), reference="r1")
    house.app.billing.pay_out(ADMIN, ZEBU, rupees(10_000), reference="neft-1")
    november = house.app.statements.statement(PartnerBackend(ZEBU), ZEBU, NOVEMBER)
    assert november.total_minor == 29_970 - 9_990
    assert (november.opening_minor, november.closing_minor) == (0, 29_970 - 9_990 - 10_000)
    house.clock.move_to(house.clock.now() + timedelta(days=31))
    house.app.billing.adjust(ADMIN, ZEBU, rupees(-500), reference="a1", reason="corrected")
    december = house.app.statements.statement(ADMIN, ZEBU, DECEMBER)
    assert (december.opening_minor, december.closing_minor) == (november.closing_minor, november.closing_minor - 500)
    assert house.app.statements.statement(ADMIN, ZEBU, NOVEMBER) == november


def test_a_statement_before_the_partner_came_in_is_empty(house: House) -> None:
    statement = house.app.statements.statement(ADMIN, ZEBU, Month(2026, 10))
    assert (statement.lines, statement.opening_minor, statement.closing_minor) == ((), 0, 0)


def test_statements_are_in_one_currency_each(house: House) -> None:
    house.app.billing.adjust(ADMIN, ZEBU, Money(500, "USD"), reference="a1", reason="corrected")
    assert house.app.statements.statement(ADMIN, ZEBU, NOVEMBER).closing_minor == 0
    assert house.app.statements.statement(ADMIN, ZEBU, NOVEMBER, currency="USD").closing_minor == 500


def test_a_statement_is_refused_to_another_partner_of_nobody_and_of_a_month_to_come(house: House) -> None:
    state = house.app.statements.statement
    assert isinstance(refusal(lambda: state(PartnerBackend(KITE), ZEBU, NOVEMBER)), NotTheOwnerError)
    assert isinstance(refusal(lambda: state(ADMIN, evolve(ZEBU, slug="angel"), NOVEMBER)), PartnerNotFoundError)
    assert isinstance(refusal(lambda: state(ADMIN, ZEBU, DECEMBER)), InvalidInputError)
    house.clock.move_to(NOVEMBER.ends_at)
    assert refusal(lambda: state(ADMIN, ZEBU, DECEMBER)) is None
