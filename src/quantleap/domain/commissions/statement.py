"""A partner's statement of a month: a pure function of the ledger, and its way from open to closed to paid."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from attrs import evolve, field, frozen, validators

from quantleap.domain.commissions import merkle
from quantleap.domain.commissions.ledger import AccountKind, LedgerTransaction, TransactionKind
from quantleap.domain.commissions.statement_lines import AdjustmentLine, ChargeLine, PayoutLine
from quantleap.domain.errors import InvalidInputError, InvalidStatementMoveError, StatementTooEarlyError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.money import MAX_MINOR, known_currency
from quantleap.domain.periods import Month, kolkata_midnight
from quantleap.domain.validation import instance_of, instant, require, tuple_of, whole_number

CLOSING_DELAY = timedelta(hours=1)
"""How long after the month's end a posting stamped within it may still arrive."""

MAX_LINES = 1_000_000


_KeyT = TypeVar("_KeyT", str, tuple[str, int])


class StatementStatus(StrEnum):
    """How far a statement has come."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    PAID = "PAID"


MOVES: Mapping[StatementStatus, frozenset[StatementStatus]] = {
    StatementStatus.OPEN: frozenset({StatementStatus.CLOSED}),
    StatementStatus.CLOSED: frozenset({StatementStatus.PAID}),  # never open again: corrections post to the next month
    StatementStatus.PAID: frozenset(),
}
"""Where a statement may go from each status."""


@frozen(kw_only=True)
class Statement:
    """One partner, month (Asia/Kolkata) and currency. All amounts are minor units of `currency`.

    Charge lines are in order of subscription and period, adjustments and payouts in order of their reference, none of
    them twice. The total is the commission of the charge lines; adjustments and payouts move the balance beside it. A
    balance above zero is owed to the partner, one below zero by it, and carries over to the next month.

    A closed or paid statement carries its Merkle root, which its lines must give, so an altered one cannot be built.
    """

    partner_id: PartnerId = field(validator=instance_of(PartnerId))
    month: Month = field(validator=instance_of(Month))
    currency: str = field(validator=known_currency)
    opening_minor: int = field(validator=whole_number(-MAX_MINOR, MAX_MINOR))
    lines: tuple[ChargeLine, ...] = field(validator=tuple_of(ChargeLine, 0, MAX_LINES))
    adjustments: tuple[AdjustmentLine, ...] = field(validator=tuple_of(AdjustmentLine, 0, MAX_LINES))
    payouts: tuple[PayoutLine, ...] = field(validator=tuple_of(PayoutLine, 0, MAX_LINES))
    status: StatementStatus = field(default=StatementStatus.OPEN, validator=instance_of(StatementStatus))
    merkle_root: str | None = None
    closed_at: datetime | None = field(default=None, validator=validators.optional(instant))
    paid_at: datetime | None = field(default=None, validator=validators.optional(instant))

    def __attrs_post_init__(self) -> None:
        _refuse_disorder("lines", [(line.subscription_id, line.period_index) for line in self.lines])
        _refuse_disorder("adjustments", [line.reference for line in self.adjustments])
        _refuse_disorder("payouts", [line.reference for line in self.payouts])
        closed, paid = self.status is not StatementStatus.OPEN, self.status is StatementStatus.PAID
        require((self.closed_at is not None) == closed, "closed_at", f"does not go with {self.status}")
        require((self.paid_at is not None) == paid, "paid_at", f"does not go with {self.status}")
        if self.closed_at is not None and self.paid_at is not None:
            require(self.closed_at <= self.paid_at, "paid_at", "must not be before closed_at")
        require(self.merkle_root == (self._root() if closed else None), "merkle_root", "is not that of the lines")

    @property
    def total_minor(self) -> int:
        """Commission of the month: the sum of the charge lines' net commissions. May be below zero."""
        return sum(line.net_commission_minor for line in self.lines)

    @property
    def closing_minor(self) -> int:
        """The balance carried over: opening balance, plus total and adjustments, less payouts."""
        adjusted = sum(line.amount_minor for line in self.adjustments)
        paid_out = sum(line.amount_minor for line in self.payouts)
        return self.opening_minor + self.total_minor + adjusted - paid_out

    @property
    def closes_from(self) -> datetime:
        """The first instant, in UTC, at which the statement may be closed: 1 h after the month's end."""
        return self.month.ends_at + CLOSING_DELAY

    def leaves(self) -> tuple[bytes, ...]:
        """What the Merkle tree is over: the RFC 8785 JSON of charge lines, then adjustments, then payouts."""
        every_line: tuple[ChargeLine | AdjustmentLine | PayoutLine, ...] = (
            *self.lines,
            *self.adjustments,
            *self.payouts,
        )
        return tuple(line.canonical() for line in every_line)

    def close(self, at: datetime) -> "Statement":
        """The statement closed, its root stamped: it never changes again. Before `closes_from`: StatementTooEarlyError.

        Closing is for a statement of every posting of the month, as `state_month` makes it.
        """
        self._refuse_unless_allowed(StatementStatus.CLOSED)
        if at < self.closes_from:
            raise StatementTooEarlyError(str(self.month), self.closes_from)
        return evolve(self, status=StatementStatus.CLOSED, closed_at=at, merkle_root=self._root())

    def pay(self, at: datetime) -> "Statement":
        """The closed statement marked as settled. The payout itself is a posting of the month it is made in."""
        self._refuse_unless_allowed(StatementStatus.PAID)
        return evolve(self, status=StatementStatus.PAID, paid_at=at)

    def _refuse_unless_allowed(self, target: StatementStatus) -> None:
        if target not in MOVES[self.status]:
            raise InvalidStatementMoveError(str(self.month), self.status.value, target.value)

    def _root(self) -> str:
        return merkle.root(self.leaves()).hex()


