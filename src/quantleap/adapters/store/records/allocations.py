"""Allocations as items, and as the copy that a subscription's item has."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading, keyed, well_formed, without_absent
from quantleap.adapters.store.seam import Item, Value
from quantleap.domain.identifiers import Email, Mode
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import Multiplier


def allocation_item(mode: Mode, user: Email, basket_id: str, allocation: Allocation) -> Item:
    """A user's broker accounts for a basket."""
    return keyed(
        keys.allocation(mode, user, basket_id),
        "BASKET_ALLOCATION",
        {
            "version": 1,
            "basket_id": keys.in_mode(mode, basket_id),
            "entity_type_priority": "BASKET_ALLOCATION",
            "allocation": allocation_map(allocation),
        },
    )


def allocation_map(allocation: Allocation) -> dict[str, Value]:
    """Short names: this map rides on every row that a planner reads."""
    return {"mode": allocation.mode.value, "accounts": [_account_map(account) for account in allocation.accounts]}


def _account_map(account: BrokerAccount) -> dict[str, Value]:
    return without_absent(
        {
            "broker": account.broker_id,
            "account": account.broker_account_id,
            "priority": account.priority,
            "micros": None if account.lot_multiplier is None else account.lot_multiplier.micros,
            "weight": account.weight,
            "cap": account.cap_units,
            "slice": account.max_lots_per_order,
        }
    )


def read_allocation(item: Item) -> Allocation:
    """The allocation of an allocation item. Raises CorruptDataError."""
    with well_formed(item):
        return read_allocation_of(Reading(item))


def read_allocation_copy(item: Item) -> Allocation | None:
    """The allocation that a subscription item has a copy of. Raises CorruptDataError."""
    return read_allocation(item) if "allocation" in item else None


def read_allocation_of(holder: Reading) -> Allocation:
    reading = Reading(holder.mapping("allocation"))
    return Allocation(
        mode=AllocationMode(reading.text("mode")),
        accounts=tuple(_read_account(account) for account in reading.readings("accounts")),
    )


def _read_account(reading: Reading) -> BrokerAccount:
    micros = reading.maybe_number("micros")
    return BrokerAccount(
        broker_id=reading.text("broker"),
        broker_account_id=reading.text("account"),
        priority=reading.number("priority"),
        lot_multiplier=None if micros is None else Multiplier(micros),
        weight=reading.maybe_number("weight"),
        cap_units=reading.maybe_number("cap"),
        max_lots_per_order=reading.maybe_number("slice"),
    )
