"""A partner's statement of a month."""

import hashlib
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.commissions import merkle
from quantleap.domain.commissions.commission import split_charge
from quantleap.domain.commissions.ledger import AccountKind, LedgerTransaction, balances
from quantleap.domain.commissions.postings import (
    adjustment_transaction,
    charge_transaction,
    payout_transaction,
    refund_transaction,
)
from quantleap.domain.commissions.reversal import reverse
from quantleap.domain.commissions.statement import Statement, StatementStatus, state_month
from quantleap.domain.commissions.statement_lines import AdjustmentLine, ChargeLine, PayoutLine
from quantleap.domain.errors import (
    InvalidInputError,
    InvalidStatementMoveError,
    StatementTooEarlyError,
)
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.money import Money
from quantleap.domain.periods import KOLKATA, Month, kolkata_date
from quantleap.domain.rates import Rate

ZEBU, ANGEL_ONE = PartnerId("zebu", Mode.LIVE), PartnerId("angelone", Mode.LIVE)
NOVEMBER = Month(2026, 11)
FIRST_INSTANT = datetime(2026, 11, 1, tzinfo=KOLKATA)
NOON = datetime(2026, 11, 10, 12, tzinfo=KOLKATA)
CLOSING = datetime(2026, 12, 1, 1, tzinfo=KOLKATA)


LEGAL_MOVES = {(StatementStatus.OPEN, StatementStatus.CLOSED), (StatementStatus.CLOSED, StatementStatus.PAID)}


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


def charge(
    subscription_id: str = "sub_zebu_1",
    period_index: int = 0,
    *,
    amount: Money | None = None,
    at: datetime = NOON,
    partner_id: PartnerId = ZEBU,
) -> LedgerTransaction:
    return charge_transaction(
        subscription_id=subscription_id,
        period_index=period_index,
        partner_id=partner_id,
        split=split_charge(amount or rupees(99900), Rate(3000)),
        posted_at=at,
        posted_by="system:billing",
    )


def refund(  # the first refund of a charge of 999.00 at 30 %
    minor: int, reference: str, subscription_id: str = "sub_zebu_1", *, at: datetime = NOON
) -> LedgerTransaction:
    reversal = reverse(
        charge_id="chg_sub_zebu_1_0000",
        charged=rupees(99900),
        commission=rupees(29970),
        refunded=rupees(0),
        clawed_back=rupees(0),
        refund=rupees(minor),
    )
    return refund_transaction(
        subscription_id=subscription_id,
        period_index=0,
        partner_id=ZEBU,
        reversal=reversal,
        reference=reference,
        posted_at=at,
        posted_by="admin:5f2c",
    )


def adjustment(minor: int, reference: str) -> LedgerTransaction:
    return adjustment_transaction(
        partner_id=ZEBU,
        amount=rupees(minor),
        reference=reference,
        reason="rate corrected",
        posted_at=NOON,
        posted_by="admin:5f2c",
    )


def payout(minor: int, reference: str) -> LedgerTransaction:
    return payout_transaction(
        partner_id=ZEBU, amount=rupees(minor), reference=reference, posted_at=NOON, posted_by="admin:5f2c"
    )


def november(transactions: Sequence[LedgerTransaction], opening_minor: int = 0) -> Statement:
    return state_month(ZEBU, NOVEMBER, "INR", transactions, opening_minor=opening_minor)


def line(subscription_id: str, period_index: int, amounts: tuple[int, int, int, int]) -> ChargeLine:
    charged, refunded, commission, clawed_back = amounts
    return ChargeLine(
        subscription_id=subscription_id,
        period_index=period_index,
        charged_minor=charged,
        refunded_minor=refunded,
        commission_minor=commission,
        clawed_back_minor=clawed_back,
    )


def full_statement() -> Statement:
    return november(
        [
            payout(10_000, "neft-1"),
            adjustment(-500, "adj-2"),
            charge("sub_zebu_2"),
            refund(49950, "ticket-7"),
            charge("sub_zebu_1", 1),
            adjustment(200, "adj-1"),
            charge("sub_zebu_1", 0),
        ],
        opening_minor=1_000,
    )


