"""Tokens that prove who a user or an admin is."""

from collections.abc import Mapping
from typing import Protocol

from attrs import frozen

from quantleap.domain.identifiers import Email

Claims = Mapping[str, object]
"""What a token says of its bearer, by the names of OpenID Connect and of Amazon Cognito."""


@frozen
class ExpectedTokens:
    """Whose tokens are taken: those that `issuer` issued for `audience` (the app client of Amazon Cognito).

    `jwks` is the URL or the path of the issuer's keys (a JSON Web Key Set, RFC 7517); None: where OpenID Connect says
    that they are, `{issuer}/.well-known/jwks.json`. Without issuer and audience the tokens of the development issuer
    are taken, which there is only beside a store for development.
    """

    issuer: str | None = None
    audience: str | None = None
    jwks: str | None = None


class Tokens(Protocol):
    """Verifies JSON Web Tokens of one issuer for one audience. Safe to share between threads."""

    def prepare(self) -> None:
        """Find the issuer's keys now, so that what is wrong is told at the start.

        Raises MisconfiguredError where no issuer is set or its keys cannot be used, UnavailableError where they cannot
        be fetched now.
        """

    def verify(self, token: str) -> Claims:
        """The claims of a token whose signature, issuer, audience and times are good. What they say is not judged.

        Raises InvalidCredentialsError, which does not say what was wrong, and as `prepare`.
        """


class TokenIssuer(Protocol):
    """Issues tokens for development, as Amazon Cognito does in production."""

    def issue(self, email: Email, *, is_admin: bool) -> str:
        """An ID token, good for an hour, of a user whose email counts as verified.

        Raises MisconfiguredError beside a store that holds real data.
        """
