"""Counters follow the feed: every change once, whoever else follows, wherever it is killed, and past what is broken."""

import logging
from datetime import date, timedelta

import pytest
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    BILLING,
    CONDOR,
    STRADDLE,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
    sample_catalog,
)
from tests.integration.application.upkeep import Interrupted, Upkeep, dying_at
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.stores import store_over

from quantleap.adapters.store import keys
from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.seam import Update
from quantleap.application.counting import ABANDONED_AFTER
from quantleap.application.feed_walking import SAVED_EVERY, Stop
from quantleap.application.following import BATCH
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.principals import PartnerBackend, User
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.ports.counters import MAX_COUNTERS_A_COMMIT, Checkpoint, RecountMark
from quantleap.ports.errors import FeedTrimmedError, UnavailableError


def live(house: House, basket_id: str = CONDOR) -> int:
    return house.app.marketplace.template(ADMIN, basket_id).subscriber_count


def checkpoint(house: House) -> Checkpoint:
    return store_over(house.app._engine).counters.checkpoint()


def mark(house: House) -> None:
    """A recount began now, and was killed."""
    store = store_over(house.app._engine)
    store.units.commit(*store.counters.marking(RecountMark("req_00000000000a", house.clock.now()), only_from=None))


def trimmed() -> None:
    raise FeedTrimmedError("changes 1 to 7 are no longer kept")


def test_counters_follow_every_change_once_and_leave_test_mode_out_of_a_template(any_house: House) -> None:
    house = any_house
    first = house.subscribed(ANITA)
    house.subscribed(BALA, by=BALA)
    house.subscribed(ANITA, by=PartnerBackend(ZEBU_TEST))
    assert house.app.counters.follow() == 3
    assert live(house) == 2
    house.app.subscriptions.pause(ADMIN, first.terms.subscription_id)
    house.app.subscriptions.cancel(ADMIN, first.terms.subscription_id)
    assert house.app.counters.follow() == 2
    assert live(house) == 1
    before = house.items()
    assert house.app.counters.follow() == 0
    assert house.items() == before
    assert house.app.verification.verify(ADMIN).differences == ()


def test_an_empty_store_is_followed_by_noting_where_its_feed_begins_and_once_is_enough() -> None:
    house = House.over("memory://")
    assert house.app.counters.follow() == 0
    before = house.items()
    assert [item["entity_type"] for item in before] == ["CHECKPOINT"]
    assert house.app.counters.follow() == 0
    assert house.items() == before


def test_a_feed_that_was_trimmed_since_the_store_was_empty_is_not_taken_for_a_whole_one() -> None:
    house = House.over("memory://")
    house.app.counters.follow()
    engine = house.app._engine
    assert isinstance(engine, MemoryEngine)
    engine._keep_changes = 10
    house.app.authoring.load_catalog(ADMIN, sample_catalog(house.app))
    for number in range(10):
        house.subscribed(by=User(Email(f"u{number}@example.com")))
    house.app.counters.follow()
    assert live(house) == 10
    assert house.app.verification.verify(ADMIN).differences == ()


def test_more_changes_than_a_batch_and_more_counters_than_a_commit_are_all_counted(house: House) -> None:
    backends = [PartnerId(f"p{number}", Mode.LIVE) for number in range(MAX_COUNTERS_A_COMMIT + 80)]
    for partner_id in backends:
        house.app.partners.create(ADMIN, partner_id)
    house.app.counters.follow()
    for number, partner_id in enumerate(backends):
        house.subscribed(User(Email(f"a{number}@example.com")), by=PartnerBackend(partner_id))
    for number in range(BATCH):
        house.subscribed(User(Email(f"b{number}@example.com")), STRADDLE)
    assert house.app.counters.follow() == len(backends) + BATCH
    assert (live(house), live(house, STRADDLE)) == (len(backends), BATCH)
    assert house.app.verification.verify(ADMIN).differences == ()


def test_a_follower_that_is_killed_anywhere_has_counted_each_change_once_or_not_at_all() -> None:
    for call in range(1, 20):
        house = House.furnished("memory://")
        house.subscribed(ANITA)
        house.subscribed(BALA, STRADDLE)
        engine = Interrupted(house.app._engine, dying_at(call))
        if not isinstance(refusal(Upkeep.of(house, engine).counting.follow), UnavailableError):
            break
        house.app.counters.follow()
        assert (live(house), live(house, STRADDLE)) == (1, 1)
    assert call == len(engine.calls) + 1 > 3


