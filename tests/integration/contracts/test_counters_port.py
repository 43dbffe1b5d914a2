"""What `ports.counters.Counters` promises, on every store."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

import pytest
from tests.integration.contracts.samples import KITE, NOON, ZEBU, ZEBU_TEST, basket, saved
from tests.integration.contracts.stores import OWNER, Store, everything

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Update
from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.ports.counters import MAX_COUNTERS_A_COMMIT, Checkpoint, Counted, RecountMark, StatusCount
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.unit_of_work import Write

LATER = NOON + timedelta(minutes=1)
MARK, OTHER = RecountMark("req_00000000000a", NOON), RecountMark("req_00000000000b", LATER)


ACTIVE, PAUSED = SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED


def active(partner_id: PartnerId) -> StatusCount:
    return StatusCount(partner_id, ACTIVE)


def counted(store: Store, partner_id: PartnerId) -> int:
    """A partner's active ones."""
    return store.counters.of_partner(partner_id)[ACTIVE]


def count(store: Store, deltas: Mapping[Counted, int], since: str | None, until: str) -> None:
    store.units.commit(*store.counters.counting(deltas, since=since, until=until, at=NOON))


def mark(store: Store, of: RecountMark = MARK, only_from: Checkpoint | None = None) -> None:
    store.units.commit(*store.counters.marking(of, only_from=only_from))


def subscribers(store: Store, basket_id: str) -> int:
    shown = store.templates.shown(basket_id)
    assert shown is not None
    return shown.subscriber_count


def refused(store: Store, stage: Callable[[], list[Write]]) -> None:
    """The commit is refused, and nothing is written."""
    before = everything(store.engine)
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(*stage())
    assert everything(store.engine) == before


def test_nothing_is_counted_at_first(store: Store) -> None:
    assert store.counters.checkpoint() == Checkpoint()
    assert store.counters.of_partner(ZEBU) == dict.fromkeys(SubscriptionStatus, 0)


def test_changes_add_up_and_move_the_checkpoint(store: Store) -> None:
    saved(store, basket("basket_1"))
    count(store, {active(ZEBU): 3, active(ZEBU_TEST): 1, "basket_1": 3}, None, "5")
    count(store, {active(ZEBU): -1, active(KITE): 2, "basket_1": -1}, "5", "9")
    assert [counted(store, each) for each in (ZEBU, ZEBU_TEST, KITE)] == [2, 1, 2]
    assert subscribers(store, "basket_1") == 2
    assert store.counters.checkpoint() == Checkpoint("9", NOON)


def test_each_status_of_a_partner_is_counted_by_itself(store: Store) -> None:
    count(store, {active(ZEBU): 3}, None, "5")
    count(store, {active(ZEBU): -2, StatusCount(ZEBU, PAUSED): 2, StatusCount(KITE, PAUSED): 1}, "5", "6")
    mark(store)
    store.units.commit(*store.counters.correcting({StatusCount(ZEBU, SubscriptionStatus.EXPIRED): 9}, MARK))
    nothing = dict.fromkeys(SubscriptionStatus, 0)
    assert store.counters.of_partner(ZEBU) == {**nothing, ACTIVE: 1, PAUSED: 2, SubscriptionStatus.EXPIRED: 9}
    assert store.counters.of_partner(KITE) == {**nothing, PAUSED: 1}


@pytest.mark.parametrize("since", [None, "4", "9"])
def test_a_follower_that_was_overtaken_counts_nothing(store: Store, since: str | None) -> None:
    count(store, {active(ZEBU): 1}, None, "5")
    refused(store, lambda: store.counters.counting({active(ZEBU): 1}, since=since, until="6", at=NOON))


def test_as_many_counters_as_a_commit_may_touch_are_counted_and_corrected_at_once(store: Store) -> None:
    partners = [PartnerId(f"p{number}", Mode.LIVE) for number in range(MAX_COUNTERS_A_COMMIT)]
    count(store, dict.fromkeys(map(active, partners), 1), None, "5")
    mark(store)
    store.units.commit(*store.counters.correcting(dict.fromkeys(map(active, partners), 7), MARK))
    assert {counted(store, each) for each in partners} == {7}


