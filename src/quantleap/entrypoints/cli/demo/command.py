"""The command `demo`."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from typing import Annotated, Any

import typer

from quantleap.entrypoints.cli.commands import command
from quantleap.entrypoints.cli.demo.chapter import Check
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.output.printing import print_views
from quantleap.entrypoints.cli.output.views import Line, Table, Tone

MIN_USERS = 2
"""One leaves and one stays."""

MAX_USERS = 9_999
"""Their names have four digits."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "demo", example="quantleap demo --subscribers 1000")(demo)


def demo(
    invocation: Invocation,
    *,
    subscribers: Annotated[
        int, typer.Option("--subscribers", metavar="N", min=MIN_USERS, max=MAX_USERS, help="How many users subscribe.")
    ] = 1000,
) -> None:
    """Tell the whole story on a store of its own: a temporary one, or an empty one that --store names.

    Loads the sample catalog, subscribes users through a partner, splits lots over two brokers, charges a month, plans
    a run, refunds one, and prints the partner's statement and the verdict of verify. Every figure is the
    application's; arithmetic apart from it checks them at the end. QUANTLEAP_STORE is left alone.
    """
    from quantleap.entrypoints.cli.demo.story import tell_story  # noqa: PLC0415 - it loads the composition

    started = time.perf_counter_ns()
    answer: dict[str, Any] = {"store": invocation.given_store or "temporary", "subscribers": subscribers}
    checks: list[Check] = []
    with _store(invocation) as store:
        for number, chapter in enumerate(tell_story(invocation, store, subscribers), 1):
            answer[chapter.key] = chapter.document
            checks += chapter.checks
            if not invocation.as_json:
                print_views((Line(f"{number}. {chapter.title}", Tone.HEADING), *chapter.views, Line("")))
    holds = all(check.holds for check in checks)
    seconds = Decimal((time.perf_counter_ns() - started) // 10**7).scaleb(-2)
    answer |= {"checks": [check.document() for check in checks], "ok": holds, "seconds": seconds}
    invocation.answer(
        answer,
        (
            Line("Checked by arithmetic apart from the application", Tone.HEADING),
            Table(("claim", "holds"), ((check.claim, check.holds) for check in checks)),
            Line(f"All {len(checks)} claims hold. Told in {seconds} s.", Tone.GOOD)
            if holds
            else Line("Some claims do not hold.", Tone.BAD),
        ),
    )
    if not holds:
        raise typer.Exit(1)


@contextmanager
def _store(invocation: Invocation) -> Iterator[str]:
    """The URL that was given, or that of a file which is gone afterwards."""
    if invocation.given_store is not None:
        yield invocation.given_store
        return
    with tempfile.TemporaryDirectory(prefix="quantleap-demo-") as folder, closing(invocation):
        yield f"sqlite:///{folder}/demo.db"
