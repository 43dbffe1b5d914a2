"""What the images of a record say of its change: the record carries the stamp of whoever wrote it so."""

import json
from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, frozen

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading
from quantleap.adapters.store.seam import Item
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.marketplace.listing import ListingStatus


@frozen
class Told:
    """All of an audit entry but its id."""

    action: AuditAction
    subject_id: str
    mode: Mode
    at: datetime
    actor: str | None = None
    request_id: str | None = None
    partner_id: PartnerId | None = None
    changed: tuple[str, ...] = ()


_BOOKKEEPING = frozenset(
    {
        PARTITION_KEY,
        SORT_KEY,
        "entity_type",
        "version",
        "changed_at",
        "changed_by",
        "request_id",
        "updated_at",
        "subscriber_count",
        "marketplace_category",
        "strategy_ids",
    }
)
"""Attributes that change with another, or that nobody decides."""

_PUBLISHED = {
    "broker": "broker_id",
    "expires_at_instant": "expires_at",
    "hash_key_version": "secret",
    "secret_digest": "secret",
    "strategy_digests": "strategies",
}
"""Attributes that have another name for whoever reads the trail."""

_INSTANTS = ("updated_at", "revoked_at", "created_at")
"""A record that was written before records had stamps changed at the newest of these."""


def allocation(old: Item | None, new: Item) -> Told | None:
    """A user's broker accounts for a basket."""
    mode, basket_id = _mode(new), Reading(new).text(SORT_KEY).rpartition("#")[2]
    if old is None:
        return _stamped(AuditAction.ALLOCATION_CREATED, basket_id, mode, new)
    changed = _differing(Reading(old).mapping("allocation"), Reading(new).mapping("allocation"))
    return _stamped(AuditAction.ALLOCATION_CHANGED, basket_id, mode, new, changed) if changed else None


_LISTED_AS = {
    ListingStatus.LISTED: AuditAction.BASKET_LISTED,
    ListingStatus.TAKEN_OFF: AuditAction.BASKET_TAKEN_OFF,
    ListingStatus.RETIRED: AuditAction.BASKET_RETIRED,
}


def basket(old: Item | None, new: Item) -> Told | None:
    """A template basket, its strategies by whether they differ."""
    basket_id = Reading(new).text(SORT_KEY).rpartition("#")[2]
    if old is None:
        return _stamped(AuditAction.BASKET_CREATED, basket_id, Mode.LIVE, new)
    changed = _differing(_opened(old), _opened(new))
    if not changed:
        return None
    action = AuditAction.BASKET_CHANGED
    if "listing_status" in changed:
        action = _LISTED_AS.get(ListingStatus(Reading(new).text("listing_status")), action)
    return _stamped(action, basket_id, Mode.LIVE, new, changed)


def partner(old: Item | None, new: Item) -> Told | None:
    """A partner in one mode."""
    partner_id = _partner_id(new)
    if old is None:
        told = _stamped(AuditAction.PARTNER_CREATED, str(partner_id), partner_id.mode, new)
    elif changed := _differing(old, new):
        told = _stamped(AuditAction.PARTNER_CHANGED, str(partner_id), partner_id.mode, new, changed)
    else:
        return None
    return None if told is None else evolve(told, partner_id=partner_id)


def api_key(old: Item | None, new: Item) -> Told | None:
    """A key pair, under the id that is no credential."""
    partner_id, api_key_id = _partner_id(new), Reading(new).text("api_key_id")
    changed = () if old is None else _differing(old, new)
    if old is None:
        action = AuditAction.PARTNER_KEY_CREATED
    elif "revoked_at" in changed:
        action = AuditAction.PARTNER_KEY_REVOKED
    elif "overlap_until" in changed:
        action = AuditAction.PARTNER_KEY_ROTATED
    elif changed:
        action = AuditAction.PARTNER_KEY_CHANGED
    else:
        return None
    told = _stamped(action, api_key_id, partner_id.mode, new, changed)
    return None if told is None else evolve(told, partner_id=partner_id)


def rate_limit(old: Item | None, new: Item) -> Told | None:
    """That a partner kept asking for more than was agreed: its own doing."""
    if old is not None:
        return None
    partner_id = _partner_id(new)
    return Told(
        AuditAction.RATE_LIMIT_EXCEEDED,
        str(partner_id),
        partner_id.mode,
        Reading(new).instant("alerted_at"),
        actor=str(partner_id),
        partner_id=partner_id,
    )


def removal(old: Item | None, new: Item) -> Told | None:
    """That another record is gone; when this one goes, nobody did anything."""
    if old is not None:
        return None
    reading = Reading(new)
    return _stamped(AuditAction(reading.text("action")), reading.text("subject"), _mode(new), new)


def _stamped(action: AuditAction, subject_id: str, mode: Mode, new: Item, changed: tuple[str, ...] = ()) -> Told | None:
    """Told as of the record's stamp. A record that says no instant at all is not told of: no entry could be found."""
    reading = Reading(new)
    at = reading.maybe_instant("changed_at") or _newest_instant(reading)
    if at is None:
        return None
    return Told(
        action,
        subject_id,
        mode,
        at,
        actor=reading.maybe_text("changed_by"),
        request_id=reading.maybe_text("request_id"),
        changed=changed,
    )


def _newest_instant(reading: Reading) -> datetime | None:
    return max((reading.instant(name) for name in _INSTANTS if reading.has(name)), default=None)


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, ...]:
    """The names of what is not the same in both, as they are published."""
    names = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} - _BOOKKEEPING
    return tuple({_PUBLISHED.get(name, name) for name in names})


def _opened(item: Item) -> dict[str, object]:
    """A basket's item with the fields of its document in the document's place."""
    fields = {name: value for name, value in item.items() if name != "document"}
    return {**fields, **json.loads(Reading(item).text("document"))}


def _mode(item: Item) -> Mode:
    return Mode.TEST if Reading(item).text(PARTITION_KEY).startswith(keys.TEST_PREFIX) else Mode.LIVE


def _partner_id(item: Item) -> PartnerId:
    return PartnerId.parse(Reading(item).text("partner"))
