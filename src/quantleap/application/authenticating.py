"""Proves who calls: a partner's server by its key pair, a user or an admin by a token."""

from collections.abc import Callable
from typing import TypeVar

from quantleap.application.recent import Recent
from quantleap.application.token_claims import admin_of, user_of
from quantleap.application.watching import RefusedAuthentications
from quantleap.domain.errors import AuthenticationError, InvalidCredentialsError
from quantleap.domain.partners.credentials import ApiSecret, Credentials, SecretHash
from quantleap.domain.principals import Admin, PartnerBackend, User
from quantleap.ports.partners import KeyOfPartner, Partners
from quantleap.ports.secrets import Secrets
from quantleap.ports.system import Clock, Staleness
from quantleap.ports.tokens import Claims, Tokens

T = TypeVar("T")

MAX_KEPT_KEYS = 1024
"""Key pairs kept in a process. Only a key that is there takes a place, so that no stranger can drive others out."""

_NO_DIGEST = "0" * 64


class Authenticating:
    """Who presents a key pair or a token. Every refusal is counted, and says no more than its error does.

    A key pair's record and its partner's (never a secret) are taken as they were at most the staleness ago: as late as
    that a revocation, changed permissions, a changed rate limit and disclosure policy are heeded.
    """

    def __init__(
        self,
        *,
        partners: Partners,
        secrets: Secrets,
        tokens: Tokens,
        refused: RefusedAuthentications,
        clock: Clock,
        staleness: Staleness,
    ) -> None:
        self._partners = partners
        self._secrets = secrets
        self._tokens = tokens
        self._refused = refused
        self._clock = clock
        self._recent: Recent[str, KeyOfPartner] = Recent(clock, staleness.at_most, size=MAX_KEPT_KEYS)

    def prepare_tokens(self) -> None:
        """See to it that tokens can be verified. Raises MisconfiguredError, UnavailableError."""
        self._tokens.prepare()

    def partner(self, api_key: object, secret: object) -> PartnerBackend:
        """The partner's server that a presented pair proves, with its permissions and rate limit.

        Raises InvalidCredentialsError (also for a key that does not exist); KeyExpiredError and KeyRevokedError only
        to somebody who has the secret; UnavailableError. A pair of the wrong form or checksum is refused without a
        read; else key pair and partner are one read, and none for as long as they are kept.
        """
        try:
            return self._proved(Credentials.parse(api_key, secret))
        except AuthenticationError as error:
            self._refused.refused(error, api_key=api_key)
            raise

    def user(self, token: object) -> User:
        """The user that a token proves. Raises InvalidCredentialsError, MisconfiguredError, UnavailableError."""
        return self._named_by(token, user_of)

    def admin(self, token: object) -> Admin:
        """The admin that a token proves. Raises as `user`, and PermissionDeniedError for a user who is none."""
        return self._named_by(token, admin_of)

    def _proved(self, presented: Credentials) -> PartnerBackend:
        found = self._recent.get(presented.api_key, self._partners.key_of_partner)
        if not self._is_of(presented.secret, None if found is None else found.key.secret_hash) or found is None:
            raise InvalidCredentialsError
        found.key.check_usable(self._clock.now())
        return PartnerBackend(
            found.key.partner_id,
            found.key.permissions,
            found.key.api_key_id,
            found.partner.rate_limit,
            found.partner.show_performance,
        )

    def _is_of(self, secret: ApiSecret, hashed: SecretHash | None) -> bool:
        """Where there is no key, as much work is done in vain, so that the time tells nobody which keys there are."""
        if hashed is None:
            hash_key = self._secrets.hash_key()
            SecretHash(hash_key.version, _NO_DIGEST).verify(secret, hash_key.key)
            return False
        return hashed.verify(secret, self._secrets.hash_key_of(hashed.hash_key_version).key)

    def _named_by(self, token: object, read: Callable[[Claims], T]) -> T:
        try:
            if not isinstance(token, str):
                raise InvalidCredentialsError
            return read(self._tokens.verify(token))
        except AuthenticationError as error:
            self._refused.refused(error)
            raise