def test_a_statement_has_a_line_per_subscription_and_period_and_apart_from_them_adjustments_and_payouts() -> None:
    statement = full_statement()
    assert statement.lines == (
        line("sub_zebu_1", 0, (99900, 49950, 29970, 14985)),
        line("sub_zebu_1", 1, (99900, 0, 29970, 0)),
        line("sub_zebu_2", 0, (99900, 0, 29970, 0)),
    )
    assert statement.adjustments == (
        AdjustmentLine(reference="adj-1", reason="rate corrected", amount_minor=200),
        AdjustmentLine(reference="adj-2", reason="rate corrected", amount_minor=-500),
    )
    assert statement.payouts == (PayoutLine(reference="neft-1", amount_minor=10_000),)
    assert statement.status is StatementStatus.OPEN


def test_the_total_is_the_sum_of_the_lines_and_the_balance_is_carried_apart() -> None:
    statement = full_statement()
    assert [charge_line.net_commission_minor for charge_line in statement.lines] == [14985, 29970, 29970]
    assert statement.total_minor == 74925
    assert statement.closing_minor == 1_000 + 74925 + 200 - 500 - 10_000


def test_a_thousand_charges_of_999_at_30_percent_earn_2_99_700() -> None:
    statement = november([charge(f"sub_zebu_{number}") for number in range(1000)])
    assert rupees(statement.total_minor).indian_text() == "2,99,700.00"
    assert sum(charge_line.charged_minor for charge_line in statement.lines) == 99_900_000


def test_a_refund_of_an_earlier_month_is_a_line_of_its_own_and_a_negative_balance_carries_over() -> None:
    statement = november([charge(at=FIRST_INSTANT - timedelta(days=9)), refund(99900, "ticket-7")])
    assert statement.lines == (line("sub_zebu_1", 0, (0, 99900, 0, 29970)),)
    assert statement.total_minor == statement.closing_minor == -29970


def test_a_month_without_postings_has_nothing_but_its_balance() -> None:
    statement = november([], opening_minor=-7)
    assert (statement.lines, statement.total_minor, statement.closing_minor) == ((), 0, -7)


@pytest.mark.parametrize(
    ("posted_at", "counted"),
    [
        (datetime(2026, 10, 31, 18, 29, 59, 999999, tzinfo=UTC), False),
        (datetime(2026, 10, 31, 18, 30, tzinfo=UTC), True),
        (datetime(2026, 11, 30, 18, 29, 59, 999999, tzinfo=UTC), True),
        (datetime(2026, 11, 30, 18, 30, tzinfo=UTC), False),
    ],
)
def test_the_month_is_that_of_the_posting_in_india(posted_at: datetime, counted: bool) -> None:
    assert len(november([charge(at=posted_at)]).lines) == counted


def test_postings_of_other_partners_and_currencies_are_passed_over() -> None:
    foreign = [charge(partner_id=ANGEL_ONE), charge("sub_zebu_2", amount=Money(999, "USD"))]
    assert november([charge(), *foreign]) == november([charge()])


def test_a_transaction_given_twice_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="transactions: must not hold one transaction twice"):
        november([charge(), charge()])


