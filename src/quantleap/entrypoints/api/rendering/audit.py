"""Audit entries as documents."""

from typing import Any

from quantleap.domain.audit.entry import AuditEntry
from quantleap.entrypoints.api.listing import Listed


def page_document(found: Listed[AuditEntry]) -> dict[str, Any]:
    """A page. How many there are in all is not told: it would have to be counted."""
    return {
        "entries": [entry_document(entry) for entry in found.page.entries],
        "limit": found.request.limit,
        "next_cursor": found.page.next_cursor,
    }


def entry_document(entry: AuditEntry) -> dict[str, Any]:
    """One entry; what is not known of it is null."""
    return {
        "entry_id": entry.entry_id,
        "timestamp": entry.at,
        "action": entry.action,
        "subject_kind": entry.action.subject_kind,
        "subject_id": entry.subject_id,
        "mode": entry.mode,
        "partner_id": None if entry.partner_id is None else str(entry.partner_id),
        "actor": entry.actor,
        "request_id": entry.request_id,
        "changed_fields": list(entry.changed),
    }
