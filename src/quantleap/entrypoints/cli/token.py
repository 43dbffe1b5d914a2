"""The command `token`: proves a user or an admin to the local server."""

from typing import Annotated

import typer

from quantleap.domain.identifiers import Email
from quantleap.entrypoints.cli.commands import command
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.options import parsed_by
from quantleap.entrypoints.cli.output.views import Line


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "token", example="quantleap token anita@example.com")(token)


def token(
    invocation: Invocation,
    *,
    email: Annotated[Email, typer.Argument(metavar="EMAIL", parser=parsed_by(Email), help="Whom it proves.")],
    admin: Annotated[bool, typer.Option("--admin", help="Of an admin, not of a user.")] = False,
) -> None:
    """Issue a token of the development issuer, good for an hour: `Authorization: Bearer TOKEN`.

    It is signed with a key beside the store's, and proves somebody to whoever serves that store here. A DynamoDB store
    has none, unless its URL names an endpoint.
    """
    issued = invocation.app.development_tokens.issue(email, is_admin=admin)
    invocation.answer({"token": issued}, [Line(issued)])
