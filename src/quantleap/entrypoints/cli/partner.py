"""The commands `partner create`, `keys`, `issue`, `rotate` and `revoke`."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from quantleap.application.partnering import DEFAULT_COMMISSION, DEFAULT_OVERLAP, IssuedKey
from quantleap.domain import identifiers
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.partners.api_key import MAX_OVERLAP, ApiKey
from quantleap.domain.partners.token_bucket import DEFAULT_LIMIT, MAX_LIMIT
from quantleap.domain.rates import Rate
from quantleap.entrypoints.cli.commands import command, group
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.options import PartnerArgument, parsed_by, read_mode
from quantleap.entrypoints.cli.output.views import Facts, Line, Table, Tone

app = group("partner", "Partners and their key pairs.")

KeyArgument = Annotated[str, typer.Argument(metavar="KEY_ID", help="As `partner keys` shows it.")]


def _slug(spelled: str) -> str:
    return PartnerId(spelled, Mode.LIVE).slug


@command(app, "create", example="quantleap partner create zebu --mode live --commission 30% --limit 60")
def create(
    invocation: Invocation,
    *,
    name: Annotated[
        str, typer.Argument(metavar="NAME", parser=parsed_by(_slug), help="2 to 31 lower-case letters and digits.")
    ],
    mode: Annotated[Mode, typer.Option("--mode", parser=parsed_by(read_mode), help="Live data, or test data.")],
    commission: Annotated[
        Rate,
        typer.Option(
            "--commission",
            metavar="PERCENT",
            parser=parsed_by(lambda spelled: Rate.parse_percent(str(spelled))),
            help="Its share of what its users pay.",
        ),
    ] = DEFAULT_COMMISSION,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=MAX_LIMIT, help="Requests a minute it may make.")
    ] = DEFAULT_LIMIT,
    broker: Annotated[
        str | None,
        typer.Option(
            "--broker",
            metavar="ID",
            parser=parsed_by(identifiers.broker_id),
            help="The broker its users' accounts are at; the partner's own name unless said.",
        ),
    ] = None,
) -> None:
    """Create a partner with its first key pair.

    The secret is shown this once: only a hash of it is kept.
    """
    made = invocation.app.partners.create(
        invocation.acting_on(), PartnerId(name, mode), commission=commission, broker_id=broker, rate_limit=limit
    )
    _answer_issued(invocation, made.issued)


@command(app, "keys", example="quantleap partner keys partner_zebu_live")
def keys(invocation: Invocation, *, partner_id: PartnerArgument) -> None:
    """List a partner's key pairs, oldest first, without their secrets."""
    found = invocation.app.partners.keys(invocation.acting_on(), partner_id)
    invocation.answer(
        {"partner_id": str(partner_id), "keys": [_key_document(key) for key in found]},
        [
            Table(
                ("key", "created", "works until", "revoked", "permissions"),
                (
                    (key.api_key_id, key.created_at, key.usable_until, key.revoked_at, len(key.permissions))
                    for key in found
                ),
            )
        ],
    )


@command(app, "issue", example="quantleap partner issue partner_zebu_live")
def issue(invocation: Invocation, *, partner_id: PartnerArgument) -> None:
    """Issue a further key pair, as when the last one was revoked.

    The secret is shown this once: only a hash of it is kept.
    """
    _answer_issued(invocation, invocation.app.partners.issue(invocation.acting_on(), partner_id))


@command(app, "rotate", example="quantleap partner rotate partner_zebu_live key_0190a3f2 --overlap-days 7")
def rotate(
    invocation: Invocation,
    *,
    partner_id: PartnerArgument,
    api_key_id: KeyArgument,
    overlap_days: Annotated[
        int, typer.Option("--overlap-days", min=0, max=MAX_OVERLAP.days, help="Days the old pair works on.")
    ] = DEFAULT_OVERLAP.days,
) -> None:
    """Replace a key pair by a new one; the old one works on for a while.

    The new secret is shown this once: only a hash of it is kept.
    """
    issued = invocation.app.partners.rotate(
        invocation.acting_on(), api_key_id, of=partner_id, overlap=timedelta(days=overlap_days)
    )
    _answer_issued(invocation, issued, replaces=api_key_id)


@command(app, "revoke", example="quantleap partner revoke partner_zebu_live key_0190a3f2")
def revoke(invocation: Invocation, *, partner_id: PartnerArgument, api_key_id: KeyArgument) -> None:
    """Make a key pair useless at once. Revoking again changes nothing."""
    key = invocation.app.partners.revoke(invocation.acting_on(), api_key_id, of=partner_id)
    invocation.answer(
        {"partner_id": str(partner_id), "api_key_id": api_key_id, "revoked_at": key.revoked_at},
        [Line(f"{api_key_id} of {partner_id} is revoked.", Tone.GOOD)],
    )


def _answer_issued(invocation: Invocation, issued: IssuedKey, **more: str) -> None:
    document = {
        "partner_id": str(issued.key.partner_id),
        "api_key_id": issued.key.api_key_id,
        "api_key": issued.key.api_key,
        "api_secret": issued.secret,
        **more,
    }
    invocation.answer(
        document,
        [
            Facts((name.replace("_", " "), value) for name, value in document.items()),
            Line("Keep the secret now: it is shown this once and cannot be read again.", Tone.NOTE),
        ],
    )


def _key_document(key: ApiKey) -> dict[str, Any]:
    return {
        "api_key_id": key.api_key_id,
        "permissions": sorted(key.permissions),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "overlap_until": key.overlap_until,
        "revoked_at": key.revoked_at,
    }
