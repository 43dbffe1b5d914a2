"""What `ports.audit.AuditLog` promises, on every store."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.samples import KITE, LATER, NOON, ZEBU, ZEBU_TEST
from tests.integration.contracts.stores import Store, everything

from quantleap.adapters.store import keys
from quantleap.adapters.store.repositories.audit import StoredAuditLog
from quantleap.adapters.store.seam import Update
from quantleap.adapters.store.table import TTL_ATTRIBUTE
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.audit.entry import AuditEntry, told_as
from quantleap.domain.audit.question import DEFAULT_SPAN, MAX_SPAN, AuditQuestion
from quantleap.domain.audit.retention import AuditRetention
from quantleap.domain.errors import ConcurrentUpdateError, InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.paging import PageRequest
from quantleap.ports.audit import MAX_DAYS_A_PAGE, MAX_ENTRIES_A_COMMIT
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.feed import FeedCheckpoint

TINY = timedelta(microseconds=1)
ADMIN, BILLING = "admin:" + "0" * 32, "system:billing"


def entry(
    number: int,
    *,
    at: datetime = NOON,
    partner_id: PartnerId | None = ZEBU,
    actor: str | None = ADMIN,
    mode: Mode = Mode.LIVE,
) -> AuditEntry:
    """The n-th."""
    return AuditEntry(
        entry_id=told_as((number,)),
        at=at,
        action=AuditAction.PARTNER_CHANGED,
        subject_id=f"subject_{number}",
        mode=mode,
        actor=actor,
        request_id=f"req_{number:012x}",
        partner_id=partner_id,
        changed=("display_name", "rate_limit"),
    )


def keep(store: Store, *entries: AuditEntry) -> None:
    """In commits of as many as one takes, each from where the one before ended."""
    for start in range(0, len(entries), MAX_ENTRIES_A_COMMIT):
        since = store.audit.checkpoint().position
        until = str(start if since is None else int(since) + MAX_ENTRIES_A_COMMIT)
        writes = store.audit.keeping(entries[start : start + MAX_ENTRIES_A_COMMIT], since=since, until=until, at=NOON)
        store.units.commit(*writes)


def question(
    mode: Mode = Mode.LIVE,
    *,
    since: datetime = NOON - DEFAULT_SPAN,
    until: datetime = LATER + timedelta(days=1),
    partner_id: PartnerId | None = None,
    actor: str | None = None,
) -> AuditQuestion:
    """All of a mode in the usual span, unless it is narrowed."""
    return AuditQuestion(mode, since, until, partner_id, actor)


def found(store: Store, asked: AuditQuestion, *, limit: int = 1000) -> list[AuditEntry]:
    """All of it, walked page by page."""
    entries: list[AuditEntry] = []
    page = store.audit.page(asked, PageRequest(limit))
    entries += page.entries
    while page.next is not None:
        assert len(page.entries) <= limit
        page = store.audit.page(asked, PageRequest(limit, page.next))
        entries += page.entries
    return entries


def newest_first(entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    return sorted(entries, key=lambda each: (each.at, each.entry_id), reverse=True)


def test_nothing_is_told_at_first(store: Store) -> None:
    assert store.audit.checkpoint() == FeedCheckpoint()
    assert found(store, question()) == []


def test_an_entry_is_found_as_it_was_kept_by_its_day_its_partner_and_its_actor(store: Store) -> None:
    bare = evolve(entry(2), actor=None, request_id=None, partner_id=None, changed=())
    keep(store, entry(1), bare)
    assert found(store, question()) == newest_first([entry(1), bare])
    assert found(store, question(partner_id=ZEBU)) == [entry(1)]
    assert found(store, question(actor=ADMIN)) == [entry(1)]


def test_each_question_is_answered_by_what_it_asks_for_alone(store: Store) -> None:
    of_zebu, of_kite, of_nobody = entry(1), entry(2, partner_id=KITE), entry(3, partner_id=None)
    billed = entry(4, actor=BILLING)
    tested = entry(5, partner_id=ZEBU_TEST, mode=Mode.TEST)
    keep(store, of_zebu, of_kite, of_nobody, billed, tested)
    assert found(store, question()) == newest_first([of_zebu, of_kite, of_nobody, billed])
    assert found(store, question(Mode.TEST)) == [tested]
    assert found(store, question(partner_id=ZEBU)) == newest_first([of_zebu, billed])
    assert found(store, question(Mode.TEST, partner_id=ZEBU_TEST)) == [tested]
    assert found(store, question(actor=ADMIN)) == newest_first([of_zebu, of_kite, of_nobody])
    assert found(store, question(Mode.TEST, actor=ADMIN)) == [tested]
    assert found(store, question(partner_id=ZEBU, actor=BILLING)) == [billed]
    assert found(store, question(partner_id=KITE, actor=BILLING)) == []


@pytest.mark.parametrize("asked", [{}, {"partner_id": ZEBU}, {"actor": ADMIN}], ids=["all", "partner", "actor"])
def test_a_span_holds_its_first_instant_and_not_its_last(store: Store, asked: dict[str, object]) -> None:
    instants = [NOON - TINY, NOON, LATER - TINY, LATER]
    keep(store, *(entry(number, at=at) for number, at in enumerate(instants)))
    spanned = found(store, question(since=NOON, until=LATER, **asked))  # type: ignore[arg-type]
    assert [each.at for each in spanned] == [LATER - TINY, NOON]


@pytest.mark.parametrize("asked", [{}, {"partner_id": ZEBU}, {"actor": ADMIN}], ids=["all", "partner", "actor"])
def test_the_longest_span_is_read_from_its_end_to_its_beginning(store: Store, asked: dict[str, object]) -> None:
    ages = [timedelta(0), timedelta(hours=7), timedelta(days=29), timedelta(days=200), MAX_SPAN]
    kept = [entry(number, at=LATER - age) for number, age in enumerate(ages)]
    keep(store, *reversed(kept))
    spanned = question(since=LATER + TINY - MAX_SPAN, until=LATER + TINY, **asked)  # type: ignore[arg-type]
    assert found(store, spanned) == kept[:-1]


def test_a_page_reads_a_month_s_days_at_most_and_leads_on_though_it_found_nothing(store: Store) -> None:
    kept = [entry(1, at=LATER), entry(2, at=LATER - timedelta(days=200))]
    keep(store, *kept)
    watched = WatchedEngine(store.engine)
    log = StoredAuditLog(watched, AuditRetention())
    asked = question(since=LATER + TINY - MAX_SPAN, until=LATER + TINY)
    pages: list[list[AuditEntry]] = []
    after = None
    while not pages or after is not None:
        watched.calls.clear()
        page = log.page(asked, PageRequest(10, after))
        pages.append(list(page.entries))
        after = page.next
        assert 0 < len(watched.calls) <= MAX_DAYS_A_PAGE
    assert [found for found in pages if found] == [kept[:1], kept[1:]]
    assert len(pages) == -(-(MAX_SPAN.days + 1) // MAX_DAYS_A_PAGE)


def test_the_usual_span_is_one_page(store: Store) -> None:
    keep(store, entry(1, at=LATER - DEFAULT_SPAN + TINY))
    page = store.audit.page(question(since=LATER - DEFAULT_SPAN, until=LATER + timedelta(minutes=5)), PageRequest(10))
    assert (len(page.entries), page.next) == (1, None)


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize(
    "asked",
    [{}, {"partner_id": ZEBU}, {"actor": ADMIN}, {"partner_id": ZEBU, "actor": ADMIN}],
    ids=["all", "partner", "actor", "both"],
)
def test_pages_of_any_size_give_every_entry_once_and_in_order(
    store: Store, asked: dict[str, object], limit: int
) -> None:
    kept = [
        entry(number, at=NOON - timedelta(days=number // 3), actor=BILLING if number % 4 == 3 else ADMIN)
        for number in range(14)
    ]
    keep(store, *kept)
    wanted = [each for each in kept if "actor" not in asked or each.actor == ADMIN]
    assert found(store, question(**asked), limit=limit) == newest_first(wanted)  # type: ignore[arg-type]


def test_a_position_of_another_list_is_refused(store: Store) -> None:
    keep(store, entry(1), entry(2))
    page = store.audit.page(question(), PageRequest(1))
    for asked in (question(partner_id=ZEBU), question(actor=ADMIN), question(Mode.TEST), question(until=NOON)):
        with pytest.raises(InvalidInputError, match="not a position of this list"):
            store.audit.page(asked, PageRequest(1, page.next))


def test_keeping_entries_again_changes_nothing_but_the_checkpoint(store: Store) -> None:
    keep(store, entry(1), entry(2))
    before = {item["sort_key"]: item for item in everything(store.engine)}
    keep(store, entry(2), entry(1), entry(1))
    after = {item["sort_key"]: item for item in everything(store.engine)}
    assert after.pop("CHECKPOINT") != before.pop("CHECKPOINT")
    assert after == before


def test_as_many_entries_as_a_commit_may_hold_are_kept_at_once(store: Store) -> None:
    kept = [entry(number) for number in range(MAX_ENTRIES_A_COMMIT)]
    store.units.commit(*store.audit.keeping(kept, since=None, until="5", at=NOON))
    assert found(store, question()) == newest_first(kept)


def test_an_entry_is_kept_in_full_for_as_long_as_it_must_be(store: Store) -> None:
    keep(store, entry(1))
    kept = [item for item in everything(store.engine) if item["entity_type"] != "AUDIT_CHECKPOINT"]
    assert [item["entity_type"] for item in kept] == ["AUDIT_ENTRY", "AUDIT_BY_ACTOR", "AUDIT_OF_PARTNER"]
    assert {item[TTL_ATTRIBUTE] for item in kept} == {int((NOON + AuditRetention().span).timestamp())}


# The checkpoint


def test_the_checkpoint_moves_with_what_is_told_up_to_it(store: Store) -> None:
    store.units.commit(*store.audit.keeping([entry(1)], since=None, until="5", at=NOON))
    assert store.audit.checkpoint() == FeedCheckpoint("5", NOON)
    store.units.commit(*store.audit.keeping([], since="5", until="9", at=LATER))
    assert store.audit.checkpoint() == FeedCheckpoint("9", LATER)
    store.units.commit(*store.audit.keeping([], since="9", until=None, at=LATER))
    assert store.audit.checkpoint() == FeedCheckpoint(None, LATER)
    store.units.commit(*store.audit.keeping([], since=None, until="1", at=LATER))
    assert store.audit.checkpoint() == FeedCheckpoint("1", LATER)


@pytest.mark.parametrize("since", [None, "4", "9"])
def test_a_follower_that_was_overtaken_keeps_nothing(store: Store, since: str | None) -> None:
    store.units.commit(*store.audit.keeping([entry(1)], since=None, until="5", at=NOON))
    before = everything(store.engine)
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(*store.audit.keeping([entry(2)], since=since, until="6", at=NOON))
    assert everything(store.engine) == before


def test_the_trail_and_the_counters_stand_each_at_its_own_place(store: Store) -> None:
    store.units.commit(*store.audit.keeping([], since=None, until="5", at=NOON))
    assert store.counters.checkpoint().position is None
    store.units.commit(*store.counters.counting({}, since=None, until="7", at=NOON))
    assert store.audit.checkpoint().position == "5"


def test_what_is_not_as_this_library_writes_it_is_corrupt_data(store: Store) -> None:
    keep(store, entry(1))
    store.engine.write(Update(keys.audit_entry(Mode.LIVE, NOON, entry(1).entry_id), assign={"action": "basket.eaten"}))
    with pytest.raises(CorruptDataError, match="eaten"):
        store.audit.page(question(), PageRequest(1))
    store.engine.write(Update(keys.AUDIT_CHECKPOINT, assign={"position": 5}))
    with pytest.raises(CorruptDataError, match="position is not text"):
        store.audit.checkpoint()
