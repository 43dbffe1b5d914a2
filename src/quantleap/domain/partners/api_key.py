"""A partner's key pair as it is stored: what it may do, and whether it can be used at an instant."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import evolve, field, frozen, validators

from quantleap.domain import identifiers
from quantleap.domain.errors import (
    InvalidInputError,
    KeyAlreadyRotatedError,
    KeyExpiredError,
    KeyNotUsableError,
    KeyRevokedError,
)
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.credentials import SecretHash, parse_api_key
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission
from quantleap.domain.validation import checked_by, instance_of, instant, require, whole_number

DEFAULT_LIFETIME = timedelta(days=90)
MAX_LIFETIME = timedelta(days=366)
MAX_OVERLAP = timedelta(days=30)
MAX_VERSION = 10**9


def _permission_set(permissions: Iterable[Permission]) -> frozenset[Permission]:
    return frozenset(permissions)


@frozen(kw_only=True)
class ApiKey:
    """A key pair of one partner and mode. Its secret is held as a hash only, and no representation shows the key.

    It works until the first of `expires_at`, at most 366 days after `created_at`; `overlap_until`, set once a successor
    replaced it; and `revoked_at`. At that instant it works no more. `successor_id` names what replaced it.
    """

    api_key_id: str = field(validator=checked_by(identifiers.api_key_id))
    partner_id: PartnerId = field(validator=instance_of(PartnerId))
    api_key: str = field(repr=False)
    secret_hash: SecretHash = field(validator=instance_of(SecretHash))
    permissions: frozenset[Permission] = field(converter=_permission_set)
    created_at: datetime = field(validator=instant)
    expires_at: datetime = field(validator=instant)
    overlap_until: datetime | None = field(default=None, validator=validators.optional(instant))
    revoked_at: datetime | None = field(default=None, validator=validators.optional(instant))
    successor_id: str | None = field(default=None, validator=validators.optional(checked_by(identifiers.api_key_id)))
    version: int = field(default=1, validator=whole_number(1, MAX_VERSION))

    @api_key.validator
    def _of_the_partner(self, _: object, value: object) -> None:
        require(parse_api_key(value) == self.partner_id, "api_key", "must be of the partner and mode of the key pair")

    @permissions.validator
    def _known(self, _: object, value: frozenset[object]) -> None:
        known = bool(value) and value <= ALL_PERMISSIONS
        require(known, "permissions", f"must name one or more of {', '.join(Permission)}")

    def __attrs_post_init__(self) -> None:
        lifetime = self.expires_at - self.created_at
        if not timedelta(0) < lifetime <= MAX_LIFETIME:
            raise InvalidInputError("expires_at", f"must be within {MAX_LIFETIME.days} days after created_at")

    @classmethod
    def issue(
        cls,
        *,
        api_key_id: str,
        partner_id: PartnerId,
        api_key: str,
        secret_hash: SecretHash,
        at: datetime,
        permissions: Iterable[Permission] = ALL_PERMISSIONS,
        lifetime: timedelta = DEFAULT_LIFETIME,
    ) -> "ApiKey":
        """A new pair that works from that instant for its lifetime, 90 days unless said."""
        return cls(
            api_key_id=api_key_id,
            partner_id=partner_id,
            api_key=api_key,
            secret_hash=secret_hash,
            permissions=permissions,
            created_at=at,
            expires_at=at + lifetime,
        )

    @property
    def usable_until(self) -> datetime:
        """The instant from which it no longer works, revocation apart."""
        return min(self.expires_at, self.overlap_until or self.expires_at)

    def check_usable(self, at: datetime) -> None:
        """Raises KeyRevokedError, or KeyExpiredError past its expiry or the overlap after a rotation."""
        if self.revoked_at is not None and at >= self.revoked_at:
            raise KeyRevokedError(self.api_key_id)
        if at >= self.usable_until:
            raise KeyExpiredError(self.api_key_id)

    def permitting(self, permissions: Iterable[Permission]) -> "ApiKey":
        """The same pair with those permissions."""
        return evolve(self, permissions=permissions, version=self.version + 1)

    def rotated(
        self,
        *,
        api_key_id: str,
        api_key: str,
        secret_hash: SecretHash,
        at: datetime,
        overlap: timedelta,
        lifetime: timedelta = DEFAULT_LIFETIME,
    ) -> "Rotation":
        """Its successor, of the same permissions, beside which this one still works for the overlap of 0 to 30 days.

        Raises KeyNotUsableError or KeyAlreadyRotatedError: only a key that works and has no successor is rotated.
        """
        if self.revoked_at is not None or at >= self.usable_until:
            raise KeyNotUsableError(self.api_key_id)
        if self.overlap_until is not None:
            raise KeyAlreadyRotatedError(self.api_key_id)
        if not timedelta(0) <= overlap <= MAX_OVERLAP:
            raise InvalidInputError("overlap", f"must be from 0 to {MAX_OVERLAP.days} days")
        successor = ApiKey.issue(
            api_key_id=api_key_id,
            partner_id=self.partner_id,
            api_key=api_key,
            secret_hash=secret_hash,
            at=at,
            permissions=self.permissions,
            lifetime=lifetime,
        )
        outgoing = evolve(self, overlap_until=at + overlap, successor_id=api_key_id, version=self.version + 1)
        return Rotation(outgoing, successor)

    def revoked(self, at: datetime) -> "ApiKey":
        """The pair, useless from that instant. Revoking again changes nothing: the first instant stands."""
        if self.revoked_at is not None:
            return self
        return evolve(self, revoked_at=at, version=self.version + 1)


@frozen
class Rotation:
    """A pair on its way out and the one that replaces it."""

    outgoing: ApiKey
    successor: ApiKey
