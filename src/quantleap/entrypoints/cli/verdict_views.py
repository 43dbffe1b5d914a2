"""The verdict of verifying a store, as a document and as views."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quantleap.entrypoints.cli.output.views import Line, Table, Tone, View, shown

if TYPE_CHECKING:
    from quantleap.application.verifying import Verdict


def verdict_document(verdict: "Verdict") -> dict[str, object]:
    """What was checked, and what differs."""
    return {
        "ok": not verdict.differences,
        "subscriptions": verdict.subscriptions,
        "charges": verdict.charges,
        "transactions": verdict.transactions,
        "differences": [{"subject": each.subject, "problem": each.problem} for each in verdict.differences],
    }


def verdict_views(verdict: "Verdict") -> Iterator[View]:
    """The same for people."""
    checked = (
        f"{shown(verdict.subscriptions)} subscriptions, {shown(verdict.charges)} charges and"
        f" {shown(verdict.transactions)} ledger transactions checked"
    )
    if not verdict.differences:
        yield Line(f"{checked}: everything agrees.", Tone.GOOD)
        return
    yield Line(f"{checked}: {len(verdict.differences)} differences.", Tone.BAD)
    yield Table(("of", "what differs"), ((each.subject, each.problem) for each in verdict.differences))
