"""The claim on a store, over any engine."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.claims import claim_item, read_claim
from quantleap.adapters.store.seam import Engine, Item, ItemAbsent, Put
from quantleap.adapters.store.unit_of_work import StagedWrite
from quantleap.domain.errors import ConcurrentUpdateError, DomainError
from quantleap.ports.secrets import KeysFingerprint
from quantleap.ports.unit_of_work import Write


class StoredClaims:
    """See `quantleap.ports.claims.Claims`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def fingerprint(self) -> KeysFingerprint | None:
        """One consistent get."""
        item = self._engine.get(keys.CLAIM, consistent=True)
        return None if item is None else read_claim(item)

    def claiming(self, fingerprint: KeysFingerprint) -> list[Write]:
        """One put, of what must not be there."""
        item = claim_item(fingerprint)

        def claimed(there: Item | None) -> DomainError | None:
            return None if there == item else ConcurrentUpdateError("claim on the store")

        return [StagedWrite(Put(item, ItemAbsent()), claimed)]
