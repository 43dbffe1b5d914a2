"""The command `statement`: what a partner earned in a month."""

from typing import Annotated

import typer

from quantleap.domain.money import MINOR_DIGITS
from quantleap.domain.periods import Month
from quantleap.domain.validation import require
from quantleap.entrypoints.cli.commands import command
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.options import MAX_LIMIT, PartnerArgument, parsed_by
from quantleap.entrypoints.cli.statement_views import statement_document, statement_views

DEFAULT_LINES = 20


def read_currency(spelled: str) -> str:
    """A currency that is known."""
    require(spelled in MINOR_DIGITS, "currency", f"must be one of {', '.join(MINOR_DIGITS)}")
    return spelled


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "statement", example="quantleap statement partner_zebu_live 2026-11")(statement)


def statement(
    invocation: Invocation,
    *,
    partner_id: PartnerArgument,
    month: Annotated[
        Month, typer.Argument(metavar="YYYY-MM", parser=parsed_by(Month.parse), help="The month, Asia/Kolkata.")
    ],
    currency: Annotated[
        str,
        typer.Option("--currency", metavar="CODE", parser=parsed_by(read_currency), help="Which currency's."),
    ] = "INR",
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, max=MAX_LIMIT, help=f"Lines to show. Unless said {DEFAULT_LINES}, as JSON all."),
    ] = None,
) -> None:
    """Show a partner's statement of a month, from the ledger. Each currency has a statement of its own."""
    stated = invocation.app.statements.statement(
        invocation.acting_on(partner_id.mode), partner_id, month, currency=currency
    )
    invocation.answer(statement_document(stated, limit), statement_views(stated, limit or DEFAULT_LINES))
