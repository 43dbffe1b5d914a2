"""The commands `init` and `verify`: a store's beginning, and whether all in it agrees."""

import typer

from quantleap.entrypoints.cli.commands import command
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.output.views import Line, Tone
from quantleap.entrypoints.cli.verdict_views import verdict_document, verdict_views


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "init", example="quantleap init --store sqlite:///marketplace.db")(init)
    command(app, "verify", example="quantleap verify")(verify)


def init(invocation: Invocation) -> None:
    """Create the store where it is missing; safe to repeat."""
    invocation.open(invocation.store)  # opening a store prepares it
    invocation.answer({"store": invocation.store, "ready": True}, [Line(f"{invocation.store} is ready.", Tone.GOOD)])


def verify(invocation: Invocation) -> None:
    """Check ledger, charges, markers, locations and counters against each other.

    The counters are brought up to date first. Lists every difference, and ends with exit code 1 when there is one.
    """
    verdict = invocation.app.verification.verify(invocation.acting_on())
    invocation.answer(verdict_document(verdict), verdict_views(verdict))
    if verdict.differences:
        raise typer.Exit(1)
