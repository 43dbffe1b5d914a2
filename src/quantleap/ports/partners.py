"""Partners and their API keys."""

from typing import Protocol

from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.partner import Partner
from quantleap.ports.unit_of_work import Write


class Partners(Protocol):
    """Partners and the keys they call with."""

    def get(self, partner_id: PartnerId) -> Partner | None:
        """The partner, seeing every commit that returned before."""

    def key(self, api_key: str) -> ApiKey | None:
        """The key record of a public key; may be seconds stale."""

    def keys_of(self, partner_id: PartnerId) -> list[ApiKey]:
        """Every key of a partner, oldest first."""

    def saving(self, partner: Partner, before: Partner | None) -> list[Write]:
        """Stage the partner. Refused with AlreadyExistsError or, it being `before` no longer, ConcurrentUpdateError."""

    def saving_key(self, key: ApiKey, before: ApiKey | None) -> list[Write]:
        """Stage a key, new (None) or changed. Refused as `saving` is."""
