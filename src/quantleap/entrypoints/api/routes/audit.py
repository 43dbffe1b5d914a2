"""The route of the audit trail."""

from quantleap.domain.audit.entry import ACTOR_FORM, actor
from quantleap.domain.audit.question import DEFAULT_SPAN, MAX_SPAN
from quantleap.domain.identifiers import FORMS, PartnerId
from quantleap.entrypoints.api.parameters import cursor, instant, text, whole
from quantleap.entrypoints.api.route import Caller, Function, Method, Route

_PARTNER = f"^{FORMS['partner_id']}$"
_ACTOR = f"^({ACTOR_FORM})$"

AUDIT_ROUTES = (
    Route(
        name="adminListAudit",
        method=Method.GET,
        path="/admin/audit",
        summary="List who changed what, newest first",
        caller=Caller.ADMIN,
        function=Function.MARKETPLACE_MANAGER,
        parameters=(
            text(
                "partner_id",
                "Only what was changed of this partner.",
                PartnerId.parse,
                pattern=_PARTNER,
            ),
            text("actor", "Only what this one changed, spelled as entries spell it.", actor, pattern=_ACTOR),
            instant("from", f"Only from this instant on; by default {DEFAULT_SPAN.days} days before `to`."),
            instant("to", f"Only before this instant, at most {MAX_SPAN.days} days after `from`; by default now."),
            whole("limit", "How many at most.", 1, 100, 50),
            cursor("The `next_cursor` of the page before, which may be short, even empty, and still have one."),
        ),
        endpoint="audit:listed",
        rendering="audit:page_document",
        answer="answers_audit:AuditTrail",
    ),
)