@st.composite
def ledgers(draw: st.DrawFn) -> list[LedgerTransaction]:
    """Charges of a few subscriptions around November, refunded in parts, with adjustments and payouts between them."""
    instants = st.datetimes(datetime(2026, 10, 25), datetime(2026, 12, 5), timezones=st.just(UTC))  # noqa: DTZ001
    ledger: list[LedgerTransaction] = []
    for number in range(draw(st.integers(0, 6))):
        subscription_id, period_index = f"sub_zebu_{number % 3}", number // 3
        amount, rate = rupees(draw(st.integers(1, 10**6))), Rate(draw(st.integers(0, 10_000)))
        partner_id = draw(st.sampled_from([ZEBU, ZEBU, ANGEL_ONE]))
        split = split_charge(amount, rate)
        common: dict[str, Any] = {
            "subscription_id": subscription_id,
            "period_index": period_index,
            "partner_id": partner_id,
            "posted_by": "system:billing",
        }
        ledger.append(charge_transaction(split=split, posted_at=draw(instants), **common))
        refunded = clawed_back = rupees(0)
        for part in draw(st.lists(st.integers(1, 10**6), max_size=3)):
            if refunded + rupees(part) <= amount:
                reversal = reverse(
                    charge_id="chg_sub_zebu_1_0000",
                    charged=amount,
                    commission=split.partner,
                    refunded=refunded,
                    clawed_back=clawed_back,
                    refund=rupees(part),
                )
                reference = f"r{len(ledger)}"
                ledger.append(
                    refund_transaction(reversal=reversal, reference=reference, posted_at=draw(instants), **common)
                )
                refunded, clawed_back = refunded + reversal.refund, clawed_back + reversal.clawback
    for minor in draw(st.lists(st.integers(-1000, 1000).filter(bool), max_size=4)):
        common = {"partner_id": ZEBU, "reference": f"m{len(ledger)}", "posted_by": "admin:5f2c"}
        posted_at = draw(instants)
        ledger.append(
            adjustment_transaction(amount=rupees(minor), reason="correction", posted_at=posted_at, **common)
            if draw(st.booleans())
            else payout_transaction(amount=rupees(abs(minor)), posted_at=posted_at, **common)
        )
    return ledger


@given(ledgers(), st.integers(-(10**6), 10**6), st.randoms(use_true_random=False))
def test_totals_and_balances_are_the_ledgers_own_whatever_the_order(
    ledger: list[LedgerTransaction], opening_minor: int, shuffler: random.Random
) -> None:
    earned: dict[tuple[str, int], int] = {}
    moved = 0
    for transaction in ledger:
        day = kolkata_date(transaction.posted_at)
        if transaction.partner_id == "partner_zebu_live" and date(2026, 11, 1) <= day <= date(2026, 11, 30):
            credited = [-entry.amount_minor for entry in transaction.entries if "COMMISSION" in str(entry.account)]
            moved += sum(credited)
            if transaction.subscription_id is not None and transaction.period_index is not None:
                key = (transaction.subscription_id, transaction.period_index)
                earned[key] = earned.get(key, 0) + sum(credited)
    shuffled = list(ledger)
    shuffler.shuffle(shuffled)
    statement = november(shuffled, opening_minor)
    assert statement == november(ledger, opening_minor)
    assert [
        (charge_line.subscription_id, charge_line.period_index, charge_line.net_commission_minor)
        for charge_line in statement.lines
    ] == [(*key, minor) for key, minor in sorted(earned.items())]
    assert statement.total_minor == sum(earned.values())
    assert statement.closing_minor == opening_minor + moved


@given(ledgers())
def test_month_by_month_the_balance_arrives_at_the_ledgers_balance(ledger: list[LedgerTransaction]) -> None:
    balance = 0
    for month in (Month(2026, 10), NOVEMBER, Month(2026, 12)):
        balance = state_month(ZEBU, month, "INR", ledger, opening_minor=balance).closing_minor
    accounts = balances(transaction for transaction in ledger if transaction.partner_id == str(ZEBU)).get("INR", {})
    owed = sum(minor for account, minor in accounts.items() if account.kind is AccountKind.PARTNER_COMMISSION)
    assert balance == -owed


def test_closing_stamps_the_merkle_root_over_the_lines_as_canonical_json() -> None:
    statement = full_statement().close(CLOSING)
    leaves = statement.leaves()
    assert leaves[0] == (
        b'{"charged_minor":99900,"clawed_back_minor":14985,"commission_minor":29970,"kind":"CHARGE",'
        b'"net_commission_minor":14985,"period_index":0,"refunded_minor":49950,"subscription_id":"sub_zebu_1"}'
    )
    assert leaves[4] == b'{"amount_minor":-500,"kind":"ADJUSTMENT","reason":"rate corrected","reference":"adj-2"}'
    assert leaves[5] == b'{"amount_minor":10000,"kind":"PAYOUT","reference":"neft-1"}'
    assert statement.merkle_root == merkle.root(leaves).hex()
    assert (statement.status, statement.closed_at) == (StatementStatus.CLOSED, CLOSING)
    for index, leaf in enumerate(leaves):
        assert merkle.verify_proof(leaf, index, 6, merkle.proof(leaves, index), bytes.fromhex(statement.merkle_root))


