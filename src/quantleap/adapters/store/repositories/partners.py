"""Partners and API keys over any engine."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.partners import (
    api_key_item,
    partner_item,
    partner_key_item,
    read_api_key,
    read_partner,
)
from quantleap.adapters.store.records.values import Reading
from quantleap.adapters.store.repositories.paging import every_item
from quantleap.adapters.store.seam import Condition, Engine, Equals, Item, ItemAbsent, Put, Query
from quantleap.adapters.store.unit_of_work import StagedWrite
from quantleap.domain.errors import AlreadyExistsError, ConcurrentUpdateError, DomainError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.partner import Partner
from quantleap.ports.unit_of_work import Write


class StoredPartners:
    """See `quantleap.ports.partners.Partners`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, partner_id: PartnerId) -> Partner | None:
        """One consistent get."""
        item = self._engine.get(keys.partner(partner_id), consistent=True)
        return None if item is None else read_partner(item)

    def key(self, api_key: str) -> ApiKey | None:
        """One get."""
        item = self._engine.get(keys.api_key(api_key))
        return None if item is None else read_api_key(item)

    def keys_of(self, partner_id: PartnerId) -> list[ApiKey]:
        """A query of the partner's list and a get of each key."""
        query = Query(keys.partner(partner_id).partition, begins_with=keys.PARTNER_KEY_PREFIX, consistent=True)
        listed = [Reading(item).text("api_key") for item in every_item(self._engine, query)]
        found = [self.key(api_key) for api_key in listed]
        return [key for key in found if key is not None]

    def saving(self, partner: Partner, before: Partner | None) -> list[Write]:
        """One conditional put."""
        exists = AlreadyExistsError("Partner", str(partner.partner_id))
        return [_replacing(partner_item(partner), None if before is None else before.version, exists)]

    def saving_key(self, key: ApiKey, before: ApiKey | None) -> list[Write]:
        """One conditional put, and for a new key its line in the partner's list."""
        exists = AlreadyExistsError("Key", key.api_key_id)
        record = _replacing(api_key_item(key), None if before is None else before.version, exists)
        if before is not None:
            return [record]
        return [record, _replacing(partner_key_item(key), None, exists)]


def _replacing(item: Item, version: int | None, exists: DomainError) -> StagedWrite:
    """A put that must find that version, or nothing where there was none."""
    condition: Condition = ItemAbsent() if version is None else Equals("version", version)

    def refused(_: Item | None) -> DomainError:
        return exists if version is None else ConcurrentUpdateError(str(exists.details().get("kind")))

    return StagedWrite(Put(item, condition), refused)
