"""Accounts, entries, transactions, and what a store keeps of them."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from attrs import evolve

from quantleap.domain.canonical import canonical_json, sha256_hex
from quantleap.domain.commissions.ledger import (
    Account,
    AccountKind,
    Entry,
    LedgerTransaction,
    TransactionKind,
    balances,
)
from quantleap.domain.errors import InvalidInputError, LedgerCorruptError, UnbalancedTransactionError

ZEBU = "partner_zebu_live"
RECEIVABLE = Account(AccountKind.PARTNER_RECEIVABLE, ZEBU)
COMMISSION = Account(AccountKind.PARTNER_COMMISSION, ZEBU)
REVENUE = Account(AccountKind.PLATFORM_REVENUE)


def charge(**changes: Any) -> LedgerTransaction:
    fields: dict[str, Any] = {
        "transaction_id": "txn_" + "0" * 32,
        "kind": TransactionKind.CHARGE,
        "posted_at": datetime(2026, 11, 10, 6, 30, tzinfo=UTC),
        "posted_by": "system:billing",
        "currency": "INR",
        "entries": (Entry(RECEIVABLE, 99900), Entry(COMMISSION, -29970), Entry(REVENUE, -69930)),
        "subscription_id": "sub_zebu_1",
        "period_index": 0,
        "partner_id": ZEBU,
    }
    return LedgerTransaction(**{**fields, **changes})


@pytest.mark.parametrize(
    ("account", "spelled"),
    [
        (RECEIVABLE, "PARTNER_RECEIVABLE:partner_zebu_live"),
        (COMMISSION, "PARTNER_COMMISSION:partner_zebu_live"),
        (Account(AccountKind.PARTNER_PAYOUT, "partner_zebu_test"), "PARTNER_PAYOUT:partner_zebu_test"),
        (REVENUE, "PLATFORM_REVENUE"),
        (Account(AccountKind.DIRECT_RECEIVABLE), "DIRECT_RECEIVABLE"),
    ],
)
def test_an_account_reads_back_what_it_prints(account: Account, spelled: str) -> None:
    assert str(account) == spelled
    assert Account.parse(spelled) == account


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "CASH",
        "PLATFORM_REVENUE:partner_zebu_live",
        "PARTNER_COMMISSION",
        "PARTNER_COMMISSION:",
        "PARTNER_PAYOUT:zebu",
    ],
)
def test_an_unknown_or_misowned_account_is_refused(spelled: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^(account|partner_id): "):
        Account.parse(spelled)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"transaction_id": "txn_1"}, "transaction_id: must be txn_ and 32 hexadecimal digits"),
        ({"kind": "CHARGE"}, "kind: must be a TransactionKind, not text"),
        ({"posted_at": datetime(2026, 11, 10)}, "posted_at: must be an instant with a time zone"),  # noqa: DTZ001
        ({"posted_by": "ravi@example.com"}, "posted_by: must not hold an email"),
        ({"posted_by": "x" * 65}, "posted_by: must have 1 to 64 characters"),
        ({"posted_by": "é" * 33}, "posted_by: must have at most 64 bytes"),
        ({"posted_by": None}, "posted_by: must be text, not null"),
        ({"currency": "XXX"}, "currency: must be one of INR, USD, JPY, KWD"),
        ({"entries": (Entry(REVENUE, 1),)}, "entries: must hold 2 to 10"),
        ({"entries": (Entry(REVENUE, 1), Entry(REVENUE, -1)) * 6}, "entries: must hold 2 to 10"),
        ({"subscription_id": None}, "subscription_id: must be given where kind is CHARGE"),
        ({"subscription_id": "sub_1"}, "subscription_id: must be a subscription id such as sub_zebu_0190a3f2"),
        ({"period_index": None}, "period_index: must be given where kind is CHARGE"),
        ({"period_index": 1201}, "period_index: must be from 0 to 1200"),
        ({"partner_id": "zebu"}, "partner_id: must be a partner id such as partner_zebu_live"),
        ({"partner_id": None}, "entries: must be of the transaction's partner"),
        ({"partner_id": "partner_angelone_live"}, "entries: must be of the transaction's partner"),
        ({"reference": "ticket-7"}, "reference: must be absent where kind is CHARGE"),
        ({"reference": "#"}, "reference: must be 1 to 64 letters, digits, _, ., : or -"),
        ({"reason": "because"}, "reason: must be absent where kind is CHARGE"),
        ({"reason": "é" * 61}, "reason: must have at most 120 bytes"),
        ({"reason": "ask ravi@example.com"}, "reason: must not hold an email"),
        ({"kind": TransactionKind.REFUND}, "reference: must be given where kind is REFUND"),
        ({"kind": TransactionKind.ADJUSTMENT}, "subscription_id: must be absent where kind is ADJUSTMENT"),
        ({"kind": TransactionKind.PAYOUT}, "subscription_id: must be absent where kind is PAYOUT"),
        (
            {"kind": TransactionKind.ADJUSTMENT, "subscription_id": None, "period_index": None, "reference": "adj-1"},
            "reason: must be given where kind is ADJUSTMENT",
        ),
        (
            {"kind": TransactionKind.PAYOUT, "subscription_id": None, "reference": "neft-1"},
            "period_index: must be absent where kind is PAYOUT",
        ),
    ],
)
def test_a_transaction_that_is_not_what_its_kind_asks_for_cannot_be_built(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        charge(**changes)
    assert str(refusal.value) == reason


@pytest.mark.parametrize(("platform", "difference"), [(-69929, 1), (-69931, -1), (69930, 139860)])
def test_a_transaction_that_does_not_sum_to_zero_cannot_be_built(platform: int, difference: int) -> None:
    with pytest.raises(UnbalancedTransactionError) as refusal:
        charge(entries=(Entry(RECEIVABLE, 99900), Entry(COMMISSION, -29970), Entry(REVENUE, platform)))
    assert refusal.value.difference_minor == difference


@pytest.mark.parametrize("amount_minor", [0, True, 1.0, 10**15 + 1])
def test_an_entry_is_a_whole_number_of_minor_units_and_never_zero(amount_minor: Any) -> None:
    with pytest.raises(InvalidInputError, match="amount_minor"):
        Entry(REVENUE, amount_minor)


def test_what_a_transaction_adds_to_a_kind_of_account_is_signed() -> None:
    assert charge().amount_on(AccountKind.PARTNER_RECEIVABLE) == 99900
    assert charge().amount_on(AccountKind.PARTNER_COMMISSION) == -29970
    assert charge().amount_on(AccountKind.PARTNER_PAYOUT) == 0


def test_balances_add_up_by_currency_and_account() -> None:
    other = Account(AccountKind.PARTNER_COMMISSION, "partner_angelone_live")
    adjustment = charge(
        kind=TransactionKind.ADJUSTMENT,
        entries=(Entry(REVENUE, 500), Entry(other, -500)),
        subscription_id=None,
        period_index=None,
        partner_id="partner_angelone_live",
        reference="adj-1",
        reason="rate corrected",
    )
    in_dollars = charge(currency="USD", entries=(Entry(RECEIVABLE, 7), Entry(REVENUE, -7)))
    assert balances([charge(), charge(period_index=1), adjustment, in_dollars]) == {
        "INR": {RECEIVABLE: 199800, COMMISSION: -59940, REVENUE: -139360, other: -500},
        "USD": {RECEIVABLE: 7, REVENUE: -7},
    }
    assert balances([]) == {}


def test_a_stored_transaction_reads_back_equal_through_json(transaction: LedgerTransaction) -> None:
    plain = transaction.to_plain()
    assert LedgerTransaction.from_plain(plain) == transaction
    assert LedgerTransaction.from_plain(json.loads(json.dumps(plain))) == transaction
    assert LedgerTransaction.from_plain(json.loads(canonical_json(plain))) == transaction


def test_a_stored_transaction_holds_every_field_and_its_instant_in_utc() -> None:
    in_india = datetime(2026, 11, 10, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    plain = charge(posted_at=in_india).to_plain()
    assert plain == charge().to_plain()
    assert plain == {
        "transaction_id": "txn_" + "0" * 32,
        "kind": "CHARGE",
        "posted_at": "2026-11-10T06:30:00Z",
        "posted_by": "system:billing",
        "currency": "INR",
        "entries": [
            {"account": "PARTNER_RECEIVABLE:partner_zebu_live", "amount_minor": 99900},
            {"account": "PARTNER_COMMISSION:partner_zebu_live", "amount_minor": -29970},
            {"account": "PLATFORM_REVENUE", "amount_minor": -69930},
        ],
        "subscription_id": "sub_zebu_1",
        "period_index": 0,
        "partner_id": "partner_zebu_live",
        "reference": None,
        "reason": None,
        "digest": charge().digest,
    }


def test_the_digest_covers_everything_but_itself(transaction: LedgerTransaction) -> None:
    plain = transaction.to_plain()
    digest = plain.pop("digest")
    assert digest == transaction.digest == sha256_hex(plain)
    for other in (
        evolve(transaction, transaction_id="txn_" + "f" * 32),
        evolve(transaction, posted_at=transaction.posted_at + timedelta(microseconds=1)),
        evolve(transaction, posted_by="admin:other"),
        evolve(transaction, currency="USD"),
        evolve(transaction, entries=tuple(reversed(transaction.entries))),
    ):
        assert other.digest != digest


def altered(value: object) -> Iterator[object]:
    """Values near `value` that a slip, a bad cast or a forger could leave in its place."""
    yield from (None, "", "x", 7, True, [], {}, 1.5)
    if isinstance(value, str):
        yield from (value + " ", value[:-1], value.lower(), value.replace("Z", "+00:00"), value.replace("live", "test"))
    if isinstance(value, int):
        yield from (value + 1, -value, float(value), str(value))
    if isinstance(value, list):
        yield from (value[1:], value[::-1], [*value, *value], tuple(value))
        for index, entry in enumerate(value):
            for name in entry:
                for other in altered(entry[name]):
                    yield [*value[:index], {**entry, name: other}, *value[index + 1 :]]
            yield [*value[:index], {**entry, "note": 1}, *value[index + 1 :]]
            yield [*value[:index], None, *value[index + 1 :]]


def same(left: object, right: object) -> bool:
    return repr(left) == repr(right)


def test_any_one_field_of_a_stored_transaction_that_was_flipped_is_found(transaction: LedgerTransaction) -> None:
    plain = transaction.to_plain()
    tampered = [
        {**plain, name: other} for name, value in plain.items() for other in altered(value) if not same(other, value)
    ]
    tampered += [{key: value for key, value in plain.items() if key != name} for name in plain]
    tampered.append({**plain, "note": "also"})
    for stored in tampered:
        with pytest.raises(LedgerCorruptError):
            LedgerTransaction.from_plain(stored)


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (lambda plain: {**plain, "posted_by": "admin:other"}, "its content does not match its digest"),
        (lambda plain: {**plain, "digest": "0" * 64}, "its content does not match its digest"),
        (lambda plain: {**plain, "entries": plain["entries"][:2]}, "it is refused (Entries do not sum to zero: "),
        (lambda plain: {**plain, "kind": "GIFT"}, "its form is not that of a transaction"),
    ],
)
def test_the_refusal_names_the_transaction_and_what_is_wrong(
    tamper: Callable[[dict[str, Any]], dict[str, Any]], reason: str
) -> None:
    with pytest.raises(LedgerCorruptError) as refusal:
        LedgerTransaction.from_plain(tamper(charge().to_plain()))
    assert str(refusal.value).startswith(f"Ledger transaction txn_{'0' * 32} is not what was posted: {reason}")
