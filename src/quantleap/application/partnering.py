"""Partners and their key pairs: created, listed, rotated, revoked, and proved."""

from datetime import timedelta

from attrs import field, frozen

from quantleap.domain import identifiers
from quantleap.domain.commissions.agreement import CommissionAgreement
from quantleap.domain.errors import ApiKeyNotFoundError, InvalidCredentialsError, PartnerNotFoundError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.credentials import (
    API_KEY_RANDOM_CHARS,
    SECRET_RANDOM_CHARS,
    ApiSecret,
    Credentials,
    SecretHash,
    build_api_key,
    hash_secret,
)
from quantleap.domain.partners.partner import Partner
from quantleap.domain.partners.token_bucket import DEFAULT_LIMIT
from quantleap.domain.periods import kolkata_date
from quantleap.domain.principals import PartnerBackend, Principal, require_admin
from quantleap.domain.rates import Rate
from quantleap.ports.partners import Partners
from quantleap.ports.secrets import Secrets
from quantleap.ports.system import Chance, Clock, Identifiers
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


class Partnering:
    """What an admin does with partners, and how a partner's server proves who it is."""

    def __init__(
        self,
        *,
        partners: Partners,
        units: UnitOfWork,
        clock: Clock,
        identifiers: Identifiers,
        chance: Chance,
        secrets: Secrets,
    ) -> None:
        self._partners = partners
        self._units = units
        self._clock = clock
        self._identifiers = identifiers
        self._chance = chance
        self._secrets = secrets

    def create(
        self,
        by: Principal,
        partner_id: PartnerId,
        *,
        commission: Rate = DEFAULT_COMMISSION,
        broker_id: str | None = None,
        display_name: str | None = None,
        rate_limit: int = DEFAULT_LIMIT,
    ) -> NewPartner:
        """A partner with its first key pair, in one commit. Its broker is called as it is unless said otherwise.

        The agreement is that flat rate from today on. Raises AlreadyExistsError, InvalidInputError.
        """
        require_admin(by)
        now = self._clock.now()
        partner = Partner(
            partner_id=partner_id,
            display_name=display_name or partner_id.slug,
            broker_id=broker_id or partner_id.slug,
            agreement=CommissionAgreement.flat(commission, kolkata_date(now)),
            created_at=now,
            rate_limit=rate_limit,
        )
        issued = self._issue(partner_id)
        self._units.commit(*self._partners.saving(partner, None), *self._partners.saving_key(issued.key, None))
        return NewPartner(partner, issued)

    def get(self, by: Principal, partner_id: PartnerId) -> Partner:
        """The partner. Raises PartnerNotFoundError."""
        require_admin(by)
        partner = self._partners.get(partner_id)
        if partner is None:
            raise PartnerNotFoundError(str(partner_id))
        return partner

    def keys(self, by: Principal, partner_id: PartnerId) -> list[ApiKey]:
        """A partner's key pairs, oldest first, without secrets."""
        self.get(by, partner_id)
        return self._partners.keys_of(partner_id)

    def issue(self, by: Principal, partner_id: PartnerId) -> IssuedKey:
        """A further key pair of all permissions, good for 90 days. Raises PartnerNotFoundError."""
        self.get(by, partner_id)
        issued = self._issue(partner_id)
        self._units.commit(*self._partners.saving_key(issued.key, None))
        return issued

    def rotate(
        self, by: Principal, partner_id: PartnerId, api_key_id: str, *, overlap: timedelta = DEFAULT_OVERLAP
    ) -> IssuedKey:
        """A successor; the old pair works on for the overlap. Raises ApiKeyNotFoundError, and as `ApiKey.rotated`."""
        before = self._key(by, partner_id, api_key_id)
        public, secret, hashed = self._pair(partner_id)
        rotation = before.rotated(
            api_key_id=self._identifiers.api_key_id(),
            api_key=public,
            secret_hash=hashed,
            at=self._clock.now(),
            overlap=overlap,
        )
        self._units.commit(
            *self._partners.saving_key(rotation.outgoing, before), *self._partners.saving_key(rotation.successor, None)
        )
        return IssuedKey(rotation.successor, secret.text)

    def revoke(self, by: Principal, partner_id: PartnerId, api_key_id: str) -> ApiKey:
        """Useless from now on. Revoking again changes nothing. Raises ApiKeyNotFoundError."""
        before = self._key(by, partner_id, api_key_id)
        after = before.revoked(self._clock.now())
        if after != before:
            self._units.commit(*self._partners.saving_key(after, before))
        return after

    def authenticate(self, api_key: object, secret: object) -> PartnerBackend:
        """The principal that a presented pair proves.

        Raises InvalidCredentialsError (also for a key that does not exist), KeyExpiredError, KeyRevokedError; the
        last two only to somebody who has the secret. A pair of the wrong form is refused without a read.
        """
        presented = Credentials.parse(api_key, secret)
        key = self._partners.key(presented.api_key)
        if key is None:
            raise InvalidCredentialsError
        hash_key = self._secrets.hash_key_of(key.secret_hash.hash_key_version)
        if not key.secret_hash.verify(presented.secret, hash_key.key):
            raise InvalidCredentialsError
        key.check_usable(self._clock.now())
        partner = self._partners.get(key.partner_id)
        if partner is None:
            raise InvalidCredentialsError
        return PartnerBackend(key.partner_id, key.permissions, key.api_key_id, partner.rate_limit)

    def _issue(self, partner_id: PartnerId) -> IssuedKey:
        public, secret, hashed = self._pair(partner_id)
        key = ApiKey.issue(
            api_key_id=self._identifiers.api_key_id(),
            partner_id=partner_id,
            api_key=public,
            secret_hash=hashed,
            at=self._clock.now(),
        )
        return IssuedKey(key, secret.text)

    def _pair(self, partner_id: PartnerId) -> tuple[str, ApiSecret, SecretHash]:
        public = build_api_key(partner_id, self._chance.alphanumerics(API_KEY_RANDOM_CHARS))
        secret = ApiSecret.build(partner_id, self._chance.alphanumerics(SECRET_RANDOM_CHARS))
        hash_key = self._secrets.hash_key()
        return public, secret, hash_secret(secret, hash_key.key, hash_key.version)

    def _key(self, by: Principal, partner_id: PartnerId, api_key_id: str) -> ApiKey:
        identifiers.api_key_id(api_key_id)
        for key in self.keys(by, partner_id):
            if key.api_key_id == api_key_id:
                return key
        raise ApiKeyNotFoundError(api_key_id)
