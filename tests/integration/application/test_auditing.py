"""The audit trail follows the feed: every change once, whoever else follows, wherever it is killed, past any gap."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    KITE,
    NOON,
    STRADDLE,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
)
from tests.integration.application.upkeep import Interrupted, dying_at
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.stores import everything, store_over

from quantleap.adapters.store import keys
from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.repositories.audit import StoredAuditedChanges
from quantleap.adapters.store.seam import Engine, Update
from quantleap.application.audit_following import BATCH, Audited, AuditFollower
from quantleap.application.feed_walking import SAVED_EVERY, Stop
from quantleap.application.stamping import Stamping
from quantleap.composition import DrivenClock, World, compose
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.audit.entry import AuditEntry
from quantleap.domain.audit.retention import AuditRetention
from quantleap.domain.errors import InvalidInputError, PermissionDeniedError
from quantleap.domain.identifiers import Email, Mode
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.paging import ListRequest
from quantleap.domain.principals import Admin, PartnerBackend, User
from quantleap.ports.errors import FeedTrimmedError, UnavailableError
from quantleap.ports.secrets import Secrets

T = TypeVar("T")

ALL = ListRequest(1000)
TEST_ADMIN = Admin(ADMIN.email, Mode.TEST)
ONE_ACCOUNT = Allocation.single("zebu", "AB1234")


def trail(house: House, by: Admin = ADMIN) -> list[AuditEntry]:
    """All that the trail tells of a mode and the last 30 days, oldest first."""
    return list(house.app.auditing.entries(by, ALL).entries)[::-1]


def whole_trail(house: House) -> set[AuditEntry]:
    """Of both modes."""
    return {*trail(house), *trail(house, TEST_ADMIN)}


def given(house: House, kind: "type[T]") -> T:
    """What the house's use cases are built from."""
    return house.app._wiring.get(kind)


def told_by_the_feed(house: House) -> list[AuditEntry]:
    """What all changes that are kept tell."""
    changes = StoredAuditedChanges(house.app._engine, given(house, Secrets))  # type: ignore[type-abstract]  # a port
    batch = changes.entries(None, 10**6)
    assert batch.unreadable == ()
    return list(batch.events)


def actions(entries: Iterable[AuditEntry]) -> list[AuditAction]:
    return [entry.action for entry in entries]


def follower_over(house: House, engine: Engine) -> AuditFollower:
    """One that follows the house's store through that engine."""
    store, secrets = store_over(engine), given(house, Secrets)  # type: ignore[type-abstract]  # a port
    return AuditFollower(StoredAuditedChanges(engine, secrets), store.audit, store.units, house.clock)


def live_a_little(house: House) -> None:
    """In both modes, with something that is gone at the end."""
    app = house.app
    made = house.subscribed(ANITA)
    app.subscriptions.pause(PartnerBackend(ZEBU), made.terms.subscription_id)
    app.subscriptions.cancel(ADMIN, made.terms.subscription_id)
    house.subscribed(BALA, by=PartnerBackend(ZEBU_TEST))
    app.allocations.put(BALA, STRADDLE, ONE_ACCOUNT)
    app.allocations.delete(BALA, STRADDLE)
    app.authoring.take_off(ADMIN, STRADDLE)
    app.partners.revoke(ADMIN, house.first_key(KITE).api_key_id)


# Every change, once


def test_every_change_is_told_once_and_nothing_else_is_written(any_house: House) -> None:
    live_a_little(any_house)
    told = any_house.app.auditing.follow()
    assert whole_trail(any_house) == set(told_by_the_feed(any_house))
    assert told == len(whole_trail(any_house)) == 20
    before = any_house.items()
    assert any_house.app.auditing.follow() == 0
    assert any_house.items() == before
    assert any_house.app.verification.verify(ADMIN).differences == ()


def test_who_did_it_and_for_which_request_is_told(house: House) -> None:
    made = house.subscribed(ANITA)
    later = NOON + timedelta(minutes=1)
    house.clock.move_to(later)
    house.app.subscriptions.pause(ANITA, made.terms.subscription_id, request_id="req_00000000abcd")
    house.app.auditing.follow()
    paused = trail(house)[-1]
    assert (paused.action, paused.request_id) == (AuditAction.SUBSCRIPTION_PAUSED, "req_00000000abcd")
    assert paused.actor == given(house, Stamping).changed_by(ANITA)
    assert paused.partner_id == ZEBU
    assert paused.at == later


def test_more_changes_than_a_batch_are_all_told(house: House) -> None:
    for number in range(BATCH):
        house.subscribed(User(Email(f"u{number}@example.com")))
    house.app.auditing.follow()
    assert actions(trail(house)).count(AuditAction.SUBSCRIPTION_CREATED) == BATCH
    assert whole_trail(house) == set(told_by_the_feed(house))


