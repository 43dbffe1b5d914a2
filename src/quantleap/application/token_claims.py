"""Whom the claims of a good token name: the one rule, whoever verified the token."""

from quantleap.domain.errors import InvalidCredentialsError, InvalidInputError, PermissionDeniedError
from quantleap.domain.identifiers import Email
from quantleap.domain.principals import Admin, User
from quantleap.ports.tokens import Claims

ADMINS = "Admins"
"""The Cognito group whose members are admins."""


def user_of(claims: Claims) -> User:
    """The user. Raises InvalidCredentialsError unless they are of an ID token with a verified email."""
    return User(_verified_email(claims))


def admin_of(claims: Claims) -> Admin:
    """The admin. Raises InvalidCredentialsError as `user_of`, PermissionDeniedError where the groups lack `Admins`."""
    email = _verified_email(claims)
    if ADMINS not in _groups(claims.get("cognito:groups")):
        raise PermissionDeniedError("admin")
    return Admin(email)


def _verified_email(claims: Claims) -> Email:
    address, verified = claims.get("email"), claims.get("email_verified")
    is_verified = verified is True or verified == "true"  # as text where API Gateway hands it on
    if claims.get("token_use") != "id" or not is_verified or not isinstance(address, str):
        raise InvalidCredentialsError
    try:
        return Email(address)
    except InvalidInputError:
        raise InvalidCredentialsError from None


def _groups(claim: object) -> list[str]:
    """A list, or as API Gateway spells it to a function: `Admins,Others`. A name that has a comma is lost there."""
    if isinstance(claim, list):
        return [group for group in claim if isinstance(group, str)]
    return claim.split(",") if isinstance(claim, str) else []
