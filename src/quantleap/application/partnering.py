"""Partners and their key pairs: created, listed, rotated, revoked."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from attrs import evolve, field, frozen

from quantleap.application.paging import Paging
from quantleap.application.stamping import Stamping
from quantleap.domain import identifiers
from quantleap.domain.commissions.agreement import CommissionAgreement
from quantleap.domain.errors import (
    ApiKeyNotFoundError,
    ConcurrentUpdateError,
    PartnerNotFoundError,
)
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.paging import ListPage, ListRequest
from quantleap.domain.partners.api_key import DEFAULT_LIFETIME, ApiKey
from quantleap.domain.partners.credentials import (
    API_KEY_RANDOM_CHARS,
    SECRET_RANDOM_CHARS,
    ApiSecret,
    SecretHash,
    build_api_key,
    hash_secret,
)
from quantleap.domain.partners.partner import Partner
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission
from quantleap.domain.partners.token_bucket import DEFAULT_LIMIT
from quantleap.domain.periods import kolkata_date
from quantleap.domain.principals import Principal, require_admin
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.history import Stamp
from quantleap.ports.errors import UnavailableError
from quantleap.ports.partners import Partners
from quantleap.ports.rate_limits import RateLimits
from quantleap.ports.secrets import Secrets
from quantleap.ports.system import Chance, Identifiers
from quantleap.ports.unit_of_work import UnitOfWork

DEFAULT_COMMISSION = Rate(3000)
DEFAULT_OVERLAP = timedelta(days=7)


@frozen
class IssuedKey:
    """A new key pair. This is the only place its secret is ever seen."""

    key: ApiKey
    secret: str = field(repr=False)


@frozen
class NewPartner:
    """A partner and its first key pair."""

    partner: Partner
    issued: IssuedKey


@frozen
class KeyUse:
    """A key pair, and how many requests it was let through for; of one that is revoked that is forgotten."""

    key: ApiKey
    uses: int


class Partnering:
    """What an admin does with partners."""

    def __init__(
        self,
        *,
        partners: Partners,
        limits: RateLimits,
        units: UnitOfWork,
        identifiers: Identifiers,
        chance: Chance,
        secrets: Secrets,
        stamping: Stamping,
        paging: Paging,
    ) -> None:
        self._partners = partners
        self._limits = limits
        self._units = units
        self._identifiers = identifiers
        self._chance = chance
        self._secrets = secrets
        self._stamping = stamping
        self._paging = paging

    def create(
        self,
        by: Principal,
        partner_id: PartnerId,
        *,
        commission: Rate = DEFAULT_COMMISSION,
        broker_id: str | None = None,
        display_name: str | None = None,
        rate_limit: int = DEFAULT_LIMIT,
        show_performance: bool = False,
        request_id: str | None = None,
    ) -> NewPartner:
        """A partner with its first key pair, in one commit. Its broker is called as it is unless said otherwise.

        The agreement is that flat rate from today on. Raises AlreadyExistsError, InvalidInputError.
        """
        require_admin(by)
        stamp = self._stamping.stamp(by, request_id=request_id)
        partner = Partner(
            partner_id=partner_id,
            display_name=display_name or partner_id.slug,
            broker_id=broker_id or partner_id.slug,
            agreement=CommissionAgreement.flat(commission, kolkata_date(stamp.at)),
            created_at=stamp.at,
            rate_limit=rate_limit,
            show_performance=show_performance,
        )
        made = NewPartner(partner, self._issued(partner_id, stamp))
        self._units.commit(
            *self._partners.saving(partner, None, stamp),
            *self._partners.saving_key(made.issued.key, None, stamp),
            outcome=made,
        )
        return made

    def revise(
        self,
        by: Principal,
        partner_id: PartnerId,
        *,
        display_name: str | None = None,
        broker_id: str | None = None,
        commission: Rate | None = None,
        rate_limit: int | None = None,
        show_performance: bool | None = None,
        version: int | None = None,
        request_id: str | None = None,
    ) -> Partner:
        """The partner with what is given; a new base rate holds from today on, tiers and overrides go on.

        Subscriptions keep the rate that they were made at. The rate limit is heeded as soon as the partner is read
        again, which may be seconds later. Where nothing changes nothing is written. Raises PartnerNotFoundError,
        InvalidInputError, and ConcurrentUpdateError where a `version` is given that is not the present one.
        """
        before = self.get(by, partner_id)
        _require_version("Partner", before.version, version)
        stamp = self._stamping.stamp(by, request_id=request_id)
        agreement = before.agreement
        after = before.revised(
            display_name=before.display_name if display_name is None else display_name,
            broker_id=before.broker_id if broker_id is None else broker_id,
            agreement=agreement if commission is None else agreement.rebased(commission, kolkata_date(stamp.at)),
            rate_limit=before.rate_limit if rate_limit is None else rate_limit,
            show_performance=before.show_performance if show_performance is None else show_performance,
        )
        if evolve(after, version=before.version) == before:
            return before
        self._units.commit(*self._partners.saving(after, before, stamp), outcome=after)
        return after

    def get(self, by: Principal, partner_id: PartnerId) -> Partner:
        """The partner. Raises PartnerNotFoundError."""
        require_admin(by)
        partner = self._partners.get(partner_id)
        if partner is None:
            raise PartnerNotFoundError(str(partner_id))
        return partner

    def all(self, by: Principal, request: ListRequest) -> ListPage[Partner]:
        """Every partner of both modes, by id. Raises InvalidInputError for a cursor of another list or principal."""
        require_admin(by)
        return self._paging.page(by, request, ("partners.all",), self._partners.all)

    def keys(self, by: Principal, partner_id: PartnerId) -> list[ApiKey]:
        """A partner's key pairs, oldest first, without secrets."""
        self.get(by, partner_id)
        return self._partners.keys_of(partner_id)

    def key_list(self, by: Principal, partner_id: PartnerId, request: ListRequest) -> ListPage[KeyUse]:
        """The same in pages, and how often each was used. Raises PartnerNotFoundError, and as `all` does."""
        self.get(by, partner_id)
        found = self._paging.page(
            by, request, ("partners.key_list", str(partner_id)), lambda page: self._partners.keys_page(partner_id, page)
        )
        uses = self._limits.uses_of(partner_id)
        used = tuple(KeyUse(key, uses.get(key.api_key_id, 0)) for key in found.entries)
        return ListPage(used, found.next_cursor, found.total)

    def key_use(self, by: Principal, api_key_id: str) -> KeyUse:
        """The key pair of that id, and how often it was used. Raises ApiKeyNotFoundError."""
        key = self.key(by, api_key_id)
        return KeyUse(key, self._limits.uses_of(key.partner_id).get(api_key_id, 0))

    def key(self, by: Principal, api_key_id: str, *, of: PartnerId | None = None) -> ApiKey:
        """The key pair of that id, without its secret; `of` says whose it must be. Raises ApiKeyNotFoundError."""
        require_admin(by)
        key = self._partners.key_named(identifiers.api_key_id(api_key_id))
        if key is None or of not in (None, key.partner_id):
            raise ApiKeyNotFoundError(api_key_id)
        return key

    def issue(
        self,
        by: Principal,
        partner_id: PartnerId,
        *,
        permissions: Iterable[Permission] = ALL_PERMISSIONS,
        lifetime: timedelta = DEFAULT_LIFETIME,
        request_id: str | None = None,
    ) -> IssuedKey:
        """A further key pair, of all permissions and good for 90 days unless said. Each call makes one.

        Raises PartnerNotFoundError, InvalidInputError.
        """
        self.get(by, partner_id)
        stamp = self._stamping.stamp(by, request_id=request_id)
        issued = self._issued(partner_id, stamp, permissions=permissions, lifetime=lifetime)
        self._units.commit(*self._partners.saving_key(issued.key, None, stamp), outcome=issued)
        return issued

    def permit(
        self,
        by: Principal,
        api_key_id: str,
        permissions: Iterable[Permission],
        *,
        version: int | None = None,
        request_id: str | None = None,
    ) -> ApiKey:
        """The key pair with those permissions, from when it is read again on; nothing is written where it has them.

        Raises ApiKeyNotFoundError, InvalidInputError, ConcurrentUpdateError.
        """
        before = self.key(by, api_key_id)
        _require_version("Key", before.version, version)
        after = before.permitting(permissions)
        if after.permissions == before.permissions:
            return before
        stamp = self._stamping.stamp(by, request_id=request_id)
        self._units.commit(*self._partners.saving_key(after, before, stamp), outcome=after)
        return after

    def rotate(
        self,
        by: Principal,
        api_key_id: str,
        *,
        of: PartnerId | None = None,
        overlap: timedelta = DEFAULT_OVERLAP,
        lifetime: timedelta = DEFAULT_LIFETIME,
        request_id: str | None = None,
    ) -> IssuedKey:
        """A successor; the old pair works on for the overlap. Raises ApiKeyNotFoundError, and as `ApiKey.rotated`."""
        before = self.key(by, api_key_id, of=of)
        stamp = self._stamping.stamp(by, request_id=request_id)
        public, secret, hashed = self._pair(before.partner_id)
        rotation = before.rotated(
            api_key_id=self._identifiers.api_key_id(),
            api_key=public,
            secret_hash=hashed,
            at=stamp.at,
            overlap=overlap,
            lifetime=lifetime,
        )
        issued = IssuedKey(rotation.successor, secret.text)
        self._units.commit(
            *self._partners.saving_key(rotation.outgoing, before, stamp),
            *self._partners.saving_key(rotation.successor, None, stamp),
            outcome=issued,
        )
        return issued

    def revoke(
        self, by: Principal, api_key_id: str, *, of: PartnerId | None = None, request_id: str | None = None
    ) -> ApiKey:
        """Useless from now on, and its uses no longer counted. Revoking again changes nothing.

        Raises ApiKeyNotFoundError, ConcurrentUpdateError.
        """
        before = self.key(by, api_key_id, of=of)
        stamp = self._stamping.stamp(by, request_id=request_id)
        after = before.revoked(stamp.at)
        if after != before:
            self._units.commit(*self._partners.saving_key(after, before, stamp), outcome=after)
        with suppress(UnavailableError):  # it is revoked all the same, and revoking it again forgets them
            self._limits.forget_uses(after.partner_id, api_key_id)
        return after

    def _issued(
        self,
        partner_id: PartnerId,
        stamp: Stamp,
        *,
        permissions: Iterable[Permission] = ALL_PERMISSIONS,
        lifetime: timedelta = DEFAULT_LIFETIME,
    ) -> IssuedKey:
        public, secret, hashed = self._pair(partner_id)
        key = ApiKey.issue(
            api_key_id=self._identifiers.api_key_id(),
            partner_id=partner_id,
            api_key=public,
            secret_hash=hashed,
            at=stamp.at,
            permissions=permissions,
            lifetime=lifetime,
        )
        return IssuedKey(key, secret.text)

    def _pair(self, partner_id: PartnerId) -> tuple[str, ApiSecret, SecretHash]:
        public = build_api_key(partner_id, self._chance.alphanumerics(API_KEY_RANDOM_CHARS))
        secret = ApiSecret.build(partner_id, self._chance.alphanumerics(SECRET_RANDOM_CHARS))
        hash_key = self._secrets.hash_key()
        return public, secret, hash_secret(secret, hash_key.key, hash_key.version)


def _require_version(subject: str, present: int, version: int | None) -> None:
    if version not in (None, present):
        raise ConcurrentUpdateError(subject)