def test_an_empty_store_is_followed_by_noting_where_its_feed_begins_and_once_is_enough() -> None:
    house = House.over("memory://")
    assert house.app.auditing.follow() == 0
    before = house.items()
    assert [item["entity_type"] for item in before] == ["AUDIT_CHECKPOINT"]
    assert house.app.auditing.follow() == 0
    assert house.items() == before


def test_the_checkpoint_of_a_quiet_store_moves_on_once_an_hour(house: House) -> None:
    house.app.auditing.follow()
    house.app.counters.follow()  # changes that tell nothing
    store = store_over(house.app._engine)
    before = store.audit.checkpoint()
    house.clock.move_to(NOON + SAVED_EVERY - timedelta(microseconds=1))
    assert house.app.auditing.follow() == 0
    assert store.audit.checkpoint() == before
    house.clock.move_to(NOON + SAVED_EVERY)
    assert house.app.auditing.follow() == 0
    assert store.audit.checkpoint().saved_at == NOON + SAVED_EVERY
    assert store.audit.checkpoint().position != before.position


def test_counters_and_trail_follow_one_feed_and_end_however_they_take_turns(house: House) -> None:
    live_a_little(house)
    for follow in (house.app.counters.follow, house.app.auditing.follow) * 3:
        follow()
    before = house.items()
    for follow in (house.app.counters.follow, house.app.auditing.follow):
        assert follow() == 0
    assert house.items() == before


# Killed, overtaken


def test_a_follower_that_is_killed_anywhere_has_told_each_change_once_or_not_at_all() -> None:
    for call in range(1, 100):
        house = House.furnished("memory://")
        live_a_little(house)
        wanted = set(told_by_the_feed(house))
        engine = Interrupted(house.app._engine, dying_at(call))
        if not isinstance(refusal(follower_over(house, engine).catch_up), UnavailableError):
            break
        assert whole_trail(house) <= wanted
        house.app.auditing.follow()
        assert whole_trail(house) == wanted
    assert call == len(engine.calls) + 1 > 5


def test_a_follower_that_is_overtaken_tells_nothing_twice(any_house: House) -> None:
    live_a_little(any_house)
    wanted = set(told_by_the_feed(any_house))
    engine = WatchedEngine(any_house.app._engine)
    engine.before("transact", any_house.app.auditing.follow)
    assert follower_over(any_house, engine).catch_up().stop is Stop.OVERTAKEN
    assert whole_trail(any_house) == wanted


# What is passed over, and what went by


