"""The program `quantleap`: its commands put together, and its way in."""

import sys
from typing import Annotated

import typer

from quantleap._version import __version__
from quantleap.entrypoints.cli import catalog, openapi, partner, run_plan, serve, statement, subscription, token, upkeep
from quantleap.entrypoints.cli.commands import help_when_alone
from quantleap.entrypoints.cli.demo import command as demo
from quantleap.entrypoints.cli.program import Program

app = typer.Typer(
    name="quantleap",
    cls=Program,
    help="A marketplace of options-trading strategies: templates, subscriptions, lots, commissions and runs.",
    epilog="Example: quantleap demo",
    add_completion=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    if wanted:
        typer.echo(f"quantleap {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback acts on it
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Show the help when no command is given."""
    help_when_alone(context)


upkeep.register(app)
app.add_typer(catalog.app)
app.add_typer(partner.app)
app.add_typer(subscription.app)
app.add_typer(run_plan.app)
statement.register(app)
demo.register(app)
serve.register(app)
openapi.register(app)
token.register(app)


def run() -> None:
    """The console script."""
    if sys.stdout.isatty():
        app.rich_markup_mode = "rich"
    app()