def state_month(
    partner_id: PartnerId,
    month: Month,
    currency: str,
    transactions: Iterable[LedgerTransaction],
    *,
    opening_minor: int,
) -> Statement:
    """The open statement that the ledger gives; the preview, and what is closed, are this same function's.

    Of `transactions`, in any order, it counts those of the partner and currency posted within the month, Asia/Kolkata;
    others are passed over. One given twice is an InvalidInputError. `opening_minor` is the closing balance of the month
    before.
    """
    begins_at, ends_at = kolkata_midnight(month.first_day), month.ends_at
    counted = [
        transaction
        for transaction in transactions
        if transaction.partner_id == str(partner_id)
        and transaction.currency == currency
        and begins_at <= transaction.posted_at < ends_at
    ]
    if len({transaction.transaction_id for transaction in counted}) != len(counted):
        raise InvalidInputError("transactions", "must not hold one transaction twice")
    return Statement(
        partner_id=partner_id,
        month=month,
        currency=currency,
        opening_minor=opening_minor,
        lines=_charge_lines(counted),
        adjustments=_adjustment_lines(counted),
        payouts=_payout_lines(counted),
    )


def _charge_lines(transactions: Iterable[LedgerTransaction]) -> tuple[ChargeLine, ...]:
    by_period: defaultdict[tuple[str, int], list[LedgerTransaction]] = defaultdict(list)
    for transaction in transactions:
        if transaction.subscription_id is not None and transaction.period_index is not None:
            by_period[transaction.subscription_id, transaction.period_index].append(transaction)
    return tuple(_charge_line(*period, by_period[period]) for period in sorted(by_period))


def _charge_line(subscription_id: str, period_index: int, transactions: list[LedgerTransaction]) -> ChargeLine:
    charges = [transaction for transaction in transactions if transaction.kind is TransactionKind.CHARGE]
    refunds = [transaction for transaction in transactions if transaction.kind is TransactionKind.REFUND]
    return ChargeLine(
        subscription_id=subscription_id,
        period_index=period_index,
        charged_minor=sum(charge.amount_on(AccountKind.PARTNER_RECEIVABLE) for charge in charges),
        refunded_minor=-sum(refund.amount_on(AccountKind.PARTNER_RECEIVABLE) for refund in refunds),
        commission_minor=-sum(charge.amount_on(AccountKind.PARTNER_COMMISSION) for charge in charges),
        clawed_back_minor=sum(refund.amount_on(AccountKind.PARTNER_COMMISSION) for refund in refunds),
    )


def _adjustment_lines(transactions: Iterable[LedgerTransaction]) -> tuple[AdjustmentLine, ...]:
    lines = [
        AdjustmentLine(
            reference=str(transaction.reference),
            reason=str(transaction.reason),
            amount_minor=-transaction.amount_on(AccountKind.PARTNER_COMMISSION),
        )
        for transaction in transactions
        if transaction.kind is TransactionKind.ADJUSTMENT
    ]
    return tuple(sorted(lines, key=lambda line: line.reference))


def _payout_lines(transactions: Iterable[LedgerTransaction]) -> tuple[PayoutLine, ...]:
    lines = [
        PayoutLine(
            reference=str(transaction.reference),
            amount_minor=transaction.amount_on(AccountKind.PARTNER_COMMISSION),
        )
        for transaction in transactions
        if transaction.kind is TransactionKind.PAYOUT
    ]
    return tuple(sorted(lines, key=lambda line: line.reference))


def _refuse_disorder(name: str, keys: list[_KeyT]) -> None:
    require(keys == sorted(set(keys)), name, "must be in order, none twice")