def test_an_empty_month_closes_with_the_hash_of_nothing() -> None:
    assert november([]).close(CLOSING).merkle_root == hashlib.sha256(b"").hexdigest()


def test_closing_is_refused_earlier_than_an_hour_after_the_month_in_india() -> None:
    statement = full_statement()
    assert statement.closes_from == CLOSING == datetime(2026, 11, 30, 19, 30, tzinfo=UTC)
    with pytest.raises(StatementTooEarlyError) as refusal:
        statement.close(CLOSING - timedelta(microseconds=1))
    assert str(refusal.value) == "The statement of 2026-11 cannot be closed before 2026-11-30T19:30:00+0000"


def test_a_closed_statement_is_paid_once_and_keeps_its_root() -> None:
    closed = full_statement().close(CLOSING)
    paid = closed.pay(CLOSING + timedelta(days=3))
    assert (paid.status, paid.paid_at) == (StatementStatus.PAID, CLOSING + timedelta(days=3))
    assert evolve(paid, status=StatementStatus.CLOSED, paid_at=None) == closed


@pytest.mark.parametrize("status", StatementStatus)
@pytest.mark.parametrize("target", [StatementStatus.CLOSED, StatementStatus.PAID])
def test_a_statement_goes_from_open_to_closed_to_paid_and_no_other_way(
    status: StatementStatus, target: StatementStatus
) -> None:
    opened = full_statement()
    closed = opened.close(CLOSING)
    statement = {
        StatementStatus.OPEN: opened,
        StatementStatus.CLOSED: closed,
        StatementStatus.PAID: closed.pay(CLOSING),
    }[status]
    move = {StatementStatus.CLOSED: statement.close, StatementStatus.PAID: statement.pay}[target]
    if (status, target) in LEGAL_MOVES:
        assert move(CLOSING).status is target
    else:
        with pytest.raises(InvalidStatementMoveError) as refusal:
            move(CLOSING)
        assert str(refusal.value) == f"The statement of 2026-11 is {status} and cannot become {target}"


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda closed: evolve(closed, lines=closed.lines[1:]), "merkle_root: is not that of the lines"),
        (
            lambda closed: evolve(closed, lines=(evolve(closed.lines[0], commission_minor=1), *closed.lines[1:])),
            "merkle_root: is not that of the lines",
        ),
        (lambda closed: evolve(closed, adjustments=()), "merkle_root: is not that of the lines"),
        (lambda closed: evolve(closed, payouts=()), "merkle_root: is not that of the lines"),
        (lambda closed: evolve(closed, merkle_root=None), "merkle_root: is not that of the lines"),
        (lambda closed: evolve(closed, merkle_root="00" * 32), "merkle_root: is not that of the lines"),
        (lambda closed: evolve(closed, closed_at=None), "closed_at: does not go with CLOSED"),
        (lambda closed: evolve(closed, paid_at=CLOSING), "paid_at: does not go with CLOSED"),
        (lambda closed: evolve(closed, status=StatementStatus.PAID), "paid_at: does not go with PAID"),
        (lambda closed: evolve(closed, status=StatementStatus.OPEN), "closed_at: does not go with OPEN"),
        (
            lambda closed: evolve(closed, status=StatementStatus.OPEN, closed_at=None),
            "merkle_root: is not that of the lines",
        ),
        (lambda closed: closed.pay(CLOSING - timedelta(seconds=1)), "paid_at: must not be before closed_at"),
    ],
)
def test_a_closed_statement_that_was_altered_cannot_be_built(
    build: Callable[[Statement], Statement], reason: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        build(full_statement().close(CLOSING))
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda statement: evolve(statement, lines=statement.lines[::-1]), "lines"),
        (lambda statement: evolve(statement, lines=statement.lines[:1] * 2), "lines"),
        (lambda statement: evolve(statement, adjustments=statement.adjustments[::-1]), "adjustments"),
        (lambda statement: evolve(statement, payouts=statement.payouts * 2), "payouts"),
    ],
)
def test_lines_are_in_order_and_none_twice(build: Callable[[Statement], Statement], field: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        build(full_statement())
    assert str(refusal.value) == f"{field}: must be in order, none twice"
