"""Partners and their API keys."""

from typing import Protocol

from attrs import frozen

from quantleap.domain.identifiers import PartnerId
from quantleap.domain.paging import Page, PageRequest
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.partner import Partner
from quantleap.domain.subscriptions.history import Stamp
from quantleap.ports.unit_of_work import Write


@frozen
class KeyOfPartner:
    """A key pair's record, and the partner it is of."""

    key: ApiKey
    partner: Partner


class Partners(Protocol):
    """Partners and the keys they call with. Whatever is staged keeps the stamp of its last change."""

    def get(self, partner_id: PartnerId) -> Partner | None:
        """The partner, seeing every commit that returned before."""

    def all(self, page: PageRequest) -> Page[Partner]:
        """Every partner of both modes, by id."""

    def key(self, api_key: str) -> ApiKey | None:
        """The key record of a public key; may be seconds stale."""

    def key_of_partner(self, api_key: str) -> KeyOfPartner | None:
        """The key record of a well-formed public key and its partner, in one request that sees every commit that
        returned before. None where either is not there.
        """

    def key_named(self, api_key_id: str) -> ApiKey | None:
        """The key record of that id, seeing every commit that returned before."""

    def keys_of(self, partner_id: PartnerId) -> list[ApiKey]:
        """Every key of a partner, oldest first."""

    def keys_page(self, partner_id: PartnerId, page: PageRequest) -> Page[ApiKey]:
        """The same in pages."""

    def saving(self, partner: Partner, before: Partner | None, stamp: Stamp) -> list[Write]:
        """Stage the partner. Refused with AlreadyExistsError or, it being `before` no longer, ConcurrentUpdateError.

        A change that finds itself made already, stamp and all, counts as done.
        """

    def saving_key(self, key: ApiKey, before: ApiKey | None, stamp: Stamp) -> list[Write]:
        """Stage a key, new (None) or changed. Refused, and found done, as `saving` is."""
