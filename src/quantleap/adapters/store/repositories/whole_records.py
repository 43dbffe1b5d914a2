"""Items as records for verifying: what each says, and where its own facts say that it must stand."""

from collections.abc import Callable, Iterator, Mapping
from datetime import time

from quantleap.adapters.store import keys, table
from quantleap.adapters.store.records.allocations import allocation_item, read_allocation, read_allocation_copy
from quantleap.adapters.store.records.audit_entries import audit_keys, read_audit_entry
from quantleap.adapters.store.records.claims import read_claim
from quantleap.adapters.store.records.kept_answers import read_kept_answer
from quantleap.adapters.store.records.money import (
    ledger_key,
    read_charge,
    read_ledger_item,
    read_posted_key,
)
from quantleap.adapters.store.records.partners import read_api_key, read_partner
from quantleap.adapters.store.records.rate_limits import read_alert, read_bucket_partner
from quantleap.adapters.store.records.subscriptions import read_location, read_subscription, subscription_item
from quantleap.adapters.store.records.templates import (
    read_basket_filing,
    read_strategy_item,
    strategy_basket,
    strategy_ids,
)
from quantleap.adapters.store.records.values import Reading, keyed, well_formed
from quantleap.adapters.store.repositories.counters import COUNTERS_OF_A_PARTNER
from quantleap.adapters.store.seam import Item, Key
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.marketplace.schedule import RunKind, ScheduleEntry
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.ports.counters import Counted, StatusCount
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.kept_answers import AnswerPlace
from quantleap.ports.verification import (
    KeyLine,
    KeyName,
    LiveHolder,
    LiveMarker,
    Misfiled,
    PostedMarker,
    Record,
    ScheduleLine,
    StoredAllocation,
    StoredBasket,
    StoredCharge,
    StoredClaim,
    StoredCount,
    StoredKey,
    StoredStrategy,
    StoredTransaction,
)

_FILED_BY = frozenset(
    {table.PARTITION_KEY, table.SORT_KEY}.union(*((index.partition, index.sort) for index in table.INDEXES))
) - {table.SUBSCRIBER_COUNT}
"""Every attribute that is a key, of the table or of an index, but the one that is a counter."""


def _misfiled(item: Item, filed: Mapping[str, object]) -> Iterator[Misfiled]:
    """What differs between the item's keys and those that its facts give; a key that it must not have included."""
    for attribute in sorted(_FILED_BY):
        if item.get(attribute) != filed.get(attribute):
            yield Misfiled(f"item {item[table.SORT_KEY]}", attribute)


def _at(key: Key, **index_keys: str | None) -> Item:
    """The keys of an item at that key, in the indexes that are named."""
    return keyed(key, "", index_keys)


def _mode(reading: Reading) -> Mode:
    return Mode.TEST if reading.text(table.PARTITION_KEY).startswith(keys.TEST_PREFIX) else Mode.LIVE


def _user(reading: Reading) -> Email:
    return Email.trusted(keys.without_mode(reading.text(table.PARTITION_KEY)))


def _id(reading: Reading) -> str:
    """What follows the sort key's last mark."""
    return reading.text(table.SORT_KEY).rpartition("#")[2]


def _place(key: Key) -> str:
    return f"{key.partition} {key.sort}"


def _holder(mode: Mode, user: Email, basket_id: str) -> str:
    return _place(keys.live_marker(mode, user, basket_id))


# Subscriptions


def _subscription(item: Item) -> Iterator[Record]:
    subscription, allocation = read_subscription(item), read_allocation_copy(item)
    terms = subscription.terms
    yield LiveHolder(_holder(terms.mode, terms.user, terms.basket_id), subscription, allocation)
    yield from _misfiled(item, subscription_item(subscription, allocation))


