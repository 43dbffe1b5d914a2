"""That a record was removed, by whom and when: the record itself is gone and can say no more.

It is written in the commit of the removal and read in the change feed alone.
"""

from datetime import timedelta

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import keyed, stamped, unix_s_after
from quantleap.adapters.store.seam import Item, Put
from quantleap.adapters.store.table import TTL_ATTRIBUTE
from quantleap.adapters.store.unit_of_work import StagedWrite, never_refused
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.identifiers import Mode
from quantleap.domain.subscriptions.history import Stamp

_KEPT_FOR = timedelta(days=30)
"""Long after every consumer of the change feed has passed it."""


def removal_item(mode: Mode, action: AuditAction, subject_id: str, stamp: Stamp) -> Item:
    """A removal."""
    attributes: Item = {
        "version": 1,
        "action": action.value,
        "subject": subject_id,
        TTL_ATTRIBUTE: unix_s_after(stamp.at + _KEPT_FOR),
    }
    return stamped(keyed(keys.removal(mode, stamp.request_id, action, subject_id), "REMOVAL", attributes), stamp)


def removal_write(mode: Mode, action: AuditAction, subject_id: str, stamp: Stamp) -> StagedWrite:
    """To be committed with the removal."""
    return StagedWrite(Put(removal_item(mode, action, subject_id, stamp)), never_refused)
