"""An issuer of tokens for development: what Amazon Cognito is in production, beside a store that holds no real data."""

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from attrs import frozen

from quantleap.adapters.auth.needed import needed
from quantleap.adapters.secrets.private_file import make_private, read_private
from quantleap.domain.identifiers import Email
from quantleap.ports.errors import MisconfiguredError
from quantleap.ports.system import Clock

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

ISSUER = "https://quantleap.invalid/development"
"""A name that nobody can have (RFC 6761, section 6.4)."""

AUDIENCE = "quantleap-development"
LIFETIME_S = 3600
"""As Cognito's ID tokens live."""

_KEY_BITS = 2048
_ADMINS = "Admins"


@frozen
class DevelopmentPlace:
    """Where the development issuer's key is: in the file, in memory (None), or nowhere, for the store is a real one."""

    file: Path | None = None
    is_real: bool = False


class DevelopmentKey:
    """The issuer's key pair, made where it is missing (mode 0600), and as private as the platform's keys.

    Loads joserfc when it is first read.
    """

    def __init__(self, place: DevelopmentPlace) -> None:
        self._place = place
        self._lock = Lock()
        self._pair: RSAKey | None = None

    def pair(self) -> "RSAKey":
        """With its private half. Raises MisconfiguredError, beside a real store always."""
        if self._place.is_real:
            raise MisconfiguredError(
                "the development issuer of tokens refuses to start beside a real store:"
                " QUANTLEAP_ISSUER and QUANTLEAP_AUDIENCE name the issuer there"
            )
        with self._lock, needed():
            if self._pair is None:
                self._pair = _made() if self._place.file is None else _kept_in(self._place.file)
            return self._pair

    def prepare(self) -> None:
        """Have it."""
        self.pair()

    def key(self, kid: str) -> "RSAKey | None":
        """See `quantleap.adapters.auth.jwt.IssuerKeys`: the one there is, if it is called that."""
        pair = self.pair()
        return pair if pair.kid == kid else None


class DevelopmentIssuer:
    """See `quantleap.ports.tokens.TokenIssuer`."""

    def __init__(self, key: DevelopmentKey, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def issue(self, email: Email, *, is_admin: bool) -> str:
        """The claims that Cognito's ID token has and this library reads."""
        pair = self._key.pair()

        from joserfc import jwt  # noqa: PLC0415 - most processes issue none

        now = int(self._clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "token_use": "id",
            "email": email.address,
            "email_verified": True,
            "iat": now,
            "exp": now + LIFETIME_S,
        }
        if is_admin:
            claims["cognito:groups"] = [_ADMINS]
        return jwt.encode({"alg": "RS256", "kid": pair.kid}, claims, pair)


def _made() -> "RSAKey":
    from joserfc.jwk import RSAKey  # noqa: PLC0415 - see DevelopmentKey

    return RSAKey.generate_key(_KEY_BITS, auto_kid=True)


def _kept_in(file: Path) -> "RSAKey":
    from joserfc.errors import JoseError  # noqa: PLC0415 - see DevelopmentKey
    from joserfc.jwk import RSAKey  # noqa: PLC0415 - see DevelopmentKey

    if not file.exists():
        make_private(file, _made().as_dict(private=True))
    try:
        pair = RSAKey.import_key(read_private(file))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        pair = None
    if pair is None or not pair.is_private or pair.kid is None:
        raise MisconfiguredError(f"{file} is no key of the development issuer: remove it, and another is made")
    return pair