def _location(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    location = read_location(_mode(reading), _id(reading), item)
    yield location
    address = location.address
    yield from _misfiled(item, _at(keys.subscription_location(address.mode, address.subscription_id)))


def _marker(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    key = keys.live_marker(_mode(reading), _user(reading), _id(reading))
    with well_formed(item):
        partner = reading.maybe_text("live_partner")
        partner_id = None if partner is None else PartnerId.parse(partner)
    yield LiveMarker(_place(key), reading.text("live_subscription"), partner_id)
    yield from _misfiled(item, _at(key))


def _allocation(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    mode, user, basket_id, allocation = _mode(reading), _user(reading), _id(reading), read_allocation(item)
    yield StoredAllocation(_holder(mode, user, basket_id), allocation)
    yield from _misfiled(item, allocation_item(mode, user, basket_id, allocation))


# Counters


def _partner_counters(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    with well_formed(item):
        partner_id = PartnerId.parse(reading.text("partner"))
    for status, attribute in COUNTERS_OF_A_PARTNER.items():
        if attribute in item:
            yield _count(StatusCount(partner_id, status), item, attribute)
    yield from _misfiled(item, _at(keys.partner_counters(partner_id)))


def _count(of: Counted, item: Item, attribute: str) -> StoredCount:
    try:
        return StoredCount(of, Reading(item).number(attribute))
    except CorruptDataError:
        return StoredCount(of, None)


def _checkpoint(item: Item) -> Iterator[Record]:
    """What it says is read by whoever counts."""
    yield from _misfiled(item, _at(keys.COUNTERS_CHECKPOINT))


# The audit trail


def _audit_entry(item: Item) -> Iterator[Record]:
    entry = read_audit_entry(item)
    key = dict(audit_keys(entry)).get(str(item["entity_type"]))
    if key is None:
        raise Reading(item).corrupt("entity_type", "is not one that the entry is kept as")
    yield from _misfiled(item, _at(key))


def _audit_checkpoint(item: Item) -> Iterator[Record]:
    """What it says is read by whoever follows."""
    yield from _misfiled(item, _at(keys.AUDIT_CHECKPOINT))


def _removal(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    with well_formed(item):
        action = AuditAction(reading.text("action"))
    key = keys.removal(_mode(reading), reading.text("request_id"), action, reading.text("subject"))
    yield from _misfiled(item, _at(key))


# Keys of the platform


def _claim(item: Item) -> Iterator[Record]:
    yield StoredClaim(read_claim(item))
    yield from _misfiled(item, _at(keys.CLAIM))


# Money


def _charge(item: Item) -> Iterator[Record]:
    mode, charge = _mode(Reading(item)), read_charge(item)
    yield StoredCharge(mode, charge)
    yield from _misfiled(item, _at(keys.charge(mode, charge.charge_id)))


def _posting(item: Item) -> Iterator[Record]:
    transaction = read_ledger_item(item)
    yield StoredTransaction(_place(Key(str(item[table.PARTITION_KEY]), str(item[table.SORT_KEY]))), transaction)
    yield from _misfiled(item, _at(ledger_key(transaction)))


def _posted(item: Item) -> Iterator[Record]:
    transaction_id = Reading(item).text(table.PARTITION_KEY).rpartition("#")[2]
    yield PostedMarker(transaction_id, _place(read_posted_key(item)))
    yield from _misfiled(item, _at(keys.posted_transaction(transaction_id)))


# Templates


def _basket(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    yield _count(_id(reading), item, table.SUBSCRIBER_COUNT)
    filed = read_basket_filing(item)
    yield StoredBasket(_user(reading), _id(reading), reading.number("version"), tuple(strategy_ids(item)))
    yield from _misfiled(item, filed)


def _strategy(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    owner, strategy = _user(reading), read_strategy_item(item)
    yield StoredStrategy(owner, strategy_basket(item), reading.number("version"), strategy)
    yield from _misfiled(item, _at(keys.strategy(owner, strategy.strategy_id)))


_WEEKDAYS = {weekday.code: weekday for weekday in Weekday}


def _schedule(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    with well_formed(item):
        _, day, minute, kind, strategy_id = reading.text(table.SORT_KEY).split("#")
        if day not in _WEEKDAYS:
            raise reading.corrupt(table.SORT_KEY, "names no weekday")
        entry = ScheduleEntry(_WEEKDAYS[day], time.fromisoformat(minute), RunKind(kind), strategy_id)
    yield ScheduleLine(
        _user(reading), entry, reading.text("strategy_id"), reading.text("template_basket"), reading.text("status")
    )
    key = keys.schedule_entry(_user(reading), entry)
    yield from _misfiled(item, _at(key, schedule_key=key.sort))


# Partners


def _partner(item: Item) -> Iterator[Record]:
    yield from _misfiled(item, _at(keys.partner(read_partner(item).partner_id)))


def _api_key(item: Item) -> Iterator[Record]:
    key = read_api_key(item)
    yield StoredKey(key.partner_id, key.api_key_id, key.api_key)
    yield from _misfiled(item, _at(keys.api_key(key.api_key)))


def _partner_key(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    with well_formed(item):
        partner_id = PartnerId.parse(reading.text(table.PARTITION_KEY).removeprefix("PARTNER#"))
    yield KeyLine(partner_id, _id(reading), reading.text("api_key"))
    yield from _misfiled(item, _at(keys.partner_key(partner_id, _id(reading))))


def _rate_limit(item: Item) -> Iterator[Record]:
    yield from _misfiled(item, _at(keys.rate_limit(read_bucket_partner(item))))


def _rate_limit_alert(item: Item) -> Iterator[Record]:
    alert = read_alert(item)
    yield from _misfiled(item, _at(keys.rate_limit_alert(alert.partner_id, alert.at)))


# Answers


def _kept_answer(item: Item) -> Iterator[Record]:
    """Its partition, but for the mode, is a digest of what is stored nowhere."""
    reading = Reading(item)
    place = AnswerPlace(_mode(reading), reading.text(table.PARTITION_KEY).rpartition("#")[2])
    read_kept_answer(place, item)
    yield from _misfiled(item, _at(keys.kept_answer(place.mode, place.scope)))


def _partner_line(item: Item) -> Iterator[Record]:
    with well_formed(item):
        partner_id = PartnerId.parse(_id(Reading(item)))
    yield from _misfiled(item, _at(keys.partner_line(partner_id)))


def _api_key_id(item: Item) -> Iterator[Record]:
    reading = Reading(item)
    api_key_id = reading.text(table.PARTITION_KEY).rpartition("#")[2]
    yield KeyName(api_key_id, reading.text("api_key"))
    yield from _misfiled(item, _at(keys.api_key_id(api_key_id)))


COUNTED: Mapping[str, Callable[[Item], Iterator[Record]]] = {
    "SUBSCRIPTION": _subscription,
    "PARTNER_COUNTERS": _partner_counters,
    "BASKET": _basket,
}
"""Readers of what counters are made from, by entity type."""

READERS: Mapping[str, Callable[[Item], Iterator[Record]]] = {
    **COUNTED,
    "SUBSCRIPTION_LOCATION": _location,
    "LIVE_SUBSCRIPTION": _marker,
    "BASKET_ALLOCATION": _allocation,
    "CHECKPOINT": _checkpoint,
    "AUDIT_ENTRY": _audit_entry,
    "AUDIT_OF_PARTNER": _audit_entry,
    "AUDIT_BY_ACTOR": _audit_entry,
    "AUDIT_CHECKPOINT": _audit_checkpoint,
    "REMOVAL": _removal,
    "CLAIM": _claim,
    "CHARGE": _charge,
    "LEDGER": _posting,
    "POSTED_TRANSACTION": _posted,
    "STRATEGY": _strategy,
    "SCHEDULE": _schedule,
    "PARTNER": _partner,
    "API_KEY": _api_key,
    "PARTNER_KEY": _partner_key,
    "PARTNER_LINE": _partner_line,
    "API_KEY_ID": _api_key_id,
    "RATE_LIMIT": _rate_limit,
    "RATE_LIMIT_ALERT": _rate_limit_alert,
    "KEPT_ANSWER": _kept_answer,
}
"""Every kind of item that this library writes, and how it is read. A reader raises CorruptDataError."""
