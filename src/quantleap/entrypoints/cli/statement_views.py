"""Statements as documents and as views. The lines are minor units; what is shown is amounts."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from quantleap.domain.commissions.statement import Statement
from quantleap.domain.commissions.statement_lines import ChargeLine
from quantleap.domain.money import Money
from quantleap.entrypoints.cli.output.views import Facts, Line, Table, Tone, View


@frozen
class StatementTotals:
    """Sums over a statement's charge lines, and its balances."""

    charged: Money
    refunded: Money
    commission: Money
    clawed_back: Money
    total: Money
    opening_balance: Money
    closing_balance: Money

    @classmethod
    def of(cls, statement: Statement) -> "StatementTotals":
        """The totals of that statement."""
        lines = statement.lines

        def money(minor: int) -> Money:
            return Money(minor, statement.currency)

        return cls(
            charged=money(sum(line.charged_minor for line in lines)),
            refunded=money(sum(line.refunded_minor for line in lines)),
            commission=money(sum(line.commission_minor for line in lines)),
            clawed_back=money(sum(line.clawed_back_minor for line in lines)),
            total=money(statement.total_minor),
            opening_balance=money(statement.opening_minor),
            closing_balance=money(statement.closing_minor),
        )


def totals_document(statement: Statement) -> dict[str, Any]:
    """Whose statement of which month, and its totals as numbers in major units."""
    totals = StatementTotals.of(statement)
    return {
        "partner_id": str(statement.partner_id),
        "month": str(statement.month),
        "status": statement.status,
        "currency": statement.currency,
        "charged": totals.charged.major_decimal(),
        "refunded": totals.refunded.major_decimal(),
        "commission": totals.commission.major_decimal(),
        "clawed_back": totals.clawed_back.major_decimal(),
        "total": totals.total.major_decimal(),
        "opening_balance": totals.opening_balance.major_decimal(),
        "closing_balance": totals.closing_balance.major_decimal(),
        "lines_count": len(statement.lines),
    }


def statement_document(statement: Statement, limit: int | None) -> dict[str, Any]:
    """The statement with that many of its charge lines, or all of them."""

    def major(minor: int) -> object:
        return Money(minor, statement.currency).major_decimal()

    return {
        **totals_document(statement),
        "lines": [
            {
                "subscription_id": line.subscription_id,
                "period_index": line.period_index,
                "charged": major(line.charged_minor),
                "refunded": major(line.refunded_minor),
                "commission": major(line.commission_minor),
                "clawed_back": major(line.clawed_back_minor),
                "net_commission": major(line.net_commission_minor),
            }
            for line in statement.lines[:limit]
        ],
        "adjustments": [
            {"reference": line.reference, "reason": line.reason, "amount": major(line.amount_minor)}
            for line in statement.adjustments
        ],
        "payouts": [{"reference": line.reference, "amount": major(line.amount_minor)} for line in statement.payouts],
        "limit": limit,
        "has_more": limit is not None and len(statement.lines) > limit,
    }


def totals_view(statement: Statement) -> Facts:
    """Whose statement of which month, and its totals."""
    totals = StatementTotals.of(statement)
    return Facts(
        (
            ("statement", f"{statement.partner_id} {statement.month} {statement.status}"),
            ("charged", totals.charged),
            ("refunded", totals.refunded),
            ("commission", totals.commission),
            ("clawed back", totals.clawed_back),
            ("total", totals.total),
            ("opening balance", totals.opening_balance),
            ("closing balance", totals.closing_balance),
            ("lines", len(statement.lines)),
        )
    )


def statement_views(statement: Statement, limit: int) -> Iterator[View]:
    """The totals, that many of the charge lines, and every adjustment and payout."""
    yield totals_view(statement)

    def money(minor: int) -> Money:
        return Money(minor, statement.currency)

    def row(line: ChargeLine) -> tuple[object, ...]:
        return (
            line.subscription_id,
            line.period_index,
            money(line.charged_minor),
            money(line.refunded_minor),
            money(line.net_commission_minor),
        )

    amounts = ("period", "charged", "refunded", "net commission", "amount")
    if statement.lines:
        columns = ("subscription", "period", "charged", "refunded", "net commission")
        yield Table(columns, map(row, statement.lines[:limit]), amounts)
    if len(statement.lines) > limit:
        yield Line(f"Only the first {limit} lines are shown; see more with --limit.", Tone.NOTE)
    others = [("adjustment", line.reference, money(line.amount_minor)) for line in statement.adjustments]
    others += [("payout", line.reference, money(line.amount_minor)) for line in statement.payouts]
    if others:
        yield Table(("posting", "reference", "amount"), others, amounts)
