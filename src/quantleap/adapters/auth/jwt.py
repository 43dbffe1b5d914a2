"""JSON Web Tokens (RFC 7519), verified as RFC 8725 advises: one algorithm, one issuer, one audience, keys by name."""

from typing import Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, RSAKey

from quantleap.domain.errors import InvalidCredentialsError
from quantleap.ports.system import Clock
from quantleap.ports.tokens import Claims

ALGORITHM = "RS256"
"""What Amazon Cognito signs with. A token's own header never chooses another."""

MAX_TOKEN_BYTES = 8 * 1024
"""Cognito's ID tokens take 1 to 3 KB; API Gateway lets all headers together have 10,240 bytes."""

LEEWAY_S = 30
"""How far the issuer's clock may be from ours."""


class IssuerKeys(Protocol):
    """Public keys of an issuer, by their ids."""

    def prepare(self) -> None:
        """Have the keys now. Raises UnavailableError, MisconfiguredError."""

    def key(self, kid: str) -> RSAKey | None:
        """The key of that id, if the issuer has it. Raises UnavailableError, MisconfiguredError."""


class JwtTokens:
    """See `quantleap.ports.tokens.Tokens`."""

    def __init__(self, keys: IssuerKeys, *, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._expected: dict[str, jwt.ClaimsOption] = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": audience},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }

    def prepare(self) -> None:
        """Have the issuer's keys."""
        self._keys.prepare()

    def verify(self, token: str) -> Claims:
        """Bounds are checked before anything is decoded, the signature before any claim is read."""
        if not token.isascii() or len(token) > MAX_TOKEN_BYTES:
            raise InvalidCredentialsError
        try:
            claims = jwt.decode(token, self._key_of, algorithms=[ALGORITHM]).claims
            self._check(claims)
        except (JoseError, ValueError, TypeError, RecursionError):  # TypeError is joserfc's of a header that is a list
            raise InvalidCredentialsError from None
        return claims

    def _key_of(self, token: GuestProtocol) -> RSAKey:
        header = token.headers()
        # Before a key is looked up, so that no token of another algorithm has keys fetched.
        kid = header.get("kid") if header.get("alg") == ALGORITHM else None
        key = self._keys.key(kid) if isinstance(kid, str) else None
        if key is None:
            raise InvalidCredentialsError
        return key

    def _check(self, claims: jwt.Claims) -> None:
        jwt.JWTClaimsRegistry(now=int(self._clock.now().timestamp()), leeway=LEEWAY_S, **self._expected).validate(
            claims
        )
