"""Who calls: from what was presented, or what an authorizer found out, to a principal."""

from collections.abc import Mapping

from quantleap.domain.errors import InvalidCredentialsError, PermissionDeniedError
from quantleap.domain.identifiers import Email, PartnerId
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import Admin, PartnerBackend, User
from quantleap.entrypoints.api.request import Request
from quantleap.entrypoints.api.route import Caller

SECRET_HEADER = "X-Partner-Secret"  # noqa: S105 - the name of a header
ADMINS = "Admins"
"""The Cognito group whose members are admins."""


def bearer_token(request: Request) -> str:
    """What `Authorization: Bearer` presents. Raises InvalidCredentialsError."""
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise InvalidCredentialsError
    return token.strip()


def partner_secret(request: Request) -> str | None:
    """What `X-Partner-Secret` presents."""
    return request.header(SECRET_HEADER.lower())


def principal_of_claims(claims: Mapping[str, object], caller: Caller) -> User | Admin:
    """The user or admin of a token whose signature, issuer, audience and times were found to be good.

    Raises InvalidCredentialsError unless it is an ID token with a verified email, PermissionDeniedError when an admin
    is asked for and its groups lack `Admins`.
    """
    address, verified = claims.get("email"), claims.get("email_verified")
    if claims.get("token_use") != "id" or verified not in (True, "true") or not isinstance(address, str):
        raise InvalidCredentialsError
    email = Email(address)
    if caller is Caller.USER:
        return User(email)
    if ADMINS not in _groups(claims.get("cognito:groups")):
        raise PermissionDeniedError("admin")
    return Admin(email)


def _groups(claim: object) -> list[str]:
    """A list, or as API Gateway spells it to a function: `Admins,Others`, at times in brackets."""
    if isinstance(claim, list):
        return [str(group) for group in claim]
    return str(claim or "").strip("[]").replace(",", " ").split()


def partner_context(by: PartnerBackend) -> dict[str, str]:
    """A partner as the authorizer hands it on: flat texts are all that API Gateway carries."""
    return {
        "partner_id": str(by.partner_id),
        "api_key_id": by.api_key_id or "",
        "permissions": " ".join(sorted(by.permissions)),
        "rate_limit": str(by.rate_limit),
    }


def partner_of_context(context: Mapping[str, object]) -> PartnerBackend:
    """The partner that the authorizer handed on. Raises InvalidCredentialsError where it handed on none."""
    try:
        return PartnerBackend(
            PartnerId.parse(context["partner_id"]),
            [Permission(each) for each in str(context["permissions"]).split()],
            str(context["api_key_id"]) or None,
            int(str(context["rate_limit"])),
        )
    except (KeyError, ValueError):
        raise InvalidCredentialsError from None