def test_a_change_that_cannot_be_read_is_passed_over_and_logged(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.app.auditing.follow()
    house.app._engine.write(Update(keys.partner(KITE), assign={"partner": "kite@example.com"}))
    house.app.authoring.take_off(ADMIN, STRADDLE)
    with caplog.at_level(logging.WARNING, logger="quantleap.audit"):
        assert house.app.auditing.follow() == 1
        assert house.app.auditing.follow() == 0
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("a change was passed over: item PARTNER: ")
    assert "kite@example.com" not in line


def test_where_the_feed_has_passed_the_trail_by_it_says_so_and_goes_on(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.app.auditing.follow()
    before = whole_trail(house)
    engine = house.app._engine
    assert isinstance(engine, MemoryEngine)
    engine._keep_changes = 10
    for number in range(20):
        house.subscribed(User(Email(f"u{number}@example.com")))
    engine._keep_changes = 10**6
    kept = set(told_by_the_feed(house))
    with caplog.at_level(logging.ERROR, logger="quantleap.audit"):
        assert house.app.auditing.follow() == len(kept)
        assert house.app.auditing.follow() == 0
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("changes went by unread, and the audit trail says so: the change feed has passed by: ")
    [gap] = [entry for entry in trail(house) if entry.action is AuditAction.GAP]
    assert (gap.subject_id, gap.actor) == ("feed", "system:audit")
    assert whole_trail(house) == before | kept | {gap}


def test_a_feed_that_is_another_since_a_restore_is_told_anew_and_nothing_stands_twice(house: House) -> None:
    house.app.auditing.follow()
    before = whole_trail(house)
    house.app._engine.write(Update(keys.AUDIT_CHECKPOINT, assign={"position": "of another feed"}))
    house.app.auditing.follow()
    after = whole_trail(house)
    assert before < after
    assert actions(after - before) == [AuditAction.GAP]


def test_a_gap_that_another_follower_notes_first_is_noted_once(house: House) -> None:
    house.app.auditing.follow()
    house.app._engine.write(Update(keys.AUDIT_CHECKPOINT, assign={"position": "of another feed"}))
    engine = WatchedEngine(house.app._engine)
    engine.before("transact", house.app.auditing.follow)
    assert follower_over(house, engine).catch_up().stop is Stop.OVERTAKEN
    assert actions(trail(house)).count(AuditAction.GAP) == 1


def test_a_trail_that_cannot_go_on_says_why(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.app.auditing.follow()
    house.app._engine.write(Update(keys.AUDIT_CHECKPOINT, assign={"position": 5}))
    with caplog.at_level(logging.ERROR, logger="quantleap.audit"):
        assert house.app.auditing.follow() == 0
    assert [record.getMessage() for record in caplog.records] == [
        "the audit trail cannot go on: item CHECKPOINT: position is not text"
    ]


def test_a_feed_of_which_not_even_the_oldest_change_can_be_read_is_lost() -> None:
    def gone() -> None:
        raise FeedTrimmedError("nothing is kept")

    house = House.furnished("memory://")
    engine = WatchedEngine(house.app._engine)
    engine.before("changes", gone)
    lost = follower_over(house, engine).catch_up()
    assert lost == Audited(Stop.LOST, reason="the change feed has passed by: nothing is kept")


# Reading


def test_a_span_is_thirty_days_unless_said_and_its_end_is_now(house: House) -> None:
    house.app.auditing.follow()
    house.clock.move_to(NOON + timedelta(days=30))
    assert trail(house) != []
    house.clock.move_to(NOON + timedelta(days=31))
    assert trail(house) == []
    entries = partial(house.app.auditing.entries, ADMIN, ALL)
    assert entries(since=NOON, until=NOON + timedelta(days=1)).entries != ()
    assert entries(until=NOON + timedelta(days=1)).entries != ()
    assert entries(since=NOON).entries != ()
    assert entries(until=NOON).entries == ()


@pytest.mark.parametrize(
    "asked",
    [
        {"since": NOON, "until": NOON},
        {"since": NOON - timedelta(days=401), "until": NOON},
        {"since": NOON + timedelta(days=1)},
        {"actor": "anita@example.com"},
    ],
    ids=["no span", "too much", "what is to come", "no actor"],
)
def test_what_cannot_be_asked_is_refused(house: House, asked: dict[str, Any]) -> None:
    refused = refusal(partial(house.app.auditing.entries, ADMIN, ALL, **asked))
    assert isinstance(refused, InvalidInputError)
    assert refused.field == ("actor" if "actor" in asked else "from")


def test_a_partner_s_trail_is_that_of_its_own_mode_whoever_asks(house: House) -> None:
    house.app.auditing.follow()
    for by in (ADMIN, TEST_ADMIN):
        found = house.app.auditing.entries(by, ALL, partner_id=ZEBU_TEST).entries
        assert {entry.mode for entry in found} == {Mode.TEST}
        assert {*actions(found)} == {AuditAction.PARTNER_CREATED, AuditAction.PARTNER_KEY_CREATED}


@pytest.mark.parametrize("by", [ANITA, PartnerBackend(ZEBU)], ids=["user", "partner"])
def test_only_an_admin_reads_it(house: House, by: User | PartnerBackend) -> None:
    assert isinstance(refusal(partial(house.app.auditing.entries, by, ALL)), PermissionDeniedError)


def test_cursors_go_on_while_time_does(house: House) -> None:
    live_a_little(house)
    house.app.auditing.follow()
    whole = list(house.app.auditing.entries(ADMIN, ALL).entries)
    walked: list[AuditEntry] = []
    cursor = None
    while cursor is not None or not walked:
        page = house.app.auditing.entries(ADMIN, ListRequest(3, cursor))
        walked += page.entries
        cursor = page.next_cursor
        house.clock.move_to(house.clock.now() + timedelta(hours=1))
    assert walked == whole


def test_entries_are_kept_for_as_long_as_whoever_composes_says() -> None:
    world = World(DrivenClock(NOON), audit_retention=AuditRetention(timedelta(days=7)))
    with compose("memory://", world=world) as app:
        app.partners.create(ADMIN, ZEBU)
        app.auditing.follow()
        kept = [item for item in everything(app._engine) if str(item["entity_type"]).startswith("AUDIT_ENTRY")]
    assert {item["expires_at"] for item in kept} == {int((NOON + timedelta(days=7)).timestamp())}


# Nothing that is secret or personal


def test_no_entry_holds_an_email_a_key_a_secret_or_an_account(house: House) -> None:
    live_a_little(house)
    issued = house.app.partners.issue(ADMIN, ZEBU)
    house.app.partners.rotate(ADMIN, issued.key.api_key_id)
    house.app.auditing.follow()
    items = house.items()
    told = repr([item for item in items if str(item["entity_type"]).startswith(("AUDIT", "REMOVAL"))])
    assert told.count("aud_") > 40
    digests = {str(item["secret_digest"]) for item in items if "secret_digest" in item}
    api_keys = {str(item["api_key"]) for item in items if "api_key" in item}
    assert digests
    assert api_keys
    for private in ("@", "example", "pk_", "sk_", "AB1234", issued.secret, *digests, *api_keys):
        assert private not in told
