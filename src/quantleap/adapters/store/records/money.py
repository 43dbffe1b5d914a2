"""Charges and ledger transactions as items."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading, instant_text, keyed, money_text, well_formed
from quantleap.adapters.store.seam import Item, Key
from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.ledger import LedgerTransaction
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.periods import BillingPeriod, Month, kolkata_date
from quantleap.domain.rates import Rate


def charge_item(mode: Mode, charge: Charge) -> Item:
    """A charge, and what was refunded of it."""
    return keyed(
        keys.charge(mode, charge.charge_id),
        "CHARGE",
        {
            "version": 1,
            "subscription": charge.subscription_id,
            "partner": None if charge.partner_id is None else str(charge.partner_id),
            "basket": charge.basket_id,
            "anchor": charge.period.anchor.isoformat(),
            "period_index": charge.period.index,
            "amount": money_text(charge.amount),
            "commission_bps": charge.rate.bps,
            "commission": money_text(charge.commission),
            "posted_at": instant_text(charge.posted_at),
            "refunded_minor": charge.refunded_minor,
            "clawed_back_minor": charge.clawed_back_minor,
        },
    )


def read_charge(item: Item) -> Charge:
    """The charge of an item. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        partner = reading.maybe_text("partner")
        return Charge(
            subscription_id=reading.text("subscription"),
            partner_id=None if partner is None else PartnerId.parse(partner),
            basket_id=reading.text("basket"),
            period=BillingPeriod(reading.day("anchor"), reading.number("period_index")),
            amount=reading.money("amount"),
            rate=Rate(reading.number("commission_bps")),
            commission=reading.money("commission"),
            posted_at=reading.instant("posted_at"),
            refunded_minor=reading.number("refunded_minor"),
            clawed_back_minor=reading.number("clawed_back_minor"),
        )


def ledger_key(transaction: LedgerTransaction) -> Key:
    """In its partner's book, in the month it was posted."""
    month = Month.of(kolkata_date(transaction.posted_at))
    return keys.ledger_transaction(transaction.partner_id, month, transaction.posted_at, transaction.transaction_id)


def ledger_item(transaction: LedgerTransaction) -> Item:
    """A transaction, whole, under names of its own so that it is in no index."""
    return keyed(ledger_key(transaction), "LEDGER", {"version": 1, "transaction": transaction.to_plain()})


def read_ledger_item(item: Item) -> LedgerTransaction:
    """The transaction of an item. Raises CorruptDataError, LedgerCorruptError."""
    return LedgerTransaction.from_plain(Reading(item).mapping("transaction"))


def posted_item(transaction: LedgerTransaction) -> Item:
    """That the transaction was posted, and the key it is at."""
    key = ledger_key(transaction)
    return keyed(
        keys.posted_transaction(transaction.transaction_id),
        "POSTED_TRANSACTION",
        {"version": 1, "book": key.partition, "entry": key.sort},
    )


def read_posted_key(item: Item) -> Key:
    """Where a posted transaction is. Raises CorruptDataError."""
    reading = Reading(item)
    return Key(reading.text("book"), reading.text("entry"))
