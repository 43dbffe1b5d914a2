"""Audit entries as items: one in its day, and copies where its partner's and its actor's are looked for."""

from collections.abc import Iterator

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading, instant_text, keyed, unix_s_after, well_formed
from quantleap.adapters.store.seam import Item, Key
from quantleap.adapters.store.table import TTL_ATTRIBUTE
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.audit.entry import AuditEntry
from quantleap.domain.audit.retention import AuditRetention
from quantleap.domain.identifiers import Mode, PartnerId

AUDIT_ENTRY, AUDIT_OF_PARTNER, AUDIT_BY_ACTOR = "AUDIT_ENTRY", "AUDIT_OF_PARTNER", "AUDIT_BY_ACTOR"


def audit_items(entry: AuditEntry, retention: AuditRetention) -> Iterator[Item]:
    """Every item that an entry is kept as."""
    attributes: Item = {
        "version": 1,
        "entry_id": entry.entry_id,
        "at": instant_text(entry.at),
        "action": entry.action.value,
        "subject": entry.subject_id,
        "mode": entry.mode.value,
        "actor": entry.actor,
        "request_id": entry.request_id,
        "partner": None if entry.partner_id is None else str(entry.partner_id),
        "changed": [*entry.changed],
        TTL_ATTRIBUTE: unix_s_after(entry.at + retention.span),
    }
    for entity_type, key in audit_keys(entry):
        yield keyed(key, entity_type, attributes)


def audit_keys(entry: AuditEntry) -> Iterator[tuple[str, Key]]:
    """The kinds of items that an entry is kept as, and where each stands."""
    yield AUDIT_ENTRY, keys.audit_entry(entry.mode, entry.at, entry.entry_id)
    if entry.partner_id is not None:
        yield AUDIT_OF_PARTNER, keys.audit_entry_of_partner(entry.partner_id, entry.at, entry.entry_id)
    if entry.actor is not None:
        yield AUDIT_BY_ACTOR, keys.audit_entry_by_actor(entry.mode, entry.actor, entry.at, entry.entry_id)


def read_audit_entry(item: Item) -> AuditEntry:
    """The entry of an item. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        partner = reading.maybe_text("partner")
        return AuditEntry(
            entry_id=reading.text("entry_id"),
            at=reading.instant("at"),
            action=AuditAction(reading.text("action")),
            subject_id=reading.text("subject"),
            mode=Mode(reading.text("mode")),
            actor=reading.maybe_text("actor"),
            request_id=reading.maybe_text("request_id"),
            partner_id=None if partner is None else PartnerId.parse(partner),
            changed=tuple(str(name) for name in reading.values("changed")),
        )
