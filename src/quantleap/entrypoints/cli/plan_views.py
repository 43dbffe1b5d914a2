"""A run's summary and the plans of single subscribers, as documents and as views."""

from collections.abc import Iterator, Mapping
from typing import Any

from quantleap.domain.execution.plan import AccountPlan, LegPlan, SubscriberPlan
from quantleap.entrypoints.cli.output.views import Facts, Line, Table, Tone, View
from quantleap.entrypoints.cli.plan_summary import RunSummary


def summary_document(summary: RunSummary) -> dict[str, Any]:
    """The run, its totals by leg, and the plans that are shown. Lots count lots, quantities units of the contract."""
    frame = summary.frame
    return {
        "strategy_id": frame.run.strategy_id,
        "strategy_name": frame.strategy.strategy_name,
        "basket_id": frame.basket_id,
        "basket_version": frame.basket_version,
        "underlying": frame.strategy.underlying,
        "expiry": frame.expiry,
        "lot_size": frame.lot_size,
        "max_order_quantity": frame.max_order_quantity,
        "subscribers": summary.subscribers,
        "subscribers_planned": summary.planned,
        "subscribers_skipped": dict(summary.skipped),
        "accounts_skipped": dict(summary.accounts_skipped),
        "warnings": dict(summary.warnings),
        "orders": summary.orders,
        "legs": [
            {
                "leg_id": leg.leg_id,
                "action": leg.action,
                "option_type": leg.option_type,
                "lots": totals.lots,
                "quantity": totals.quantity,
                "orders": totals.orders,
            }
            for leg, totals in zip(frame.strategy.legs, summary.legs, strict=True)
        ],
        "plans": [plan_document(plan) for plan in summary.shown],
        "has_more": summary.has_more,
    }


def plan_document(plan: SubscriberPlan) -> dict[str, Any]:
    """One subscriber's plan, account by account and order by order."""
    return {
        "subscription_id": plan.subscription_id,
        "partner_id": None if plan.partner_id is None else str(plan.partner_id),
        "outcome": plan.outcome,
        "skip_reason": plan.skip_reason,
        "shortfall_units": plan.shortfall_units,
        "accounts": [_account_document(account) for account in plan.accounts],
    }


def summary_views(summary: RunSummary) -> Iterator[View]:
    """The same for people."""
    frame = summary.frame
    yield Line(frame.strategy.strategy_name, Tone.HEADING)
    yield Facts(
        (
            ("strategy", f"{frame.run.strategy_id} of {frame.basket_id}, version {frame.basket_version}"),
            ("contracts", f"{frame.strategy.underlying}, expiry {frame.expiry}"),
            ("lot size", frame.lot_size),
            ("subscribers planned", summary.planned),
            ("subscribers skipped", _counted(summary.skipped)),
            ("accounts skipped", _counted(summary.accounts_skipped)),
            ("warnings", _counted(summary.warnings)),
            ("orders", summary.orders),
        )
    )
    yield legs_table(summary)
    if summary.shown:
        yield plans_table(summary.shown)
        if summary.has_more:
            yield Line(f"Only the first {len(summary.shown)} are shown; see more with --subscribers.", Tone.NOTE)


def legs_table(summary: RunSummary) -> Table:
    """Each leg's totals."""
    return Table(
        ("leg", "side", "option", "lots", "quantity", "orders"),
        (
            (leg.leg_id, leg.action, leg.option_type, totals.lots, totals.quantity, totals.orders)
            for leg, totals in zip(summary.frame.strategy.legs, summary.legs, strict=True)
        ),
        ("lots", "quantity", "orders"),
    )


def plans_table(plans: list[SubscriberPlan]) -> Table:
    """A row a subscriber, account and leg; where nothing is traded, why."""
    return Table(
        ("subscription", "account", "leg", "lots", "quantity", "orders of"),
        (row for plan in plans for row in _plan_rows(plan)),
        ("lots", "quantity"),
    )


def _plan_rows(plan: SubscriberPlan) -> Iterator[tuple[object, ...]]:
    if not plan.accounts:
        yield plan.subscription_id, None, None, 0, 0, plan.skip_reason
    for account in plan.accounts:
        name = f"{account.broker_id}/{account.broker_account_id}"
        for leg in account.share.legs:
            yield plan.subscription_id, name, leg.leg_id, leg.lots, leg.quantity, _orders(account, leg)


def _orders(account: AccountPlan, leg: LegPlan) -> str:
    return account.share.skip_reason or " + ".join(str(lots * leg.lot_size) for lots in leg.slices)


def _account_document(account: AccountPlan) -> dict[str, Any]:
    share = account.share
    return {
        "broker_id": account.broker_id,
        "broker_account_id": account.broker_account_id,
        "units": share.units,
        "skip_reason": share.skip_reason,
        "warnings": list(share.warnings),
        "legs": [
            {
                "leg_id": leg.leg_id,
                "lots": leg.lots,
                "quantity": leg.quantity,
                "slices": [{"lots": lots, "quantity": lots * leg.lot_size} for lots in leg.slices],
            }
            for leg in share.legs
        ],
    }


def _counted(counts: Mapping[str, int]) -> str:
    """`3 NO_ALLOCATION, 1 ENDED`, or none."""
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"
