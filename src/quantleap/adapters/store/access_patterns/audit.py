"""The audit trail."""

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import AUDIT_BY_ACTOR, AUDIT_CHECKPOINT, AUDIT_ENTRY, AUDIT_OF_PARTNER
from quantleap.ports.audit import MAX_DAYS_A_PAGE, MAX_ENTRIES_A_COMMIT

_FOLLOWING, _READING = ("auditing.follow",), ("auditing.entries",)
_OF_A_MONTH = "1 a month, until the page is full"

AUDIT = (
    AccessPattern("where the audit trail stands", Operation.GET, (AUDIT_CHECKPOINT,), _FOLLOWING, consistent=True),
    AccessPattern(
        "tell of changes",
        Operation.TRANSACT,
        (AUDIT_CHECKPOINT, AUDIT_ENTRY),
        _FOLLOWING,
        at_times=(AUDIT_OF_PARTNER, AUDIT_BY_ACTOR),
        requests=f"1 a batch of {MAX_ENTRIES_A_COMMIT} changes",
    ),
    AccessPattern(
        "move the audit trail's checkpoint",
        Operation.UPDATE,
        (AUDIT_CHECKPOINT,),
        _FOLLOWING,
        requests="1 a batch of changes that tell nothing, and 1 an hour where nothing changed",
    ),
    AccessPattern(
        "what was changed on a day",
        Operation.QUERY,
        (AUDIT_ENTRY,),
        _READING,
        between="{told_at}",
        requests=f"1 a day, until the page is full, at most {MAX_DAYS_A_PAGE}",
    ),
    AccessPattern(
        "what was changed of a partner in a month",
        Operation.QUERY,
        (AUDIT_OF_PARTNER,),
        _READING,
        between="{told_at}",
        requests=_OF_A_MONTH,
    ),
    AccessPattern(
        "what an actor changed in a month",
        Operation.QUERY,
        (AUDIT_BY_ACTOR,),
        _READING,
        between="{told_at}",
        requests=_OF_A_MONTH,
    ),
)
