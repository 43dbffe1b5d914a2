"""From the images of a changed item to the audit entry that tells of it."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from hmac import digest

from quantleap.adapters.store.records.audited_records import (
    Told,
    allocation,
    api_key,
    basket,
    partner,
    rate_limit,
    removal,
)
from quantleap.adapters.store.records.subscriptions import read_subscription
from quantleap.adapters.store.records.values import Reading, well_formed
from quantleap.adapters.store.seam import Change, Item, Key
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.audit.entry import AuditEntry, told_as
from quantleap.domain.subscriptions.events import SubscriptionEventKind, events_between


def audit_entry_of(change: Change, pseudonym_key: bytes) -> AuditEntry | None:
    """The entry; None where the change is of a kind that is not told, or of nothing that anybody decided.

    Raises CorruptDataError.
    """
    new = change.new
    teller = None if new is None else _TELLERS.get(str(new.get("entity_type")))
    if new is None or teller is None:
        return None
    with well_formed(new):
        told = teller(change.old, new)
        return None if told is None else _entry(change, new, told, pseudonym_key)


def _entry(change: Change, new: Item, told: Told, pseudonym_key: bytes) -> AuditEntry:
    before = None if change.old is None else Reading(change.old).maybe_number("version")
    version = Reading(new).maybe_number("version")
    item = _pseudonym(change.key, pseudonym_key)
    return AuditEntry(
        entry_id=told_as((item, before, version, told.action, told.at.isoformat(), told.request_id)),
        at=told.at,
        action=told.action,
        subject_id=told.subject_id,
        mode=told.mode,
        actor=told.actor,
        request_id=told.request_id,
        partner_id=told.partner_id,
        changed=told.changed,
    )


def _pseudonym(key: Key, pseudonym_key: bytes) -> str:
    """A partition may be an email, of which a plain hash could be guessed."""
    return digest(pseudonym_key, f"{key.partition}\n{key.sort}".encode(), sha256).hex()


_OF_EVENT = {
    SubscriptionEventKind.CREATED: AuditAction.SUBSCRIPTION_CREATED,
    SubscriptionEventKind.PAUSED: AuditAction.SUBSCRIPTION_PAUSED,
    SubscriptionEventKind.RESUMED: AuditAction.SUBSCRIPTION_RESUMED,
    SubscriptionEventKind.CANCELLED: AuditAction.SUBSCRIPTION_CANCELLED,
    SubscriptionEventKind.EXPIRED: AuditAction.SUBSCRIPTION_EXPIRED,
}


def _subscription(old: Item | None, new: Item) -> Told | None:
    before, after = None if old is None else read_subscription(old), read_subscription(new)
    for event in events_between(before, after):
        if event.kind in _OF_EVENT:
            stamp, terms = after.history[-1].stamp, after.terms
            return Told(
                action=_OF_EVENT[event.kind],
                subject_id=terms.subscription_id,
                mode=terms.mode,
                at=stamp.at,
                actor=stamp.changed_by,
                request_id=stamp.request_id,
                partner_id=terms.partner_id,
                changed=() if before is None else ("status",),
            )
    return None


_TELLERS: Mapping[str, Callable[[Item | None, Item], Told | None]] = {
    "SUBSCRIPTION": _subscription,
    "BASKET_ALLOCATION": allocation,
    "BASKET": basket,
    "PARTNER": partner,
    "API_KEY": api_key,
    "RATE_LIMIT_ALERT": rate_limit,
    "REMOVAL": removal,
}
"""How the images of each kind of item that is audited are read."""
