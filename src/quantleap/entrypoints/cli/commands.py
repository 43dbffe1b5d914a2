"""Registers commands: each takes its own options and the ones that every command takes."""

import inspect
from collections.abc import Callable
from contextlib import closing
from typing import Annotated, Any, Concatenate, ParamSpec, TypeAlias

import typer

from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.program import DEBUG_FLAG, JSON_FLAG

P = ParamSpec("P")
Command: TypeAlias = Callable[Concatenate[Invocation, P], None]


def _common(
    *,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="URL",
            help="memory://, sqlite:///path/to.db or dynamodb://TABLE?region=REGION. Else QUANTLEAP_STORE says, "
            "else it is a file in your data folder.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option(JSON_FLAG, help="Answer with one JSON document.")] = False,
    debug: Annotated[bool, typer.Option(DEBUG_FLAG, help="Show the traceback of a failure.")] = False,
) -> None:
    """The options of every command. `--debug` is read where failures are told."""


_COMMON = inspect.signature(_common).parameters


def group(name: str, about: str) -> typer.Typer:
    """A group of commands; alone it shows its help."""
    made = typer.Typer(name=name, help=about)
    made.callback(invoke_without_command=True)(help_when_alone)
    return made


def help_when_alone(context: typer.Context) -> None:
    """Show the help of a group that was called without a command."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def command(app: typer.Typer, name: str, *, example: str) -> Callable[[Command[P]], Command[P]]:
    """Register a function as that command of the group. It is given an invocation, which is closed after it."""

    def register(function: Command[P]) -> Command[P]:
        run: Callable[..., None] = function
        declared = inspect.signature(function, eval_str=True)
        _, *own = declared.parameters.values()

        def call(**given: Any) -> None:
            common = {name: given.pop(name) for name in _COMMON}
            with closing(Invocation(common["store"], as_json=common["as_json"])) as invocation:
                run(invocation, **given)

        # What typer reads the options from.
        call.__signature__ = declared.replace(parameters=[*own, *_COMMON.values()])  # type: ignore[attr-defined] # PEP 362
        app.command(name, help=function.__doc__, epilog=f"Example: {example}")(call)
        return function

    return register
