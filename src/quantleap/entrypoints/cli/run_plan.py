"""The command `run plan`: what the strategies due at a minute would enter, and for whom not."""

from datetime import date, time
from typing import Annotated

import typer

from quantleap.application.planning import PlannedRun, SkippedRun
from quantleap.domain.identifiers import Mode
from quantleap.domain.marketplace.strategy import read_time
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.entrypoints.cli.commands import command, group
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.options import ModeOption, parsed_by, read_day
from quantleap.entrypoints.cli.output.printing import watched
from quantleap.entrypoints.cli.output.views import Line, Table, Tone, View
from quantleap.entrypoints.cli.plan_summary import RunSummary
from quantleap.entrypoints.cli.plan_views import summary_document, summary_views

MAX_SUBSCRIBERS_SHOWN = 10_000

app = group("run", "Runs: what strategies enter, and when.")


@command(app, "plan", example="quantleap run plan --date 2026-11-25 --at 09:20 --subscribers 5")
def plan(
    invocation: Invocation,
    *,
    day: Annotated[
        date, typer.Option("--date", metavar="YYYY-MM-DD", parser=parsed_by(read_day), help="The trade date.")
    ],
    at: Annotated[
        time,
        typer.Option(
            "--at",
            metavar="HH:MM",
            parser=parsed_by(lambda spelled: read_time(spelled, "at")),
            help="The minute, Asia/Kolkata.",
        ),
    ],
    mode: ModeOption = Mode.LIVE,
    subscribers: Annotated[
        int,
        typer.Option(
            "--subscribers", metavar="N", min=0, max=MAX_SUBSCRIBERS_SHOWN, help="Show the first N subscribers' plans."
        ),
    ] = 0,
) -> None:
    """Plan what is due at a minute: lots, quantities and orders. Nothing is written and nothing is traded."""
    runs: list[RunSummary] = []
    skipped: list[SkippedRun] = []
    for due in invocation.app.planning.entries_due(invocation.acting_on(mode), day, at):
        match due:
            case PlannedRun(frame=frame, plans=plans):
                runs.append(RunSummary.of(frame, watched(plans, frame.strategy.strategy_name), shown=subscribers))
            case SkippedRun():
                skipped.append(due)
    document = {
        "trade_date": day,
        "at": at,
        "mode": mode,
        "runs": [summary_document(run) for run in runs],
        "skipped_runs": [
            {
                "basket_id": each.basket_id,
                "strategy_id": each.strategy_id,
                "reason": each.reason,
                "detail": each.detail,
            }
            for each in skipped
        ],
    }
    views: list[View] = [view for run in runs for view in summary_views(run)]
    if skipped:
        rows = [(each.strategy_id, each.basket_id, each.reason, each.detail) for each in skipped]
        views += [Line("Not run", Tone.HEADING), Table(("strategy", "basket", "reason", "detail"), rows)]
    if not views:
        views = [Line(f"No strategy enters at {at:%H:%M} on {Weekday.of(day).title()} {day}.", Tone.NOTE)]
    invocation.answer(document, views)
