"""Partners and API keys over any engine."""

from collections.abc import Sequence

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.partners import (
    api_key_id_item,
    api_key_item,
    partner_item,
    partner_key_item,
    partner_line_item,
    read_api_key,
    read_partner,
)
from quantleap.adapters.store.records.values import Reading, stamped
from quantleap.adapters.store.repositories.paging import every_item, one_page
from quantleap.adapters.store.seam import MAX_READ_KEYS, Engine, Equals, Item, ItemAbsent, Key, Put, Query
from quantleap.adapters.store.table import SORT_KEY
from quantleap.adapters.store.unit_of_work import StagedWrite, holds
from quantleap.domain.errors import AlreadyExistsError, ConcurrentUpdateError, DomainError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.paging import Page, PageRequest
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.credentials import parse_api_key
from quantleap.domain.partners.partner import Partner
from quantleap.domain.subscriptions.history import Stamp
from quantleap.ports.partners import KeyOfPartner
from quantleap.ports.unit_of_work import Write


class StoredPartners:
    """See `quantleap.ports.partners.Partners`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, partner_id: PartnerId) -> Partner | None:
        """One consistent get."""
        item = self._engine.get(keys.partner(partner_id), consistent=True)
        return None if item is None else read_partner(item)

    def all(self, page: PageRequest) -> Page[Partner]:
        """A query of the list, and reads of the partners of the page together."""
        listed = one_page(self._engine, Query(keys.PARTNERS, consistent=True), page, _listed)
        found = self._read([keys.partner(each) for each in listed.entries])
        return Page(tuple(map(read_partner, found)), listed.next)

    def key(self, api_key: str) -> ApiKey | None:
        """One get."""
        item = self._engine.get(keys.api_key(api_key))
        return None if item is None else read_api_key(item)

    def key_named(self, api_key_id: str) -> ApiKey | None:
        """Two consistent gets: which public key the id names, and its record."""
        named = self._engine.get(keys.api_key_id(api_key_id), consistent=True)
        if named is None:
            return None
        item = self._engine.get(keys.api_key(Reading(named).text("api_key")), consistent=True)
        return None if item is None else read_api_key(item)

    def key_of_partner(self, api_key: str) -> KeyOfPartner | None:
        """One consistent read of both together: the public key names its partner."""
        key, partner = self._engine.get_many(
            [keys.api_key(api_key), keys.partner(parse_api_key(api_key))], consistent=True
        )
        if key is None or partner is None:
            return None
        return KeyOfPartner(read_api_key(key), read_partner(partner))

    def keys_of(self, partner_id: PartnerId) -> list[ApiKey]:
        """A query of the partner's list and a get of each key."""
        listed = [_listed_key(item) for item in every_item(self._engine, _keys_of(partner_id))]
        found = [self.key(api_key) for api_key in listed]
        return [key for key in found if key is not None]

    def keys_page(self, partner_id: PartnerId, page: PageRequest) -> Page[ApiKey]:
        """A query of the partner's list, and reads of the keys of the page together."""
        listed = one_page(self._engine, _keys_of(partner_id), page, _listed_key)
        found = self._read([keys.api_key(each) for each in listed.entries])
        return Page(tuple(map(read_api_key, found)), listed.next)

    def saving(self, partner: Partner, before: Partner | None, stamp: Stamp) -> list[Write]:
        """One conditional put, and for a new partner its line in the list of all."""
        exists = AlreadyExistsError("Partner", str(partner.partner_id))
        item = stamped(partner_item(partner), stamp)
        if before is not None:
            return [_changing(item, before.version, "Partner")]
        return [_adding(item, exists), _adding(partner_line_item(partner), exists)]

    def saving_key(self, key: ApiKey, before: ApiKey | None, stamp: Stamp) -> list[Write]:
        """One conditional put, and for a new key its line in the partner's list and what its id names."""
        exists = AlreadyExistsError("Key", key.api_key_id)
        item = stamped(api_key_item(key), stamp)
        if before is not None:
            return [_changing(item, before.version, "Key")]
        return [_adding(each, exists) for each in (item, partner_key_item(key), api_key_id_item(key))]

    def _read(self, wanted: Sequence[Key]) -> list[Item]:
        """Those that are there, 100 a read."""
        found: list[Item | None] = []
        for start in range(0, len(wanted), MAX_READ_KEYS):
            found += self._engine.get_many(wanted[start : start + MAX_READ_KEYS], consistent=True)
        return [item for item in found if item is not None]


def _keys_of(partner_id: PartnerId) -> Query:
    return Query(keys.partner(partner_id).partition, begins_with=keys.PARTNER_KEY_PREFIX, consistent=True)


def _listed_key(item: Item) -> str:
    return Reading(item).text("api_key")


def _listed(item: Item) -> PartnerId:
    return PartnerId.parse(Reading(item).text(SORT_KEY))


def _adding(item: Item, exists: DomainError) -> StagedWrite:
    """A put that must find nothing."""
    return StagedWrite(Put(item, ItemAbsent()), lambda _: exists)


def _changing(item: Item, version: int, subject: str) -> StagedWrite:
    """A put that must find that version, or itself."""

    def refused(old: Item | None) -> DomainError | None:
        return None if holds(old, item) else ConcurrentUpdateError(subject)

    return StagedWrite(Put(item, Equals("version", version)), refused)
