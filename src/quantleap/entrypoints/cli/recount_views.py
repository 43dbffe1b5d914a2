"""What a recount corrected, as a document and as views."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quantleap.entrypoints.cli.output.views import Line, Table, Tone, View, shown

if TYPE_CHECKING:
    from quantleap.application.recounting import Recount


def recount_document(recount: "Recount") -> dict[str, object]:
    """What was counted and corrected, and what could not be read."""
    return {
        "live_subscriptions": recount.live,
        "corrections": [
            {"counter": str(each.of), "before": each.before, "after": each.after} for each in recount.corrections
        ],
        "passed_over": [{"subject": each.subject, "problem": each.problem} for each in recount.passed_over],
    }


def recount_views(recount: "Recount") -> Iterator[View]:
    """The same for people."""
    counted = f"{shown(recount.live)} live subscriptions counted"
    if recount.corrections:
        yield Line(f"{counted}: {shown(len(recount.corrections))} counters corrected.", Tone.GOOD)
        yield Table(
            ("counter", "before", "after"),
            ((str(each.of), each.before, each.after) for each in recount.corrections),
            ("before", "after"),
        )
    else:
        yield Line(f"{counted}: nothing to correct.", Tone.GOOD)
    if recount.passed_over:
        yield Line(f"Not counted, since it cannot be read: {shown(len(recount.passed_over))}.", Tone.BAD)
        yield Table(("of", "what cannot be read"), ((each.subject, each.problem) for each in recount.passed_over))
