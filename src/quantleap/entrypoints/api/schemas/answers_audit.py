"""What admins are answered of the audit trail."""

from pydantic import Field

from quantleap.domain.audit.action import AuditAction, SubjectKind
from quantleap.domain.identifiers import Mode
from quantleap.entrypoints.api.schemas.answering import Answer, Instant


class AuditEntry(Answer):
    """That somebody changed something: names and instants, never a value.

    `actor` is a partner's id, `system:` and a task, or `user:` or `admin:` and a pseudonym. It and `request_id` are
    null where the record says neither.
    """

    entry_id: str = Field(pattern="^aud_[0-9a-f]{32}$")
    timestamp: Instant
    action: AuditAction
    subject_kind: SubjectKind
    subject_id: str
    mode: Mode
    partner_id: str | None
    actor: str | None
    request_id: str | None
    changed_fields: list[str]


class AuditTrail(Answer):
    """A page of the audit trail, newest first. `next_cursor` leads on; null on the last page."""

    entries: list[AuditEntry]
    limit: int = Field(ge=1, le=100)
    next_cursor: str | None
