"""What was read is given again while its time lasts; it is bounded, and what is not there is never remembered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from quantleap.adapters.system.clock import DrivenClock
from quantleap.application.recent import Recent

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
FIVE = timedelta(seconds=5)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def clock() -> DrivenClock:
    return DrivenClock(NOON)


class Source:
    """Gives a greater number at each read, after something happened."""

    def __init__(self) -> None:
        self.reads: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def read(self, key: str) -> int:
        self.reads.append(key)
        number = len(self.reads)
        self.meanwhile()
        return number


def test_a_value_is_given_again_until_its_time_is_over(clock: DrivenClock) -> None:
    source, recent = Source(), Recent[str, int](clock, FIVE, size=10)
    assert recent.get("a", source.read) == 1
    clock.move_to(NOON + FIVE - INSTANT)
    assert recent.get("a", source.read) == 1
    clock.move_to(NOON + FIVE)
    assert recent.get("a", source.read) == 2


def test_its_time_begins_when_the_read_begins(clock: DrivenClock) -> None:
    """A commit that came while it was read may not be in it."""
    source, recent = Source(), Recent[str, int](clock, FIVE, size=10)
    source.meanwhile = lambda: clock.move_to(NOON + FIVE - INSTANT)
    recent.get("a", source.read)
    source.meanwhile = lambda: None
    clock.move_to(NOON + FIVE)
    assert recent.get("a", source.read) == 2


def test_a_slow_read_does_not_put_back_what_a_later_one_found(clock: DrivenClock) -> None:
    source, recent = Source(), Recent[str, int](clock, FIVE, size=10)

    def overtake() -> None:
        source.meanwhile = lambda: None
        clock.move_to(NOON + timedelta(seconds=1))
        recent.get("a", source.read)

    source.meanwhile = overtake
    assert recent.get("a", source.read) == 1
    assert recent.get("a", source.read) == 2
    assert len(source.reads) == 2


def test_where_nothing_is_kept_everything_is_read(clock: DrivenClock) -> None:
    source, recent = Source(), Recent[str, int](clock, timedelta(0), size=10)
    assert [recent.get("a", source.read) for _ in range(3)] == [1, 2, 3]


def test_what_is_not_there_is_asked_for_again(clock: DrivenClock) -> None:
    source, recent = Source(), Recent[str, int](clock, FIVE, size=10)
    assert recent.get("a", lambda _: None) is None
    assert recent.get("a", source.read) == 1


def test_a_read_that_fails_is_told_and_leaves_nothing(clock: DrivenClock) -> None:
    source, recent = Source(), Recent[str, int](clock, FIVE, size=10)

    def fail(_: str) -> int:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        recent.get("a", fail)
    assert recent.get("a", source.read) == 1


def test_it_holds_no_more_than_its_size_and_lets_the_oldest_read_go(clock: DrivenClock) -> None:
    source, recent = Source(), Recent[str, int](clock, FIVE, size=2)
    for key in ("a", "b", "a", "c", "b", "a"):
        recent.get(key, source.read)
    assert source.reads == ["a", "b", "c", "a"]


def test_threads_may_ask_at_once(clock: DrivenClock) -> None:
    recent = Recent[int, int](clock, FIVE, size=3)
    begin = Barrier(8)
    failures: list[int] = []

    def ask(number: int) -> None:
        begin.wait()
        for turn in range(500):
            key = (number + turn) % 5
            if recent.get(key, lambda asked: asked * 10) != key * 10:
                failures.append(key)

    threads = [Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
