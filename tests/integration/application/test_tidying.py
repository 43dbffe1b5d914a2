"""The sweep removes what has expired, a little at a time, and ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from attrs import define, field
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, NOON, House
from tests.integration.contracts.stores import STORES
from tests.integration.once import attempt, once

from quantleap.application.tidying import MAX_BATCHES, PAUSE, Tidying
from quantleap.composition import DrivenClock
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.paging import ListRequest
from quantleap.ports.expired_records import MAX_REMOVED_AT_ONCE

DAY = timedelta(hours=24)
FIVE_YEARS = timedelta(days=5 * 366)


@define
class Backlog:
    """So many expired records, and what was asked of them; each wait is noted in its place."""

    records: int
    asked: list[object] = field(factory=list)

    def remove(self, at: datetime, *, limit: int) -> int:
        """See `ExpiredRecords.remove`."""
        self.asked.append((at, limit))
        removed = min(limit, self.records)
        self.records -= removed
        return removed

    def wait(self, span: timedelta) -> None:
        """See `Waiting.wait`."""
        self.asked.append(span)


REMOVAL = (NOON, MAX_REMOVED_AT_ONCE)


@pytest.mark.parametrize(
    ("records", "asked"),
    [
        (0, [REMOVAL]),
        (MAX_REMOVED_AT_ONCE - 1, [REMOVAL]),
        (MAX_REMOVED_AT_ONCE, [REMOVAL, PAUSE, REMOVAL]),
        (2 * MAX_REMOVED_AT_ONCE + 1, [REMOVAL, PAUSE, REMOVAL, PAUSE, REMOVAL]),
    ],
    ids=["none", "less than one removal", "just one", "more"],
)
def test_it_goes_on_until_a_removal_finds_less_than_it_may_remove_and_gives_others_their_turn(
    records: int, asked: list[object]
) -> None:
    backlog = Backlog(records)
    assert Tidying(backlog, DrivenClock(NOON), backlog).sweep() == records
    assert backlog.asked == asked


def test_a_long_backlog_is_left_for_the_next_sweep() -> None:
    most = MAX_BATCHES * MAX_REMOVED_AT_ONCE
    backlog = Backlog(most + 1)
    tidying = Tidying(backlog, DrivenClock(NOON), backlog)
    assert [tidying.sweep() for _ in range(3)] == [most, 1, 0]


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    made = House.furnished(STORES[request.param](tmp_path))
    with made.app:
        yield made


def test_answers_go_after_a_day_and_the_trail_after_its_years_and_nothing_else_ever(house: House) -> None:
    app = house.app
    once(app, attempt(ANITA, "k"), partial(app.subscribing.directly, ANITA, basket_id=CONDOR))
    app.allocations.put(BALA, CONDOR, Allocation.single("zebu", "AB1234"))
    app.allocations.delete(BALA, CONDOR)
    app.counters.follow()
    app.auditing.follow()
    lasting = [item for item in house.items() if "expires_at" not in item]
    assert app.tidying.sweep() == 0

    house.clock.move_to(NOON + DAY)
    assert app.tidying.sweep() == 1
    assert "KEPT_ANSWER" not in kinds(house)

    house.clock.move_to(NOON + FIVE_YEARS)
    assert app.tidying.sweep() > 0
    assert house.items() == lasting


def test_what_follows_the_feed_makes_nothing_of_removals(house: House) -> None:
    app = house.app
    app.allocations.put(BALA, CONDOR, Allocation.single("zebu", "AB1234"))
    app.counters.follow()
    app.auditing.follow()
    entries = app.auditing.entries(ADMIN, ListRequest()).entries
    assert entries
    house.clock.move_to(NOON + FIVE_YEARS)
    assert app.tidying.sweep() > 0
    assert (app.counters.follow(), app.auditing.follow()) == (0, 0)
    assert app.verification.verify(ADMIN).differences == ()


def kinds(house: House) -> set[str]:
    return {item["entity_type"] for item in house.items()}
