"""The audit trail over any engine."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.audit_entries import audit_items, read_audit_entry
from quantleap.adapters.store.records.audited_changes import audit_entry_of
from quantleap.adapters.store.records.values import Reading, instant_text
from quantleap.adapters.store.repositories.feed import read_feed
from quantleap.adapters.store.repositories.paging import matching_page
from quantleap.adapters.store.seam import Change, Engine, Equals, Item, Missing, Position, Put, Query, Update
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY
from quantleap.adapters.store.unit_of_work import StagedWrite, never_refused
from quantleap.domain.audit.entry import AuditEntry
from quantleap.domain.audit.question import AuditQuestion
from quantleap.domain.audit.retention import AuditRetention
from quantleap.domain.errors import ConcurrentUpdateError, DomainError, InvalidInputError
from quantleap.domain.paging import NOT_A_POSITION, Page, PageRequest
from quantleap.domain.periods import Month, kolkata_date
from quantleap.ports.audit import MAX_DAYS_A_PAGE
from quantleap.ports.feed import FeedBatch, FeedCheckpoint
from quantleap.ports.secrets import Secrets
from quantleap.ports.unit_of_work import Write


class StoredAuditLog:
    """See `quantleap.ports.audit.AuditLog`."""

    def __init__(self, engine: Engine, retention: AuditRetention) -> None:
        self._engine = engine
        self._retention = retention

    def checkpoint(self) -> FeedCheckpoint:
        """One consistent get."""
        item = self._engine.get(keys.AUDIT_CHECKPOINT, consistent=True)
        if item is None:
            return FeedCheckpoint()
        reading = Reading(item)
        return FeedCheckpoint(reading.maybe_text("position"), reading.maybe_instant("saved_at"))

    def keeping(
        self, entries: Sequence[AuditEntry], *, since: str | None, until: str | None, at: datetime
    ) -> list[Write]:
        """Up to three puts an entry, and the checkpoint on condition that it has not moved."""
        moved = Update(
            keys.AUDIT_CHECKPOINT,
            assign={
                "entity_type": "AUDIT_CHECKPOINT",
                "saved_at": instant_text(at),
                **({} if until is None else {"position": until}),
            },
            add={"version": 1},
            remove=("position",) if until is None else (),
            condition=Missing("position") if since is None else Equals("position", since),
        )
        told = {entry.entry_id: entry for entry in entries}
        kept = (item for entry in told.values() for item in audit_items(entry, self._retention))
        return [StagedWrite(moved, _overtaken), *(StagedWrite(Put(item), never_refused) for item in kept)]

    def page(self, question: AuditQuestion, page: PageRequest) -> Page[AuditEntry]:
        """One query of each day, or of each month of a partner or an actor, until the page is full or has its days."""
        after, keep = page.after, _by(question)
        kept: list[Item] = []
        partitions = _from(_partitions(question), after)
        for partition in islice(partitions, MAX_DAYS_A_PAGE):
            query = Query(partition, between=_between(question), descending=True)
            room = PageRequest(page.limit - len(kept), after if after and SORT_KEY in after else None)
            kept += matching_page(self._engine, query, room, keep, lambda item: item).entries
            after = None
            if len(kept) == page.limit:
                return Page(tuple(map(read_audit_entry, kept)), _place(kept[-1]))
        further = next(partitions, None)
        return Page(tuple(map(read_audit_entry, kept)), None if further is None else {PARTITION_KEY: further})


def _overtaken(_: Item | None) -> DomainError:
    return ConcurrentUpdateError("audit trail")


def _by(question: AuditQuestion) -> Callable[[Item], bool]:
    """A partner's entries are looked for under the partner: those of one actor are some of them."""
    actor = question.actor
    if question.partner_id is None or actor is None:
        return lambda _: True
    return lambda item: item.get("actor") == actor


def _partitions(question: AuditQuestion) -> Iterator[str]:
    """Newest first."""
    partner_id, actor = question.partner_id, question.actor
    first, last = kolkata_date(question.since), kolkata_date(question.until)
    if partner_id is not None:
        yield from (keys.audit_of_partner(partner_id, month) for month in _months(Month.of(first), Month.of(last)))
    elif actor is not None:
        yield from (
            keys.audit_by_actor(question.mode, actor, month) for month in _months(Month.of(first), Month.of(last))
        )
    else:
        for days in range((last - first).days + 1):
            yield keys.audit_day(question.mode, last - timedelta(days))


def _months(first: Month, last: Month) -> list[Month]:
    months = [first]
    while months[-1] < last:
        months.append(months[-1].following)
    return months[::-1]


def _from(partitions: Iterator[str], after: Position | None) -> Iterator[str]:
    """The one in which the page before ended, or before which it did, and those behind it."""
    if after is None:
        yield from partitions
        return
    for partition in partitions:
        if partition == after.get(PARTITION_KEY):
            yield partition
            yield from partitions
            return
    raise InvalidInputError("after", NOT_A_POSITION)


def _between(question: AuditQuestion) -> tuple[str, str]:
    """Every sort key from `since` to before `until`: it is longer than the instant that it begins with."""
    return instant_text(question.since), instant_text(question.until)


def _place(item: Item) -> Position:
    return {PARTITION_KEY: str(item[PARTITION_KEY]), SORT_KEY: str(item[SORT_KEY])}


class StoredAuditedChanges:
    """See `quantleap.ports.audit.AuditedChanges`."""

    def __init__(self, engine: Engine, secrets: Secrets) -> None:
        self._engine = engine
        self._secrets = secrets

    def entries(self, after: str | None, limit: int) -> FeedBatch[AuditEntry]:
        """Derived from the images of changed items."""
        pseudonym_key = self._secrets.pseudonym_key().key
        return read_feed(self._engine, after, limit, lambda change: _told_by(change, pseudonym_key))


def _told_by(change: Change, pseudonym_key: bytes) -> Iterator[AuditEntry]:
    entry = audit_entry_of(change, pseudonym_key)
    if entry is not None:
        yield entry
