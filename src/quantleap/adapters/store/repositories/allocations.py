"""Allocations over any engine."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.allocations import allocation_item, allocation_map, read_allocation
from quantleap.adapters.store.records.removals import removal_write
from quantleap.adapters.store.records.values import Reading, stamped
from quantleap.adapters.store.seam import Check, Delete, Engine, Equals, Item, ItemAbsent, ItemPresent, Put, Update
from quantleap.adapters.store.unit_of_work import StagedWrite
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.errors import ConcurrentUpdateError, DomainError
from quantleap.domain.identifiers import Email, Mode
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.subscriptions.history import Stamp
from quantleap.ports.unit_of_work import Write


class StoredAllocations:
    """See `quantleap.ports.subscriptions.Allocations`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, mode: Mode, user: Email, basket_id: str) -> Allocation | None:
        """One consistent get."""
        item = self._engine.get(keys.allocation(mode, user, basket_id), consistent=True)
        return None if item is None else read_allocation(item)

    def replacing(
        self, mode: Mode, user: Email, basket_id: str, allocation: Allocation | None, stamp: Stamp
    ) -> list[Write]:
        """One get of the marker; then the allocation, its copy on the live subscription, the marker unchanged."""
        marker_key = keys.live_marker(mode, user, basket_id)
        marker = self._engine.get(marker_key, consistent=True)

        def moved_on(_: Item | None) -> DomainError:
            return ConcurrentUpdateError(f"subscription of basket {basket_id}")

        if allocation is None:
            writes: list[Write] = [
                StagedWrite(Delete(keys.allocation(mode, user, basket_id)), moved_on),
                removal_write(mode, AuditAction.ALLOCATION_REMOVED, basket_id, stamp),
            ]
        else:
            item = stamped(allocation_item(mode, user, basket_id, allocation), stamp)
            writes = [StagedWrite(Put(item), moved_on)]
        if marker is None:
            return [*writes, StagedWrite(Check(marker_key, ItemAbsent()), moved_on)]
        live = Reading(marker).text("live_subscription")
        copy = Update(
            keys.subscription(mode, user, live),
            assign={} if allocation is None else {"allocation": allocation_map(allocation)},
            add={"version": 1},
            remove=("allocation",) if allocation is None else (),
            condition=ItemPresent(),
        )
        unchanged = Check(marker_key, Equals("live_subscription", live))
        return [*writes, StagedWrite(copy, moved_on), StagedWrite(unchanged, moved_on)]
