"""Transactions of every kind, as the builders make them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from quantleap.domain.commissions.commission import split_charge
from quantleap.domain.commissions.ledger import LedgerTransaction
from quantleap.domain.commissions.postings import (
    adjustment_transaction,
    charge_transaction,
    payout_transaction,
    refund_transaction,
)
from quantleap.domain.commissions.reversal import Reversal
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate

ZEBU = PartnerId("zebu", Mode.LIVE)
NOON = datetime(2026, 11, 10, 6, 30, 0, 120, tzinfo=UTC)


def _charge() -> LedgerTransaction:
    return charge_transaction(
        subscription_id="sub_zebu_1",
        period_index=2,
        partner_id=ZEBU,
        split=split_charge(Money(99900, "INR"), Rate(3000)),
        posted_at=NOON,
        posted_by="system:billing",
    )


def _direct_charge() -> LedgerTransaction:
    return charge_transaction(
        subscription_id="sub_direct_1",
        period_index=0,
        partner_id=None,
        split=split_charge(Money(99900, "INR"), Rate(0)),
        posted_at=NOON,
        posted_by="system:billing",
    )


def _refund() -> LedgerTransaction:
    return refund_transaction(
        subscription_id="sub_zebu_1",
        period_index=2,
        partner_id=ZEBU,
        reversal=Reversal(Money(49950, "INR"), Money(14985, "INR")),
        reference="ticket-7",
        posted_at=NOON,
        posted_by="admin:5f2c",
        reason="double booking, ₹ back",
    )


def _adjustment() -> LedgerTransaction:
    return adjustment_transaction(
        partner_id=ZEBU,
        amount=Money(-500, "INR"),
        reference="adj-1",
        reason="rate corrected",
        posted_at=NOON,
        posted_by="admin:5f2c",
    )


def _payout() -> LedgerTransaction:
    return payout_transaction(
        partner_id=ZEBU, amount=Money(29970, "INR"), reference="neft-1", posted_at=NOON, posted_by="admin:5f2c"
    )


@pytest.fixture(
    params=[_charge, _direct_charge, _refund, _adjustment, _payout], ids=lambda build: build.__name__.strip("_")
)
def transaction(request: pytest.FixtureRequest) -> LedgerTransaction:
    """One transaction of each kind in turn."""
    build: Callable[[], LedgerTransaction] = request.param
    return build()
