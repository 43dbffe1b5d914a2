"""Counters over any engine: added to and checkpointed in one transaction, so that each change counts once."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.templates import SUBSCRIBER_COUNT
from quantleap.adapters.store.records.values import Reading
from quantleap.adapters.store.seam import Condition, Engine, Equals, Item, ItemAbsent, ItemPresent, Update
from quantleap.adapters.store.unit_of_work import StagedWrite
from quantleap.domain.errors import ConcurrentUpdateError, DomainError
from quantleap.domain.identifiers import Email, PartnerId
from quantleap.ports.counters import LiveDeltas
from quantleap.ports.unit_of_work import Write

LIVE_SUBSCRIPTIONS = "live_subscriptions"


class StoredCounters:
    """See `quantleap.ports.counters.Counters`."""

    def __init__(self, engine: Engine, owner: Email) -> None:
        self._engine = engine
        self._owner = owner

    def live_of(self, partner_id: PartnerId) -> int:
        """One get."""
        item = self._engine.get(keys.partner_counters(partner_id))
        return 0 if item is None else Reading(item).number(LIVE_SUBSCRIPTIONS)

    def checkpoint(self) -> str | None:
        """One consistent get."""
        item = self._engine.get(keys.COUNTERS_CHECKPOINT, consistent=True)
        return None if item is None else Reading(item).text("position")

    def counting(self, deltas: LiveDeltas, *, since: str | None, until: str) -> list[Write]:
        """An addition to each counter, and the checkpoint on condition that it has not moved."""
        unmoved: Condition = ItemAbsent() if since is None else Equals("position", since)

        def overtaken(_: Item | None) -> DomainError:
            return ConcurrentUpdateError("counters")

        writes: list[Write] = [
            StagedWrite(
                Update(
                    keys.COUNTERS_CHECKPOINT,
                    assign={"entity_type": "CHECKPOINT", "position": until},
                    add={"version": 1},
                    condition=unmoved,
                ),
                overtaken,
            )
        ]
        for partner_id, delta in deltas.by_partner.items():
            update = Update(
                keys.partner_counters(partner_id),
                assign={"entity_type": "PARTNER_COUNTERS", "partner": str(partner_id)},
                add={LIVE_SUBSCRIPTIONS: delta, "version": 1},
            )
            writes.append(StagedWrite(update, overtaken))
        for basket_id, delta in deltas.by_basket.items():
            counted = Update(
                keys.basket(self._owner, basket_id), add={SUBSCRIBER_COUNT: delta}, condition=ItemPresent()
            )
            drift = f"basket {basket_id} has subscribers and is gone"
            writes.append(StagedWrite(counted, overtaken, drift=drift))
        return writes
