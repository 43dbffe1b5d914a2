"""Chapter five: the run of 09:20 is planned, in whole lots of the size that the exchange's dated facts give."""

from collections.abc import Iterator
from datetime import time

from quantleap.application.planning import PlannedRun
from quantleap.domain.errors import StrategyNotFoundError
from quantleap.domain.execution.plan import AccountPlan, SubscriberPlan
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.entrypoints.cli.demo.chapter import Chapter, Check
from quantleap.entrypoints.cli.demo.stage import TRADE_DATE, Stage, moment
from quantleap.entrypoints.cli.output.views import Facts, Table
from quantleap.entrypoints.cli.plan_summary import RunSummary
from quantleap.entrypoints.cli.plan_views import summary_document

STRATEGY_ID = "strat_nifty_ic_0920"
AT = time(9, 20)
LOTS = (4, 6, 2, 4)
"""2, 3, 1 and 2 lots as they are written, times 2."""
LOT_SIZE = 65
"""Of NIFTY's contracts that expire from 2026 on. Source: NSE/FAOP/70616 of 2025-10-03."""


def plan_run(stage: Stage) -> Chapter:
    """Plan for everybody, and look at one of them closely."""
    stage.clock.move_to(moment(AT.hour, AT.minute))
    run = _run(stage)
    planned: set[str] = set()
    # Subscribers come in an order of the store's own: the same one is shown whichever it is.
    plans = iter(sorted(run.plans, key=lambda plan: plan.subscription_id))
    summary = RunSummary.of(run.frame, _noted(plans, planned), shown=1)
    [one] = summary.shown
    lots = [[leg.lots for leg in account.share.legs] for account in one.accounts]
    of_one = tuple(map(sum, zip(*lots, strict=True)))
    cancelled = stage.subscriptions[-1]
    others = stage.users - 1
    return Chapter(
        key="planning",
        title=f"The run of {AT:%H:%M} on {Weekday.of(TRADE_DATE).title()}, {TRADE_DATE}",
        document={**summary_document(summary), "cancelled_is_planned": cancelled in planned},
        views=(
            Facts(
                (
                    ("strategy", run.frame.strategy.strategy_name),
                    ("contracts", f"{run.frame.strategy.underlying}, expiry {run.frame.expiry}"),
                    ("lot size", run.frame.lot_size),
                    ("subscribers planned", summary.planned),
                    ("the one who left", "planned" if cancelled in planned else "enters nothing"),
                    ("orders", summary.orders),
                )
            ),
            Table(
                ("leg", "side", "as written", *map(_broker, one.accounts), "one user", "quantity", "all users"),
                (
                    (
                        f"{leg.leg_id} {leg.option_type}",
                        leg.action,
                        leg.lots,
                        *(account_lots[index] for account_lots in lots),
                        of_one[index],
                        of_one[index] * run.frame.lot_size,
                        summary.legs[index].quantity,
                    )
                    for index, leg in enumerate(run.frame.strategy.legs)
                ),
                ("as written", *map(_broker, one.accounts), "one user", "quantity", "all users"),
            ),
        ),
        checks=(
            Check("everybody is planned but the one who left", others, summary.planned),
            Check("the one who left enters nothing", expected=False, found=cancelled in planned),
            Check("the lot size is that of the expiry", LOT_SIZE, run.frame.lot_size),
            Check("a user trades 4, 6, 2 and 4 lots", LOTS, of_one),
            Check("each broker holds one whole unit", [1, 1], [account.share.units for account in one.accounts]),
            Check(
                "all quantities are whole lots of everybody",
                [others * lots * LOT_SIZE for lots in LOTS],
                [leg.quantity for leg in summary.legs],
            ),
        ),
    )


def _run(stage: Stage) -> PlannedRun:
    for due in stage.app.planning.entries_due(stage.admin, TRADE_DATE, AT):
        if isinstance(due, PlannedRun) and due.frame.run.strategy_id == STRATEGY_ID:
            return due
    raise StrategyNotFoundError(STRATEGY_ID)


def _noted(plans: Iterator[SubscriberPlan], seen: set[str]) -> Iterator[SubscriberPlan]:
    for plan in plans:
        seen.add(plan.subscription_id)
        yield plan


def _broker(account: AccountPlan) -> str:
    return account.broker_id
