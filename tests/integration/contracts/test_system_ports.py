"""What `ports.system` promises of the machine's clock, waiting, identifiers and randomness, and of a driven clock."""

import string
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from tests.integration.contracts.samples import NOON, ZEBU

from quantleap.adapters.system.clock import DrivenClock, SystemClock, SystemWaiting
from quantleap.adapters.system.identifiers import SystemChance, SystemIdentifiers
from quantleap.domain import identifiers
from quantleap.domain.periods import KOLKATA


def test_the_clock_gives_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_the_clock_stands_still_rather_than_run_backwards() -> None:
    clock = SystemClock()
    ahead = datetime.now(UTC) + timedelta(hours=1)
    clock._latest = ahead  # the machine's clock is set back by an hour
    assert [clock.now(), clock.now()] == [ahead, ahead]


def test_no_thread_sees_the_clock_run_backwards() -> None:
    clock = SystemClock()
    with ThreadPoolExecutor(4) as pool:
        for seen in pool.map(lambda _: [clock.now() for _ in range(200)], range(4)):
            assert seen == sorted(seen)


def test_the_clock_runs_on_while_it_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SystemClock()
    clock._latest = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr("time.monotonic", iter([7.0, 9.5]).__next__)
    assert -(clock.running() - clock.running()) == timedelta(seconds=2.5)


def test_waiting_sleeps_for_the_span_that_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    SystemWaiting().wait(timedelta(seconds=10))
    assert slept == [10.0]


def test_a_driven_clock_stands_still_until_it_is_moved_and_moves_forwards_only() -> None:
    clock = DrivenClock(NOON.astimezone(KOLKATA))
    assert clock.now() == clock.now() == NOON
    clock.move_to(NOON)
    clock.move_to((NOON + timedelta(days=1)).astimezone(KOLKATA))
    assert clock.now() == NOON + timedelta(days=1)
    assert clock.running() == timedelta(days=1)
    assert clock.now().tzinfo is UTC
    with pytest.raises(ValueError, match="forwards only"):
        clock.move_to(NOON)
    assert clock.now() == NOON + timedelta(days=1)


def test_identifiers_are_of_their_formats_unique_and_rise_with_time() -> None:
    made = SystemIdentifiers()
    partner = [identifiers.subscription_id(made.subscription_id(ZEBU)) for _ in range(500)]
    direct = [identifiers.subscription_id(made.subscription_id(None)) for _ in range(500)]
    keys = [identifiers.api_key_id(made.api_key_id()) for _ in range(500)]
    for rising in (partner, direct, keys):
        assert rising == sorted(set(rising))
    assert all(name.startswith("sub_zebu_") for name in partner)
    assert all(name.startswith("sub_direct_") for name in direct)
    requests = [identifiers.request_id(made.request_id()) for _ in range(500)]
    assert len(set(requests)) == 500


@pytest.mark.parametrize("count", [0, 1, 32, 42])
def test_chance_gives_as_many_letters_and_digits_as_asked(count: int) -> None:
    drawn = SystemChance().alphanumerics(count)
    assert len(drawn) == count
    assert set(drawn) <= set(string.ascii_letters + string.digits)


def test_chance_gives_every_letter_and_digit_about_as_often() -> None:
    drawn = SystemChance().alphanumerics(62 * 400)
    counts = [drawn.count(each) for each in string.ascii_letters + string.digits]
    assert min(counts) > 250  # of 400: 7.5 standard deviations
    assert max(counts) < 550
