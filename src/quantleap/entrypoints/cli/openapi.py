"""The command `openapi`: the API's description."""

from pathlib import Path
from typing import Annotated

import typer

from quantleap.entrypoints.cli.commands import command
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.output.printing import print_line
from quantleap.entrypoints.cli.output.views import Line, Tone


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "openapi", example="quantleap openapi --output openapi.json")(openapi)


def openapi(
    invocation: Invocation,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write it there and not on standard output.")
    ] = None,
) -> None:
    """Write the description of the HTTP API, in OpenAPI 3.1. It needs no store."""
    from quantleap.entrypoints.api.openapi import specification_text  # noqa: PLC0415 - it loads pydantic

    text = specification_text()
    if output is None:
        print_line(text)
        return
    output.write_text(f"{text}\n", encoding="utf-8")
    invocation.answer({"written": str(output)}, [Line(f"Wrote {output}.", Tone.GOOD)])
