"""The entries that each kind of posting makes."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.commissions.commission import CommissionSplit, split_charge
from quantleap.domain.commissions.ledger import (
    LedgerTransaction,
    TransactionKind,
    balances,
    charge_transaction_id,
    referenced_transaction_id,
)
from quantleap.domain.commissions.postings import (
    adjustment_transaction,
    charge_transaction,
    payout_transaction,
    refund_transaction,
)
from quantleap.domain.commissions.reversal import Reversal, reverse
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate

ZEBU = PartnerId("zebu", Mode.LIVE)
NOON = datetime(2026, 11, 10, 6, 30, tzinfo=UTC)
BILLING = "system:billing"


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


def charged(split: CommissionSplit, partner_id: PartnerId | None = ZEBU) -> LedgerTransaction:
    return charge_transaction(
        subscription_id="sub_zebu_1",
        period_index=2,
        partner_id=partner_id,
        split=split,
        posted_at=NOON,
        posted_by=BILLING,
    )


def refunded(reversal: Reversal, partner_id: PartnerId | None = ZEBU, reference: str = "ticket-7") -> LedgerTransaction:
    return refund_transaction(
        subscription_id="sub_zebu_1",
        period_index=2,
        partner_id=partner_id,
        reversal=reversal,
        reference=reference,
        posted_at=NOON,
        posted_by=BILLING,
    )


def adjusted(amount: Money) -> LedgerTransaction:
    return adjustment_transaction(
        partner_id=ZEBU, amount=amount, reference="adj-1", reason="rate corrected", posted_at=NOON, posted_by=BILLING
    )


def paid_out(amount: Money) -> LedgerTransaction:
    return payout_transaction(
        partner_id=ZEBU, amount=amount, reference="neft-1", posted_at=NOON, posted_by=BILLING, reason="November"
    )


def legs(transaction: LedgerTransaction) -> dict[str, int]:
    return {str(entry.account): entry.amount_minor for entry in transaction.entries}


@pytest.mark.parametrize(
    ("transaction", "expected"),
    [
        (
            charged(CommissionSplit(29970, 69930, "INR")),
            {
                "PARTNER_RECEIVABLE:partner_zebu_live": 99900,
                "PARTNER_COMMISSION:partner_zebu_live": -29970,
                "PLATFORM_REVENUE": -69930,
            },
        ),
        (
            charged(CommissionSplit(0, 99900, "INR")),
            {"PARTNER_RECEIVABLE:partner_zebu_live": 99900, "PLATFORM_REVENUE": -99900},
        ),
        (
            charged(CommissionSplit(99900, 0, "INR")),
            {"PARTNER_RECEIVABLE:partner_zebu_live": 99900, "PARTNER_COMMISSION:partner_zebu_live": -99900},
        ),
        (
            charged(CommissionSplit(0, 99900, "INR"), partner_id=None),
            {"DIRECT_RECEIVABLE": 99900, "PLATFORM_REVENUE": -99900},
        ),
        (
            refunded(Reversal(rupees(49950), rupees(14985))),
            {
                "PARTNER_RECEIVABLE:partner_zebu_live": -49950,
                "PARTNER_COMMISSION:partner_zebu_live": 14985,
                "PLATFORM_REVENUE": 34965,
            },
        ),
        (
            refunded(Reversal(rupees(1), rupees(1))),
            {"PARTNER_RECEIVABLE:partner_zebu_live": -1, "PARTNER_COMMISSION:partner_zebu_live": 1},
        ),
        (
            refunded(Reversal(rupees(99900), rupees(0)), partner_id=None),
            {"DIRECT_RECEIVABLE": -99900, "PLATFORM_REVENUE": 99900},
        ),
        (adjusted(rupees(500)), {"PLATFORM_REVENUE": 500, "PARTNER_COMMISSION:partner_zebu_live": -500}),
        (adjusted(rupees(-500)), {"PLATFORM_REVENUE": -500, "PARTNER_COMMISSION:partner_zebu_live": 500}),
        (
            paid_out(rupees(29970)),
            {"PARTNER_COMMISSION:partner_zebu_live": 29970, "PARTNER_PAYOUT:partner_zebu_live": -29970},
        ),
    ],
)
def test_each_kind_of_posting_has_its_entries_and_no_leg_of_zero(
    transaction: LedgerTransaction, expected: dict[str, int]
) -> None:
    assert legs(transaction) == expected


def test_a_posting_names_what_it_is_about() -> None:
    charge, refund = charged(CommissionSplit(1, 2, "INR")), refunded(Reversal(rupees(2), rupees(1)))
    for transaction, kind in ((charge, TransactionKind.CHARGE), (refund, TransactionKind.REFUND)):
        assert transaction.kind is kind
        assert (transaction.subscription_id, transaction.period_index) == ("sub_zebu_1", 2)
    for transaction, kind, reason in (
        (adjusted(rupees(5)), TransactionKind.ADJUSTMENT, "rate corrected"),
        (paid_out(rupees(5)), TransactionKind.PAYOUT, "November"),
    ):
        assert transaction.kind is kind
        assert (transaction.subscription_id, transaction.reason) == (None, reason)
    for transaction in (charge, refund, adjusted(rupees(5)), paid_out(rupees(5))):
        assert (transaction.partner_id, transaction.currency) == ("partner_zebu_live", "INR")
        assert (transaction.posted_at, transaction.posted_by) == (NOON, BILLING)


def test_a_charge_posts_once_by_its_period_and_the_rest_once_by_their_reference() -> None:
    assert charged(CommissionSplit(1, 2, "INR")).transaction_id == charge_transaction_id("sub_zebu_1", 2)
    for transaction in (refunded(Reversal(rupees(2), rupees(1))), refunded(Reversal(rupees(9), rupees(3)))):
        assert transaction.transaction_id == referenced_transaction_id("sub_zebu_1", "ticket-7")
    assert adjusted(rupees(5)).transaction_id == referenced_transaction_id("partner_zebu_live", "adj-1")
    assert paid_out(rupees(5)).transaction_id == referenced_transaction_id("partner_zebu_live", "neft-1")


def test_no_two_keys_give_one_transaction_id() -> None:
    subjects = ["sub_zebu_1", "sub_zebu_11", "partner_zebu_live", "partner_zebu_test"]
    ids = [charge_transaction_id(subject, index) for subject in subjects[:2] for index in range(20)]
    ids += [referenced_transaction_id(subject, reference) for subject in subjects for reference in ("1", "2", "11")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda: charged(CommissionSplit(0, 0, "INR")), "amount: must not be zero"),
        (lambda: charged(CommissionSplit(0, 0, "INR"), partner_id=None), "amount: must not be zero"),
        (
            lambda: charged(CommissionSplit(1, 2, "INR"), partner_id=None),
            "partner_id: must be given where there is a commission",
        ),
        (
            lambda: refunded(Reversal(rupees(2), rupees(1)), partner_id=None),
            "partner_id: must be given where there is a commission",
        ),
        (lambda: adjusted(rupees(0)), "amount: must not be zero"),
        (lambda: paid_out(rupees(0)), "amount: must not be zero"),
        (lambda: paid_out(rupees(-1)), "amount: must be more than zero"),
    ],
)
def test_a_posting_of_nothing_or_to_nobody_is_refused(build: Callable[[], LedgerTransaction], reason: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        build()
    assert str(refusal.value) == reason


@given(
    st.integers(1, 10**9),
    st.integers(0, 10_000),
    st.lists(st.integers(1, 10**9), max_size=5),
    st.integers(-(10**9), 10**9).filter(bool),
    st.booleans(),
)
def test_every_transaction_any_builder_makes_sums_to_zero_and_a_full_refund_undoes_the_charge(
    amount: int, bps: int, refunds: list[int], adjustment: int, direct: bool
) -> None:
    partner_id = None if direct else ZEBU
    split = split_charge(rupees(amount), Rate(0 if direct else bps))
    transactions = [charged(split, partner_id)]
    done = clawed_back = rupees(0)
    for number, refund in enumerate([*refunds, amount]):
        part = min(refund, amount - done.minor)
        if part > 0:
            reversal = reverse(
                charge_id="chg_sub_zebu_1_0002",
                charged=rupees(amount),
                commission=split.partner,
                refunded=done,
                clawed_back=clawed_back,
                refund=rupees(part),
            )
            transactions.append(refunded(reversal, partner_id, reference=f"r{number}"))
            done, clawed_back = done + reversal.refund, clawed_back + reversal.clawback
    assert set(balances(transactions)["INR"].values()) == {0}
    transactions += [adjusted(rupees(adjustment)), paid_out(rupees(abs(adjustment)))]
    assert all(sum(entry.amount_minor for entry in transaction.entries) == 0 for transaction in transactions)
    assert sum(balances(transactions)["INR"].values()) == 0
