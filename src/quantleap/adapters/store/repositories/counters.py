"""Counters over any engine: added to and checkpointed in one transaction, so that each change counts once."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading, instant_text, without_absent
from quantleap.adapters.store.seam import (
    AllOf,
    Check,
    Condition,
    Engine,
    Equals,
    Item,
    ItemPresent,
    Missing,
    Update,
)
from quantleap.adapters.store.table import SUBSCRIBER_COUNT
from quantleap.adapters.store.unit_of_work import StagedWrite
from quantleap.domain.errors import ConcurrentUpdateError, DomainError
from quantleap.domain.identifiers import Email, PartnerId
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.ports.counters import Checkpoint, Counted, RecountMark, StatusCount
from quantleap.ports.unit_of_work import Write

COUNTERS_OF_A_PARTNER: Mapping[SubscriptionStatus, str] = MappingProxyType(
    {status: f"{status.lower()}_subscriptions" for status in SubscriptionStatus}
)
"""The attribute that counts each status. An absent one is 0."""


class StoredCounters:
    """See `quantleap.ports.counters.Counters`."""

    def __init__(self, engine: Engine, owner: Email) -> None:
        self._engine = engine
        self._owner = owner

    def of_partner(self, partner_id: PartnerId) -> Mapping[SubscriptionStatus, int]:
        """One get."""
        reading = Reading(self._engine.get(keys.partner_counters(partner_id)) or {})
        return {status: reading.maybe_number(name) or 0 for status, name in COUNTERS_OF_A_PARTNER.items()}

    def has_template(self, basket_id: str) -> bool:
        """One consistent get."""
        return self._engine.get(keys.basket(self._owner, basket_id), consistent=True) is not None

    def checkpoint(self) -> Checkpoint:
        """One consistent get."""
        item = self._engine.get(keys.COUNTERS_CHECKPOINT, consistent=True)
        if item is None:
            return Checkpoint()
        reading = Reading(item)
        token = reading.maybe_text("recount")
        return Checkpoint(
            reading.maybe_text("position"),
            reading.maybe_instant("saved_at"),
            None if token is None else RecountMark(token, reading.instant("recount_since")),
        )

    def counting(self, deltas: Mapping[Counted, int], *, since: str | None, until: str, at: datetime) -> list[Write]:
        """An addition to each counter, and the checkpoint on condition that it has not moved and is not held."""
        moved = Update(
            keys.COUNTERS_CHECKPOINT,
            assign={"entity_type": "CHECKPOINT", "position": until, "saved_at": instant_text(at)},
            add={"version": 1},
            condition=_stands_at(Checkpoint(since)),
        )
        of_partners, of_baskets = _apart(deltas)
        return [
            StagedWrite(moved, _overtaken),
            *(_of_partner(partner_id, assign={}, add=added) for partner_id, added in of_partners.items()),
            *(self._of_basket(of, assign={}, add={SUBSCRIBER_COUNT: delta}) for of, delta in of_baskets.items()),
        ]

    def marking(self, mark: RecountMark, *, only_from: Checkpoint | None) -> list[Write]:
        """One update of the checkpoint."""
        marked = Update(
            keys.COUNTERS_CHECKPOINT,
            assign={"entity_type": "CHECKPOINT", "recount": mark.token, "recount_since": instant_text(mark.since)},
            add={"version": 1},
            condition=None if only_from is None else _stands_at(only_from),
        )
        return [StagedWrite(marked, _overtaken)]

    def correcting(self, counts: Mapping[Counted, int], mark: RecountMark) -> list[Write]:
        """An assignment to each counter, on condition that the checkpoint is held by that recount."""
        held = StagedWrite(Check(keys.COUNTERS_CHECKPOINT, Equals("recount", mark.token)), _overtaken)
        of_partners, of_baskets = _apart(counts)
        return [
            held,
            *(_of_partner(partner_id, assign=counted, add={}) for partner_id, counted in of_partners.items()),
            *(self._of_basket(of, assign={SUBSCRIBER_COUNT: count}, add={}) for of, count in of_baskets.items()),
        ]

    def unmarking(self, mark: RecountMark, *, until: str | None, at: datetime) -> list[Write]:
        """One update of the checkpoint, on the same condition."""
        assigned = without_absent({"position": until, "saved_at": instant_text(at)})
        freed = Update(
            keys.COUNTERS_CHECKPOINT,
            assign=assigned,
            add={"version": 1},
            remove=("recount", "recount_since", *({"position"} - assigned.keys())),
            condition=Equals("recount", mark.token),
        )
        return [StagedWrite(freed, _overtaken)]

    def _of_basket(self, basket_id: str, *, assign: Mapping[str, int], add: Mapping[str, int]) -> StagedWrite:
        """A write that is left out where the basket is gone."""
        update = Update(keys.basket(self._owner, basket_id), assign=assign, add=add, condition=ItemPresent())
        return StagedWrite(update, _overtaken, drift=f"basket {basket_id} has subscribers and is gone")


def _apart(counters: Mapping[Counted, int]) -> tuple[dict[PartnerId, dict[str, int]], dict[str, int]]:
    """Numbers of partners, each with those of its item by attribute, and of baskets."""
    of_partners: dict[PartnerId, dict[str, int]] = {}
    of_baskets: dict[str, int] = {}
    for of, number in counters.items():
        if isinstance(of, StatusCount):
            of_partners.setdefault(of.partner_id, {})[COUNTERS_OF_A_PARTNER[of.status]] = number
        else:
            of_baskets[of] = number
    return of_partners, of_baskets


def _of_partner(partner_id: PartnerId, *, assign: Mapping[str, int], add: Mapping[str, int]) -> StagedWrite:
    update = Update(
        keys.partner_counters(partner_id),
        assign={"entity_type": "PARTNER_COUNTERS", "partner": str(partner_id), **assign},
        add={"version": 1, **add},
    )
    return StagedWrite(update, _overtaken)


def _overtaken(_: Item | None) -> DomainError:
    return ConcurrentUpdateError("counters")


def _stands_at(checkpoint: Checkpoint) -> Condition:
    """The checkpoint is at that position and held by that recount, or by none."""
    position, mark = checkpoint.position, checkpoint.recount
    return AllOf(
        (
            Missing("position") if position is None else Equals("position", position),
            Missing("recount") if mark is None else Equals("recount", mark.token),
        )
    )
