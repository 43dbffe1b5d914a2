"""A partner's requests pass at the pace that was agreed, and one that keeps asking is told of once an hour."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from tests.integration.application.house import KITE, NOON, ZEBU, ZEBU_TEST, House
from tests.integration.contracts.doubles import WatchedEngine

from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.records.rate_limits import read_alert
from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.adapters.store.seam import StoreUnavailableError
from quantleap.application.admitting import ALERT_KEPT_FOR, Admitting, unix_ns
from quantleap.composition import DrivenClock
from quantleap.domain.principals import PartnerBackend
from quantleap.ports.rate_limits import RateLimitAlert

BY = PartnerBackend(ZEBU, api_key_id="key_00000001", rate_limit=3)


class Door:
    """Where requests are admitted, by a driven clock, over an engine that is watched."""

    def __init__(self) -> None:
        self.engine = WatchedEngine(MemoryEngine())
        self.clock = DrivenClock(NOON)
        self.admission = self.another()

    def another(self) -> Admitting:
        """As another process over the same store has it."""
        return Admitting(StoredRateLimits(self.engine), self.clock)

    def ask(self, count: int, by: PartnerBackend = BY) -> int:
        """So many requests; how many passed."""
        return sum(self.admission.take(by).allowed for _ in range(count))

    def alerts(self) -> list[RateLimitAlert]:
        """All that are stored."""
        items = self.engine.inside.scan().items
        return [read_alert(item) for item in items if item["entity_type"] == "RATE_LIMIT_ALERT"]


@pytest.fixture
def door(caplog: pytest.LogCaptureFixture) -> Iterator[Door]:
    with caplog.at_level(logging.WARNING, "quantleap.limits"):
        yield Door()


def test_a_limit_is_the_partner_s_own_and_a_bucket_its_own_in_each_mode(any_house: House) -> None:
    take = any_house.app.admission.take
    for by in (BY, evolve(BY, partner_id=ZEBU_TEST, rate_limit=60), evolve(BY, partner_id=KITE, rate_limit=1)):
        answers = [take(by) for _ in range(by.rate_limit + 1)]
        assert [answer.allowed for answer in answers] == [True] * by.rate_limit + [False]


def test_a_second_gives_a_token_for_each_sixty_of_the_limit(any_house: House) -> None:
    by = evolve(BY, rate_limit=120)
    take = any_house.app.admission.take
    assert sum(take(by).allowed for _ in range(130)) == 120
    any_house.clock.move_to(NOON + timedelta(seconds=3))
    assert sum(take(by).allowed for _ in range(130)) == 6


def test_a_partner_that_is_refused_as_often_as_its_limit_is_is_told_of(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    assert door.ask(3 + 2) == 3
    assert (door.alerts(), caplog.messages) == ([], [])
    door.ask(1)
    assert door.alerts() == [
        RateLimitAlert(
            partner_id=ZEBU,
            at=NOON,
            limit=3,
            refused=3,
            api_key_id="key_00000001",
            expires_at=NOON + ALERT_KEPT_FOR,
        )
    ]
    assert caplog.messages == ["partner_zebu_live was refused 3 requests within a minute: its limit"]


def test_it_is_told_of_once_an_hour_however_long_it_goes_on_and_in_however_many_processes(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    for minute in range(30):
        door.clock.move_to(NOON + timedelta(minutes=minute))
        door.ask(30)
    door.admission = door.another()
    door.ask(30)
    assert len(door.alerts()) == len(caplog.messages) == 1
    puts = [call for call in door.engine.calls if call == "write"]
    door.clock.move_to(NOON + timedelta(minutes=31))  # 12:31 in India is 07:01 in UTC: the next hour
    door.ask(30)
    assert [alert.at for alert in door.alerts()] == [NOON, door.clock.now()]
    assert len(door.engine.calls) == len(puts) + 3 + 1


def test_refusals_of_different_minutes_are_not_added_up(door: Door) -> None:
    for minute in range(5):
        door.clock.move_to(NOON + timedelta(minutes=minute))
        assert door.ask(3 + 2) == 3
    assert door.alerts() == []


def test_whom_nobody_could_tell_of_is_refused_all_the_same_and_told_of_later(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise StoreUnavailableError("it is down")

    door.ask(3)
    door.engine.before("write", fail)
    assert door.ask(10) == 0
    assert (door.alerts(), caplog.messages) == ([], [])
    door.clock.move_to(NOON + timedelta(minutes=1))
    door.ask(10)
    assert len(door.alerts()) == len(caplog.messages) == 1


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime.fromisoformat("1970-01-01T00:00:00+00:00"), 0),
        (datetime.fromisoformat("2026-11-24T12:00:00.000001+05:30"), 1_795_501_800_000_001_000),
        (datetime.fromisoformat("1969-12-31T23:59:59.999999+00:00"), -1_000),
    ],
    ids=str,
)
def test_an_instant_in_nanoseconds_is_exact(at: datetime, expected: int) -> None:
    assert unix_ns(at) == expected
