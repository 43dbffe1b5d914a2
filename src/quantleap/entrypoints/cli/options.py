"""Options and arguments that several commands share, and how their text is read. A refusal names the option."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, TypeAlias, TypeVar

import typer

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.validation import checked_choice

T = TypeVar("T")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parsed_by(read: Callable[[str], T]) -> Callable[[str], T]:
    """A parser for typer that refuses as `read` does; typer says which option it was."""

    def parse(spelled: str) -> T:
        try:
            return read(spelled)
        except InvalidInputError as refusal:
            raise typer.BadParameter(refusal.reason) from None

    return parse


def read_day(spelled: str) -> date:
    """A day such as 2026-11-25."""
    if _DAY.fullmatch(spelled) is None:
        raise InvalidInputError("date", "must be a date such as 2026-11-25")
    try:
        return date.fromisoformat(spelled)
    except ValueError:
        raise InvalidInputError("date", "is no day of the calendar") from None


def read_mode(spelled: str) -> Mode:
    """`live` or `test`."""
    return checked_choice(spelled, "mode", Mode)


def read_partner(spelled: str) -> PartnerId:
    """`partner_zebu_live`, or `zebu` for the same."""
    return PartnerId.parse(spelled) if spelled.startswith("partner_") else PartnerId(spelled, Mode.LIVE)


ModeOption: TypeAlias = Annotated[
    Mode, typer.Option("--mode", parser=parsed_by(read_mode), show_default=True, help="Live data, or test data.")
]

PartnerArgument: TypeAlias = Annotated[
    PartnerId,
    typer.Argument(
        metavar="PARTNER", parser=parsed_by(read_partner), help="As partner_zebu_live, or zebu for the same."
    ),
]

MAX_LIMIT = 100_000


def limit_option(what: str) -> typer.models.OptionInfo:
    """How many of a list are shown."""
    option: typer.models.OptionInfo = typer.Option("--limit", min=1, max=MAX_LIMIT, help=f"{what} to show.")
    return option


CursorOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--cursor", metavar="CURSOR", help="Go on from here: the next_cursor of the same list as JSON."),
]
