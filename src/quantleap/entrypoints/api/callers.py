"""Who calls: from what was presented, or what an authorizer found out, to a principal."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from quantleap.application.token_claims import admin_of, user_of
from quantleap.domain.errors import InvalidCredentialsError, InvalidInputError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import Admin, PartnerBackend, Principal, User
from quantleap.entrypoints.api.request import Request
from quantleap.entrypoints.api.route import Caller, Route

if TYPE_CHECKING:
    from quantleap.composition import Application

_SHOWS = {True: "true", False: "false", None: ""}
_READ_SHOWS: Mapping[object, bool] = {"true": True, "false": False}
"""Anything else says nothing, so that the partner's record is asked."""

SECRET_HEADER = "X-Partner-Secret"  # noqa: S105 - the name of a header


def bearer_token(request: Request) -> str | None:
    """What `Authorization: Bearer` presents; None where it presents nothing."""
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def authenticate(route: Route, request: Request, app: "Application") -> Principal:
    """Whom the credentials of a request to that route prove, where no authorizer stands before it.

    Raises AuthenticationError, PermissionDeniedError for a user on an admin's route, UnavailableError.
    """
    if route.caller is Caller.PARTNER:
        return partner_of_headers(request, app)
    token = bearer_token(request)
    return app.authentication.user(token) if route.caller is Caller.USER else app.authentication.admin(token)


def partner_of_headers(request: Request, app: "Application") -> PartnerBackend:
    """The partner's server whose key pair the two headers present. Raises AuthenticationError, UnavailableError."""
    return app.authentication.partner(bearer_token(request), request.header(SECRET_HEADER.lower()))


def principal_of_claims(claims: Mapping[str, object], caller: Caller) -> User | Admin:
    """The user or admin of a token that an authorizer found to be good. Raises as `user_of` and `admin_of` do."""
    return user_of(claims) if caller is Caller.USER else admin_of(claims)


def partner_context(by: PartnerBackend) -> dict[str, str]:
    """A partner as the authorizer hands it on: flat texts are all that API Gateway carries."""
    return {
        "partner_id": str(by.partner_id),
        "api_key_id": by.api_key_id or "",
        "permissions": " ".join(sorted(by.permissions)),
        "rate_limit": str(by.rate_limit),
        "shows_performance": _SHOWS[by.shows_performance],
    }


def partner_of_context(context: Mapping[str, object]) -> PartnerBackend:
    """The partner that the authorizer handed on. Raises InvalidCredentialsError where it handed on none."""
    try:
        return PartnerBackend(
            PartnerId.parse(context["partner_id"]),
            [Permission(each) for each in str(context["permissions"]).split()],
            str(context["api_key_id"]) or None,
            int(str(context["rate_limit"])),
            _READ_SHOWS.get(context.get("shows_performance")),
        )
    except (InvalidInputError, KeyError, ValueError):
        raise InvalidCredentialsError from None
