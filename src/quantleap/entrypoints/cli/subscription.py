"""The commands `subscription list`, `show`, `pause`, `resume` and `cancel`: an operator's view and moves."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.periods import kolkata_date
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import SubscriptionSummary
from quantleap.domain.validation import checked_choice
from quantleap.entrypoints.api.rendering.subscriptions import summary_document
from quantleap.entrypoints.cli.commands import command, group
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.listing import gather
from quantleap.entrypoints.cli.options import CursorOption, ModeOption, limit_option, parsed_by, read_partner
from quantleap.entrypoints.cli.output.views import Line, Table, Tone
from quantleap.entrypoints.cli.subscription_views import subscription_document, subscription_views

if TYPE_CHECKING:
    from quantleap.application.subscription_care import StatusChange, SubscriptionCare

app = group("subscription", "Subscriptions: list and show them, pause, resume and cancel them.")

IdArgument: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="The subscription's id.")]
ReasonOption: TypeAlias = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Kept in the subscription's history.")
]


@command(app, "list", example="quantleap subscription list --partner partner_zebu_live --status ACTIVE --limit 20")
def list_subscriptions(
    invocation: Invocation,
    *,
    partner_id: Annotated[
        PartnerId,
        typer.Option("--partner", metavar="PARTNER", parser=parsed_by(read_partner), help="As partner_zebu_live."),
    ],
    user: Annotated[
        Email | None, typer.Option("--user", metavar="EMAIL", parser=parsed_by(Email), help="Only this user's.")
    ] = None,
    status: Annotated[
        SubscriptionStatus | None,
        typer.Option(
            "--status",
            parser=parsed_by(lambda spelled: checked_choice(spelled, "status", SubscriptionStatus)),
            help="Only those.",
        ),
    ] = None,
    limit: Annotated[int, limit_option("Subscriptions")] = 50,
    cursor: CursorOption = None,
) -> None:
    """List a partner's subscriptions, the latest day of a change first within a status."""
    care = invocation.app.subscriptions
    invocation.app.partners.get(invocation.acting_on(), partner_id)  # a mistyped one is an error, not an empty list
    found = gather(
        lambda request: care.of_partner(invocation.acting_on(), status, request, partner_id=partner_id, user=user),
        limit,
        cursor,
    )
    document = {
        "subscriptions": [summary_document(summary) for summary in found.entries],
        "partner_id": str(partner_id),
        **found.end_document(),
    }
    invocation.answer(
        document if user is None else {**document, "filtered_by": {"user_email": user.address}},
        [
            Table(("subscription", "user", "status", "since", "lots"), map(_row, found.entries), ("lots",)),
            *found.cut_note("subscriptions"),
        ],
    )


@command(app, "show", example="quantleap subscription show sub_zebu_0190a3f2 --mode live")
def show(invocation: Invocation, *, subscription_id: IdArgument, mode: ModeOption = Mode.LIVE) -> None:
    """Show a subscription with the history of its status."""
    subscription = invocation.app.subscriptions.get(invocation.acting_on(mode), subscription_id)
    invocation.answer(subscription_document(subscription), subscription_views(subscription))


@command(app, "pause", example="quantleap subscription pause sub_zebu_0190a3f2 --reason 'asked by phone'")
def pause(
    invocation: Invocation, *, subscription_id: IdArgument, mode: ModeOption = Mode.LIVE, reason: ReasonOption = None
) -> None:
    """Pause a subscription: it enters nothing, and is billed on."""
    _move(invocation, lambda care: care.pause(invocation.acting_on(mode), subscription_id, reason=reason), "paused")


@command(app, "resume", example="quantleap subscription resume sub_zebu_0190a3f2")
def resume(
    invocation: Invocation, *, subscription_id: IdArgument, mode: ModeOption = Mode.LIVE, reason: ReasonOption = None
) -> None:
    """Let a paused subscription trade again."""
    _move(invocation, lambda care: care.resume(invocation.acting_on(mode), subscription_id, reason=reason), "resumed")


@command(app, "cancel", example="quantleap subscription cancel sub_zebu_0190a3f2 --reason 'moved abroad'")
def cancel(
    invocation: Invocation, *, subscription_id: IdArgument, mode: ModeOption = Mode.LIVE, reason: ReasonOption = None
) -> None:
    """Cancel a subscription for good. Exits still follow its open positions."""
    _move(invocation, lambda care: care.cancel(invocation.acting_on(mode), subscription_id, reason=reason), "cancelled")
    invocation.app.counters.follow()
    invocation.app.auditing.follow()


def _move(invocation: Invocation, move: Callable[["SubscriptionCare"], "StatusChange"], done: str) -> None:
    change = move(invocation.app.subscriptions)
    message = f"Subscription {done} successfully"
    invocation.answer(
        {
            "message": message,
            "subscription_id": change.subscription_id,
            "status": change.status,
            f"{done}_at": change.at,
        },
        [Line(f"{message}: {change.subscription_id} is {change.status}.", Tone.GOOD)],
    )


def _row(summary: SubscriptionSummary) -> tuple[object, ...]:
    return (
        summary.terms.subscription_id,
        summary.terms.user,
        summary.life.status,
        kolkata_date(summary.life.changed_at),
        f"x {summary.options.multiplier}",
    )
