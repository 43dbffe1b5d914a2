"""What `ports.money.Charges` and `Ledger` promise, on every store."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve
from tests.integration.contracts.samples import KITE, NOON, ZEBU, ZEBU_TEST, charge, subscription
from tests.integration.contracts.stores import Store, everything

from quantleap.adapters.store.records.money import ledger_key
from quantleap.adapters.store.seam import Delete, Update
from quantleap.domain.commissions.commission import split_charge
from quantleap.domain.commissions.ledger import LedgerTransaction
from quantleap.domain.commissions.postings import adjustment_transaction, charge_transaction, payout_transaction
from quantleap.domain.errors import ConcurrentUpdateError, LedgerCorruptError, PeriodNotChargeableError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.money import Money
from quantleap.domain.periods import Month
from quantleap.domain.rates import Rate
from quantleap.ports.errors import CorruptDataError

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)


def posted(store: Store, *transactions: LedgerTransaction) -> None:
    store.units.commit(*(write for each in transactions for write in store.ledger.appending(each)))


def payout(reference: str, *, partner_id: PartnerId = ZEBU, at: datetime = NOON, minor: int = 100) -> LedgerTransaction:
    return payout_transaction(
        partner_id=partner_id,
        amount=Money(minor, "INR"),
        reference=reference,
        posted_at=at,
        posted_by="admin:5f2c",
    )


def charge_posting(number: int = 1, partner_id: PartnerId | None = ZEBU) -> LedgerTransaction:
    return charge_transaction(
        subscription_id=f"sub_zebu_{number}",
        period_index=0,
        partner_id=partner_id,
        split=split_charge(Money(99_900, "INR"), Rate(3000 if partner_id else 0)),
        posted_at=NOON,
        posted_by="system:billing",
    )


# Charges


def test_a_charge_is_there_once_posted_in_its_mode_alone(store: Store) -> None:
    made = charge(subscription())
    assert store.charges.get(Mode.LIVE, made.charge_id) is None
    staged = store.charges.posting(Mode.LIVE, made)
    assert everything(store.engine) == []
    store.units.commit(*staged)
    assert store.charges.get(Mode.LIVE, made.charge_id) == made
    assert store.charges.get(Mode.TEST, made.charge_id) is None


def test_a_period_is_charged_once(store: Store) -> None:
    made = charge(subscription())
    store.units.commit(*store.charges.posting(Mode.LIVE, made))
    before = everything(store.engine)
    with pytest.raises(PeriodNotChargeableError, match="it was charged before"):
        store.units.commit(*store.charges.posting(Mode.LIVE, evolve(made, posted_at=NOON + timedelta(days=1))))
    assert everything(store.engine) == before


def test_two_refunds_cannot_both_count_from_the_same_charge(store: Store) -> None:
    made = charge(subscription())
    store.units.commit(*store.charges.posting(Mode.LIVE, made))
    after, _ = made.refund(Money(100, "INR"))
    store.units.commit(*store.charges.refunding(Mode.LIVE, made, after))
    assert store.charges.get(Mode.LIVE, made.charge_id) == after
    other, _ = made.refund(Money(200, "INR"))
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(*store.charges.refunding(Mode.LIVE, made, other))
    assert store.charges.get(Mode.LIVE, made.charge_id) == after


def test_a_refund_of_a_charge_that_is_not_there_is_refused(store: Store) -> None:
    made = charge(subscription())
    after, _ = made.refund(Money(100, "INR"))
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(*store.charges.refunding(Mode.LIVE, made, after))
    assert everything(store.engine) == []


# The ledger


def test_a_months_book_is_in_order_of_posting_and_of_one_partner(store: Store) -> None:
    second, first = payout("a", at=NOON + timedelta(microseconds=1)), payout("b")
    others = [payout("a", partner_id=KITE), payout("a", partner_id=ZEBU_TEST), charge_posting(2, None)]
    posted(store, second, first, *others)
    assert list(store.ledger.of_month(ZEBU, NOVEMBER)) == [first, second]
    assert list(store.ledger.of_month(KITE, NOVEMBER)) == [others[0]]
    assert list(store.ledger.of_month(ZEBU_TEST, NOVEMBER)) == [others[1]]
    assert list(store.ledger.of_month(None, NOVEMBER)) == [others[2]]
    assert list(store.ledger.of_month(ZEBU, DECEMBER)) == []


def test_a_month_begins_at_midnight_in_india(store: Store) -> None:
    midnight = NOVEMBER.ends_at
    last, first = payout("a", at=midnight - timedelta(microseconds=1)), payout("b", at=midnight)
    posted(store, last, first)
    assert list(store.ledger.of_month(ZEBU, NOVEMBER)) == [last]
    assert list(store.ledger.of_month(ZEBU, DECEMBER)) == [first]


def test_a_book_of_more_than_a_page_is_read_to_its_end(store: Store) -> None:
    every = [payout(f"r{number}", at=NOON + timedelta(seconds=number)) for number in range(1005)]
    for start in range(0, len(every), 50):
        posted(store, *every[start : start + 50])
    assert list(store.ledger.of_month(ZEBU, NOVEMBER)) == every


def test_what_has_a_reference_is_found_by_its_id_and_posted_once(store: Store) -> None:
    made = payout("neft-1")
    assert store.ledger.posted(made.transaction_id) is None
    posted(store, made)
    assert store.ledger.posted(made.transaction_id) == made
    before = everything(store.engine)
    for again in (made, payout("neft-1", at=NOON + timedelta(days=40)), payout("neft-1", minor=5)):
        with pytest.raises(ConcurrentUpdateError):
            posted(store, again)
    assert everything(store.engine) == before


def test_a_reference_counts_for_its_subject_whatever_it_posts(store: Store) -> None:
    posted(store, payout("r1"))
    adjustment = adjustment_transaction(
        partner_id=ZEBU,
        amount=Money(1, "INR"),
        reference="r1",
        reason="rate corrected",
        posted_at=NOON,
        posted_by="admin:5f2c",
    )
    with pytest.raises(ConcurrentUpdateError):
        posted(store, adjustment)
    posted(store, payout("r1", partner_id=KITE))


def test_a_charge_is_not_found_by_its_id_but_never_posted_over(store: Store) -> None:
    made = charge_posting()
    posted(store, made)
    assert store.ledger.posted(made.transaction_id) is None
    with pytest.raises(ConcurrentUpdateError):
        posted(store, made)


def test_a_posting_that_was_changed_or_is_gone_from_its_book_is_found_out(store: Store) -> None:
    made = payout("neft-1")
    posted(store, made)
    changed = {**made.to_plain(), "posted_by": "admin:0000"}
    store.engine.write(Update(ledger_key(made), assign={"transaction": changed}))
    with pytest.raises(LedgerCorruptError):
        list(store.ledger.of_month(ZEBU, NOVEMBER))
    with pytest.raises(LedgerCorruptError):
        store.ledger.posted(made.transaction_id)
    store.engine.write(Delete(ledger_key(made)))
    with pytest.raises(CorruptDataError, match="it was posted and is not in its book"):
        store.ledger.posted(made.transaction_id)
