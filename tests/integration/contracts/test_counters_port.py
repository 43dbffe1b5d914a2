"""What `ports.counters.Counters` promises, on every store."""

import logging

import pytest
from tests.integration.contracts.samples import KITE, ZEBU, ZEBU_TEST, basket, saved
from tests.integration.contracts.stores import Store, everything

from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.ports.counters import LiveDeltas


def count(store: Store, deltas: LiveDeltas, since: str | None, until: str) -> None:
    store.units.commit(*store.counters.counting(deltas, since=since, until=until))


def subscribers(store: Store, basket_id: str) -> int:
    shown = store.templates.shown(basket_id)
    assert shown is not None
    return shown.subscriber_count


def test_nothing_is_counted_at_first(store: Store) -> None:
    assert store.counters.checkpoint() is None
    assert store.counters.live_of(ZEBU) == 0


def test_changes_add_up_and_move_the_checkpoint(store: Store) -> None:
    saved(store, basket("basket_1"))
    count(store, LiveDeltas({ZEBU: 3, ZEBU_TEST: 1}, {"basket_1": 3}), None, "5")
    count(store, LiveDeltas({ZEBU: -1, KITE: 2}, {"basket_1": -1}), "5", "9")
    assert [store.counters.live_of(each) for each in (ZEBU, ZEBU_TEST, KITE)] == [2, 1, 2]
    assert subscribers(store, "basket_1") == 2
    assert store.counters.checkpoint() == "9"


@pytest.mark.parametrize("since", [None, "4", "9"])
def test_a_follower_that_was_overtaken_counts_nothing(store: Store, since: str | None) -> None:
    count(store, LiveDeltas({ZEBU: 1}, {}), None, "5")
    before = everything(store.engine)
    with pytest.raises(ConcurrentUpdateError):
        count(store, LiveDeltas({ZEBU: 1}, {}), since, "6")
    assert everything(store.engine) == before


def test_a_basket_that_is_gone_is_logged_and_keeps_nothing_else_from_being_counted(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    saved(store, basket("basket_1"))
    with caplog.at_level(logging.WARNING, logger="quantleap.store"):
        count(store, LiveDeltas({ZEBU: 2}, {"basket_1": 1, "gone": 1}), None, "5")
    assert store.counters.live_of(ZEBU) == 2
    assert subscribers(store, "basket_1") == 1
    assert store.counters.checkpoint() == "5"
    assert store.templates.shown("gone") is None
    assert [record.getMessage() for record in caplog.records] == ["drift: basket gone has subscribers and is gone"]


def test_a_basket_that_is_gone_does_not_hide_that_the_follower_was_overtaken(store: Store) -> None:
    count(store, LiveDeltas({}, {}), None, "5")
    with pytest.raises(ConcurrentUpdateError):
        count(store, LiveDeltas({}, {"gone": 1}), None, "5")