def test_a_basket_that_is_gone_is_logged_and_keeps_nothing_else_from_being_counted(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    saved(store, basket("basket_1"))
    with caplog.at_level(logging.WARNING, logger="quantleap.store"):
        count(store, {active(ZEBU): 2, "basket_1": 1, "gone": 1}, None, "5")
    assert counted(store, ZEBU) == 2
    assert subscribers(store, "basket_1") == 1
    assert store.counters.checkpoint().position == "5"
    assert store.templates.shown("gone") is None
    assert [record.getMessage() for record in caplog.records] == ["drift: basket gone has subscribers and is gone"]
    assert [store.counters.has_template(each) for each in ("basket_1", "gone")] == [True, False]


def test_a_basket_that_is_gone_does_not_hide_that_the_follower_was_overtaken(store: Store) -> None:
    count(store, {}, None, "5")
    refused(store, lambda: store.counters.counting({"gone": 1}, since=None, until="5", at=NOON))


# Recounting


@pytest.mark.parametrize("since", [None, "5"])
def test_nobody_counts_while_a_recount_holds_the_checkpoint(store: Store, since: str | None) -> None:
    if since is not None:
        count(store, {}, None, since)
    mark(store)
    assert store.counters.checkpoint() == Checkpoint(since, None if since is None else NOON, MARK)
    refused(store, lambda: store.counters.counting({active(ZEBU): 1}, since=since, until="6", at=NOON))


def test_a_recount_says_what_counters_are_and_lets_counting_go_on_from_its_position(store: Store) -> None:
    saved(store, basket("basket_1"))
    count(store, {active(ZEBU): 3, "basket_1": 3}, None, "5")
    mark(store)
    store.units.commit(*store.counters.correcting({active(ZEBU): 1, active(KITE): 4, "basket_1": 0, "gone": 2}, MARK))
    store.units.commit(*store.counters.unmarking(MARK, until="8", at=LATER))
    assert store.counters.checkpoint() == Checkpoint("8", LATER)
    count(store, {active(ZEBU): 1, "basket_1": 1}, "8", "9")
    assert (counted(store, ZEBU), counted(store, KITE)) == (2, 4)
    assert subscribers(store, "basket_1") == 1
    assert store.templates.shown("gone") is None


def test_a_recount_of_an_empty_feed_lets_counting_begin_at_its_beginning(store: Store) -> None:
    count(store, {}, None, "5")
    mark(store)
    store.units.commit(*store.counters.unmarking(MARK, until=None, at=LATER))
    assert store.counters.checkpoint() == Checkpoint(None, LATER)
    count(store, {active(ZEBU): 1}, None, "1")


def test_a_recount_that_another_took_over_from_writes_nothing_more(store: Store) -> None:
    mark(store)
    mark(store, OTHER)
    assert store.counters.checkpoint().recount == OTHER
    refused(store, lambda: store.counters.correcting({active(ZEBU): 1}, MARK))
    refused(store, lambda: store.counters.unmarking(MARK, until="5", at=LATER))
    store.units.commit(*store.counters.unmarking(OTHER, until="5", at=LATER))
    refused(store, lambda: store.counters.correcting({active(ZEBU): 1}, OTHER))


@pytest.mark.parametrize("stands_at", [Checkpoint(), Checkpoint("5"), Checkpoint("5", None, MARK)], ids=str)
def test_a_recount_may_begin_only_where_counting_stands_at_one_place(store: Store, stands_at: Checkpoint) -> None:
    if stands_at.position is not None:
        count(store, {}, None, stands_at.position)
    if stands_at.recount is not None:
        mark(store, stands_at.recount)
    for elsewhere in (Checkpoint("4"), Checkpoint(stands_at.position, None, OTHER), Checkpoint(None, None, MARK)):
        refused(store, partial(store.counters.marking, OTHER, only_from=elsewhere))
    mark(store, OTHER, stands_at)
    assert store.counters.checkpoint().recount == OTHER


def test_a_checkpoint_that_cannot_be_read_is_corrupt_and_a_recount_makes_it_anew(store: Store) -> None:
    count(store, {}, None, "5")
    store.engine.write(Update(keys.COUNTERS_CHECKPOINT, assign={"position": 5}))
    with pytest.raises(CorruptDataError):
        store.counters.checkpoint()
    mark(store)
    store.units.commit(*store.counters.unmarking(MARK, until="9", at=LATER))
    assert store.counters.checkpoint() == Checkpoint("9", LATER)


def test_a_counter_that_is_no_number_is_corrupt_until_it_is_corrected(store: Store) -> None:
    saved(store, basket("basket_1"))
    store.engine.write(Update(keys.partner_counters(ZEBU), assign={"active_subscriptions": "many"}))
    with pytest.raises(CorruptDataError):
        store.counters.of_partner(ZEBU)
    store.engine.write(Update(keys.basket(OWNER, "basket_1"), remove=("subscriber_count",)))
    mark(store)
    store.units.commit(*store.counters.correcting({active(ZEBU): 2, "basket_1": 2}, MARK))
    assert (counted(store, ZEBU), subscribers(store, "basket_1")) == (2, 2)
