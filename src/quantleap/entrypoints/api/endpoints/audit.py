"""The audit trail, as admins read it."""

from typing import TYPE_CHECKING

from quantleap.domain.paging import ListRequest
from quantleap.entrypoints.api.listing import Listed
from quantleap.entrypoints.api.request import Call

if TYPE_CHECKING:
    from quantleap.composition import Application
    from quantleap.domain.audit.entry import AuditEntry


def listed(call: Call, app: "Application") -> "Listed[AuditEntry]":
    """A page of the entries that are asked for."""
    query = call.query
    request = ListRequest(query["limit"], query["cursor"])
    page = app.auditing.entries(
        call.principal,
        request,
        partner_id=query["partner_id"],
        actor=query["actor"],
        since=query["from"],
        until=query["to"],
    )
    return Listed(page, request)