def test_the_checkpoint_of_a_quiet_store_moves_on_once_an_hour_and_no_more_often(house: House) -> None:
    house.subscribed()
    house.app.counters.follow()
    house.app.allocations.delete(ANITA, CONDOR)
    before = checkpoint(house)
    house.clock.move_to(house.clock.now() + SAVED_EVERY - timedelta(microseconds=1))
    assert house.app.counters.follow() == 0
    assert checkpoint(house) == before

    house.clock.move_to(house.clock.now() + timedelta(microseconds=1))
    for _ in range(2):
        assert house.app.counters.follow() == 0
        after = checkpoint(house)
        assert after.saved_at == house.clock.now()
        assert after.position != before.position
    items = house.items()
    house.app.counters.follow()
    assert house.items() == items


# What cannot be read


def test_a_change_that_cannot_be_read_is_passed_over_and_told_and_hides_no_later_one(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    name = house.subscribed().terms.subscription_id
    key = keys.subscription(Mode.LIVE, ANITA.email, name)
    house.app._engine.write(Update(key, assign={"status": "ASLEEP"}))
    house.subscribed(BALA)
    with caplog.at_level(logging.WARNING, logger="quantleap.counters"):
        assert house.app.counters.follow() == 2
    assert live(house) == 2
    [record] = caplog.records
    assert record.getMessage() == (
        f"a change was passed over: item SUBSCRIPTION#{name}: 'ASLEEP' is not a valid SubscriptionStatus"
    )


# A recount that is under way


def test_nothing_is_counted_while_a_recount_is_under_way_and_that_is_said(
    any_house: House, caplog: pytest.LogCaptureFixture
) -> None:
    any_house.subscribed()
    mark(any_house)
    before = any_house.items()
    with caplog.at_level(logging.WARNING, logger="quantleap.counters"):
        assert any_house.app.counters.follow() == 0
    assert any_house.items() == before
    [record] = caplog.records
    assert record.getMessage() == (
        "nothing was counted: a recount is under way, or was ended early (run `quantleap recount`)"
    )


def test_a_recount_that_was_given_up_is_taken_over_after_hours_and_not_before(house: House) -> None:
    house.subscribed()
    mark(house)
    house.clock.move_to(house.clock.now() + ABANDONED_AFTER - timedelta(microseconds=1))
    house.app.counters.follow()
    assert live(house) == 0
    house.clock.move_to(house.clock.now() + timedelta(microseconds=1))
    house.app.counters.follow()
    assert live(house) == 1
    assert checkpoint(house).recount is None
    assert house.app.verification.verify(ADMIN).differences == ()


# Where it cannot go on


def lost(house: House, why: str) -> WatchedEngine:
    """An engine on which following cannot go on."""
    engine = WatchedEngine(house.app._engine)
    match why:
        case "the feed has passed by":
            engine.before("changes", trimmed)
        case "the position is no longer the feed's":
            engine.write(Update(keys.COUNTERS_CHECKPOINT, assign={"position": "another"}))
        case "the checkpoint is damaged":
            engine.write(Update(keys.COUNTERS_CHECKPOINT, assign={"position": 7}))
        case "a counter is damaged":
            engine.write(Update(keys.partner_counters(ZEBU), assign={"active_subscriptions": "many"}))
    return engine


WHYS = (
    "the feed has passed by",
    "the position is no longer the feed's",
    "the checkpoint is damaged",
    "a counter is damaged",
)


@pytest.mark.parametrize("why", WHYS)
def test_where_it_cannot_go_on_it_recounts_and_then_goes_on(any_house: House, why: str) -> None:
    any_house.subscribed(ANITA)
    any_house.app.counters.follow()
    any_house.subscribed(BALA)
    engine = lost(any_house, why)
    upkeep = Upkeep.of(any_house, engine)
    upkeep.counting.follow()
    assert engine.calls.count("scan") == 1
    assert live(any_house) == 2
    any_house.subscribed(ANITA, STRADDLE)
    assert upkeep.counting.follow() == 1
    assert engine.calls.count("scan") == 1
    assert upkeep.differences() == ()


@pytest.mark.parametrize("why", WHYS)
def test_killed_anywhere_on_the_way_it_counts_right_in_the_end(why: str) -> None:
    for call in range(1, 60):
        house = House.furnished("memory://")
        house.subscribed(ANITA)
        house.app.counters.follow()
        house.subscribed(BALA)
        inside = lost(house, why)
        engine = Interrupted(inside, dying_at(call))
        killed = isinstance(refusal(Upkeep.of(house, engine).counting.follow), UnavailableError)
        house.subscribed(by=BALA, basket_id=STRADDLE)
        house.clock.move_to(house.clock.now() + ABANDONED_AFTER)
        house.app.counters.follow()
        assert house.app.counters.follow() == 0
        assert (live(house), live(house, STRADDLE)) == (2, 1)
        assert house.app.verification.verify(ADMIN).differences == ()
        if not killed:
            break
    assert call == len(engine.calls) + 1 > 8


def test_of_two_followers_that_cannot_go_on_one_recounts_and_the_other_lets_it(house: House) -> None:
    house.subscribed()
    house.app.counters.follow()
    first, second = WatchedEngine(house.app._engine), WatchedEngine(house.app._engine)
    for engine in (first, second):
        engine.before("changes", trimmed)
    # The second has found the feed trimmed, and is about to begin, when the first does all of its own.
    second.before("write", Upkeep.of(house, first).counting.follow)
    assert Upkeep.of(house, second).counting.follow() == 0
    assert (first.calls.count("scan"), second.calls.count("scan")) == (1, 0)
    assert live(house) == 1
    assert house.app.verification.verify(ADMIN).differences == ()


def test_a_follower_that_is_overtaken_leaves_the_rest_to_the_other(house: House) -> None:
    house.subscribed()
    engine = WatchedEngine(house.app._engine)
    engine.before("transact", house.app.counters.follow)
    assert Upkeep.of(house, engine).follower.catch_up().stop is Stop.OVERTAKEN
    assert live(house) == 1


# By status


def counts(house: House, partner_id: PartnerId = ZEBU) -> dict[SubscriptionStatus, int]:
    """A partner's, those of which there are any."""
    counted = store_over(house.app._engine).counters.of_partner(partner_id)
    return {status: count for status, count in counted.items() if count}


def test_a_partners_subscriptions_are_counted_by_the_status_they_have(any_house: House) -> None:
    house, care = any_house, any_house.app.subscriptions
    paused, cancelled, expired, back = (
        house.subscribed(user, basket).terms.subscription_id
        for user, basket in ((ANITA, CONDOR), (BALA, CONDOR), (ANITA, STRADDLE), (BALA, STRADDLE))
    )
    house.subscribed(ANITA, by=PartnerBackend(ZEBU_TEST))
    house.app.counters.follow()
    assert counts(house) == {SubscriptionStatus.ACTIVE: 4}
    for name in (paused, back):
        care.pause(ADMIN, name)
    care.resume(ADMIN, back)
    care.cancel(ADMIN, cancelled)
    care.expire(ADMIN, expired)
    house.app.counters.follow()
    each = dict.fromkeys(SubscriptionStatus, 1)
    assert counts(house) == each
    assert counts(house, ZEBU_TEST) == {SubscriptionStatus.ACTIVE: 1}
    house.app._engine.write(Update(keys.partner_counters(ZEBU), add={"cancelled_subscriptions": 3}))
    house.app.recounting.recount(ADMIN)
    assert counts(house) == each
    assert house.app.verification.verify(ADMIN).differences == ()


def test_what_renews_stays_in_its_counter(house: House) -> None:
    name = house.subscribed().terms.subscription_id
    house.app.subscriptions.pause(ADMIN, name)
    house.clock.move_to(house.clock.now() + timedelta(days=31))
    for _ in range(2):
        assert house.app.billing.charge_next(BILLING, name, through=date(2026, 12, 24)) is not None
    house.app.counters.follow()
    assert counts(house) == {SubscriptionStatus.PAUSED: 1}
