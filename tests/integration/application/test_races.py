"""Two at once, on every store: what must happen once happens once, and histories stay legal."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import pairwise
from threading import Barrier
from typing import TypeVar

from tests.integration.application.house import ADMIN, ANITA, BILLING, CONDOR, KITE, STRADDLE, ZEBU, House
from tests.integration.contracts.stores import store_over

from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.ledger import LedgerTransaction, TransactionKind
from quantleap.domain.errors import (
    ConcurrentUpdateError,
    DuplicateSubscriptionError,
    InvalidStatusTransitionError,
    PeriodNotChargeableError,
    QuantleapError,
    RefundExceedsChargeError,
)
from quantleap.domain.identifiers import Mode
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.money import Money
from quantleap.domain.paging import ListRequest
from quantleap.domain.periods import Month
from quantleap.domain.principals import PartnerBackend, User
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.transitions import MOVES

T = TypeVar("T")
TODAY = date(2026, 11, 24)
NOVEMBER = Month(2026, 11)


def at_once(*calls: Callable[[], T]) -> list[T | QuantleapError]:
    """What each of the calls ends in, all begun at the same instant."""
    ready = Barrier(len(calls))

    def attempt(call: Callable[[], T]) -> T | QuantleapError:
        ready.wait()
        try:
            return call()
        except QuantleapError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(attempt, calls))


def split(outcomes: Sequence[object]) -> tuple[list[object], list[type]]:
    """What was answered, and the kinds of what was refused."""
    answered = [each for each in outcomes if not isinstance(each, QuantleapError)]
    return answered, [type(each) for each in outcomes if isinstance(each, QuantleapError)]


def posted(house: House) -> list[LedgerTransaction]:
    return list(store_over(house.app._engine).ledger.of_month(ZEBU, NOVEMBER))


def charged(house: House) -> Charge:
    charge = house.app.billing.charge_next(BILLING, house.subscribed().terms.subscription_id, through=TODAY)
    assert charge is not None
    return charge


def settled(house: House) -> bool:
    house.app.counters.follow()
    return house.app.verification.verify(ADMIN).differences == ()


def test_subscribing_twice_at_once_has_one_winner(any_house: House) -> None:
    by: list[PartnerBackend | User] = [PartnerBackend(ZEBU), PartnerBackend(KITE), PartnerBackend(ZEBU), ANITA]
    won, lost = split(at_once(*(partial(any_house.subscribed, by=each) for each in by)))
    assert len(won) == 1
    assert set(lost) == {DuplicateSubscriptionError}
    assert settled(any_house)


def test_a_period_charged_twice_at_once_is_charged_once(any_house: House) -> None:
    name = any_house.subscribed().terms.subscription_id
    calls = [lambda: any_house.app.billing.charge_next(BILLING, name, through=TODAY)] * 4
    answered, refused = split(at_once(*calls))
    # One that begins after the winner finds nothing due: the next period is a month away.
    assert [each for each in answered if each is not None] == [
        store_over(any_house.app._engine).charges.get(Mode.LIVE, f"chg_{name}_0000")
    ]
    assert set(refused) <= {PeriodNotChargeableError}
    assert [each.kind for each in posted(any_house)] == [TransactionKind.CHARGE]
    assert settled(any_house)


def test_one_refund_repeated_at_once_is_posted_once_and_answered_alike(any_house: House) -> None:
    charge = charged(any_house)
    refund = [lambda: any_house.app.billing.refund(ADMIN, charge.charge_id, Money(33_300, "INR"), reference="r1")] * 4
    answers = at_once(*refund)
    assert all(answer == answers[0] for answer in answers)
    assert [each for each in posted(any_house) if each.kind is TransactionKind.REFUND] == [answers[0]]
    assert settled(any_house)


def test_refunds_at_once_never_give_back_more_than_was_charged(any_house: House) -> None:
    charge = charged(any_house)

    def refund(number: int) -> LedgerTransaction:
        return any_house.app.billing.refund(ADMIN, charge.charge_id, Money(40_000, "INR"), reference=f"r{number}")

    answered, refused = split(at_once(*(partial(refund, number) for number in range(4))))
    assert len(answered) == 2
    assert refused == [RefundExceedsChargeError] * 2
    assert settled(any_house)


def test_one_payout_repeated_at_once_is_posted_once(any_house: House) -> None:
    pay = [lambda: any_house.app.billing.pay_out(ADMIN, ZEBU, Money(100, "INR"), reference="neft-1")] * 4
    answers = at_once(*pay)
    assert all(answer == answers[0] for answer in answers)
    assert posted(any_house) == [answers[0]]


def test_pausing_and_cancelling_at_once_leave_one_legal_history(any_house: House) -> None:
    for _ in range(6):
        name = any_house.subscribed().terms.subscription_id
        care = any_house.app.subscriptions
        _, refused = split(
            at_once(
                partial(care.pause, ADMIN, name),
                partial(care.cancel, ADMIN, name),
                partial(care.cancel, ADMIN, name),
            )
        )
        assert set(refused) == {InvalidStatusTransitionError}
        _is_legal(care.get(ADMIN, name))
    assert settled(any_house)


def _is_legal(subscription: Subscription) -> None:
    statuses = [entry.status for entry in subscription.history]
    assert statuses[0] is SubscriptionStatus.ACTIVE
    assert statuses[-1] is SubscriptionStatus.CANCELLED
    moves = {(source, move.target) for move in MOVES.values() for source in move.sources}
    assert all(step in moves for step in pairwise(statuses))
    assert subscription.version == len(statuses)


def test_a_charge_and_a_cancellation_at_once_leave_books_that_agree(any_house: House) -> None:
    for _ in range(6):
        name = any_house.subscribed().terms.subscription_id
        outcomes = at_once(
            partial(any_house.app.billing.charge_next, BILLING, name, through=TODAY),
            partial(any_house.app.subscriptions.cancel, ADMIN, name),
        )
        assert not isinstance(outcomes[1], QuantleapError)
        assert isinstance(outcomes[0], Charge | PeriodNotChargeableError)
    assert settled(any_house)


def test_an_allocation_and_a_cancellation_at_once_leave_no_copy_that_differs(any_house: House) -> None:
    any_house.subscribed()
    new = Allocation.single("kite", "K1")
    answered, refused = split(
        at_once(*[lambda: any_house.app.allocations.put(ANITA, CONDOR, new)] * 2, lambda: _renewed(any_house))
    )
    assert set(refused) <= {ConcurrentUpdateError}
    assert answered
    kept = any_house.app.allocations.get(ANITA, CONDOR)
    rows = store_over(any_house.app._engine).subscriptions.subscribers(Mode.LIVE, CONDOR)
    assert [row.allocation for row in rows] == [kept]


def _renewed(house: House) -> Subscription:
    page = house.app.subscriptions.of_user(ANITA, SubscriptionStatus.ACTIVE, ListRequest())
    house.app.subscriptions.cancel(ADMIN, page.entries[0].terms.subscription_id)
    return house.subscribed()


def test_followers_at_once_count_each_change_once(any_house: House) -> None:
    any_house.subscribed(by=PartnerBackend(ZEBU), basket_id=CONDOR)
    any_house.subscribed(by=PartnerBackend(KITE), basket_id=STRADDLE)
    counted = at_once(*[any_house.app.counters.follow] * 4)
    assert sum(each for each in counted if isinstance(each, int)) == 2
    assert settled(any_house)
