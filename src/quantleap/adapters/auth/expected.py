"""Tokens of whichever issuer is set, else of the development issuer."""

from threading import Lock
from typing import TYPE_CHECKING

from quantleap.adapters.auth.development import AUDIENCE, ISSUER, DevelopmentKey
from quantleap.adapters.auth.needed import needed
from quantleap.ports.errors import MisconfiguredError
from quantleap.ports.system import Clock
from quantleap.ports.tokens import Claims, ExpectedTokens

if TYPE_CHECKING:
    from quantleap.adapters.auth.jwt import JwtTokens


class TokensAsExpected:
    """See `quantleap.ports.tokens.Tokens`. Loads joserfc with the first token: a partner's request needs none."""

    def __init__(self, expected: ExpectedTokens, development: DevelopmentKey, clock: Clock) -> None:
        self._expected = expected
        self._development = development
        self._clock = clock
        self._lock = Lock()
        self._verifier: JwtTokens | None = None

    def prepare(self) -> None:
        """Make the verifier. Raises MisconfiguredError, UnavailableError."""
        self._made().prepare()

    def verify(self, token: str) -> Claims:
        """By the verifier of the issuer."""
        return self._made().verify(token)

    def _made(self) -> "JwtTokens":
        with self._lock, needed():
            if self._verifier is None:
                self._verifier = self._make()
            return self._verifier

    def _make(self) -> "JwtTokens":
        from quantleap.adapters.auth.jwt import JwtTokens  # noqa: PLC0415 - it loads joserfc

        given = self._expected
        if given == ExpectedTokens():
            return JwtTokens(self._development, issuer=ISSUER, audience=AUDIENCE, clock=self._clock)
        if given.issuer is None or given.audience is None:
            raise MisconfiguredError("QUANTLEAP_ISSUER and QUANTLEAP_AUDIENCE: set both, or none for development")
        if given.jwks is None and "://" not in given.issuer:
            raise MisconfiguredError("QUANTLEAP_ISSUER: is no address: QUANTLEAP_JWKS must say where its keys are")

        from quantleap.adapters.auth.fetching import fetch_from  # noqa: PLC0415 - it loads urllib and ssl
        from quantleap.adapters.auth.jwks import FetchedKeys  # noqa: PLC0415 - it loads joserfc

        place = given.jwks or f"{given.issuer.rstrip('/')}/.well-known/jwks.json"
        keys = FetchedKeys(fetch_from(place), self._clock)
        return JwtTokens(keys, issuer=given.issuer, audience=given.audience, clock=self._clock)
