"""The commands `init`, `verify` and `recount`: a store's beginning, whether all in it agrees, and its counters."""

import typer

from quantleap.entrypoints.cli.commands import command
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.output.printing import told_progress
from quantleap.entrypoints.cli.output.views import Line, Tone
from quantleap.entrypoints.cli.recount_views import recount_document, recount_views
from quantleap.entrypoints.cli.verdict_views import verdict_document, verdict_views


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "init", example="quantleap init --store sqlite:///marketplace.db")(init)
    command(app, "verify", example="quantleap verify")(verify)
    command(app, "recount", example="quantleap recount")(recount)


def init(invocation: Invocation) -> None:
    """Create the store where it is missing, and bring an older one up to date; safe to repeat.

    The platform's keys are made where they are missing, and a store that was made with other keys is refused. What may
    take long is told on standard error, step by step.
    """
    with told_progress() as tell:
        app = invocation.open(invocation.store, tell=tell)
        app.claiming.claim()
        # Following begins with the store: a feed that is trimmed before it is first followed would seem whole.
        app.counters.follow()
        app.auditing.follow()
    invocation.answer({"store": invocation.store, "ready": True}, [Line(f"{invocation.store} is ready.", Tone.GOOD)])


def verify(invocation: Invocation) -> None:
    """Check against each other what the store keeps more than once: ledger and charges, subscriptions and what follows
    from them, templates and schedule, keys, counters.

    The counters are brought up to date first. Lists every difference, and ends with exit code 1 when there is one.
    """
    verdict = invocation.app.verification.verify(invocation.acting_on())
    invocation.answer(verdict_document(verdict), verdict_views(verdict))
    if verdict.differences:
        raise typer.Exit(1)


def recount(invocation: Invocation) -> None:
    """Make the counters of live subscriptions anew from the subscriptions, while others go on writing.

    Shows what was corrected. Safe to repeat, also after it was ended early.
    """
    counted = invocation.app.recounting.recount(invocation.acting_on())
    invocation.answer(recount_document(counted), recount_views(counted))
