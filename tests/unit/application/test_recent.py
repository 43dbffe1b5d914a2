"""What was read is given again while its time lasts; it is bounded, and what is not there is never remembered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Semaphore, Thread

import pytest

from quantleap.adapters.system.clock import DrivenClock
from quantleap.application.recent import Recent

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
FIVE = timedelta(seconds=5)
INSTANT = timedelta(microseconds=1)
GIVE_UP_S = 20.0


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
        clock.move_to(NOON + FIVE)
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


class Watched(DrivenClock):
    """Tells when it was asked so many times, which is once a caller."""

    def __init__(self, callers: int) -> None:
        super().__init__(NOON)
        self._left = Semaphore(callers - 1)
        self.all_asked = Event()

    def now(self) -> datetime:
        if not self._left.acquire(blocking=False):
            self.all_asked.set()
        return super().now()


def answers(callers: int, ask: Callable[[], object]) -> list[object]:
    """Of that many threads, in no order: what each was given, or the error that it met."""
    found: list[object] = []

    def keep() -> None:
        try:
            found.append(ask())
        except OSError as error:
            found.append(str(error))

    threads = [Thread(target=keep, daemon=True) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GIVE_UP_S)
    return found


def test_many_who_ask_at_once_cost_one_read() -> None:
    """The read ends when all of them have asked."""
    clock = Watched(8)
    source, recent = Source(), Recent[str, int](clock, FIVE, size=10)
    source.meanwhile = lambda: clock.all_asked.wait(GIVE_UP_S)
    assert answers(8, lambda: recent.get("a", source.read)) == [1] * 8


def test_a_read_of_one_value_does_not_hold_up_another(clock: DrivenClock) -> None:
    source, recent = Source(), Recent[str, int](clock, FIVE, size=10)

    def read_other() -> None:
        source.meanwhile = lambda: None
        assert answers(1, lambda: recent.get("b", source.read)) == [2]

    source.meanwhile = read_other
    assert recent.get("a", source.read) == 1


def gone(_: str) -> int:
    raise OSError("gone")


@pytest.mark.parametrize(("first", "told"), [(lambda _: None, None), (gone, "gone")], ids=["nothing", "failure"])
def test_what_one_did_not_find_the_others_ask_for_themselves(first: Callable[[str], int | None], told: object) -> None:
    """It may have been made since, and a failure is told to who met it."""
    clock = Watched(3)
    source, recent = Source(), Recent[str, int](clock, FIVE, size=10)
    begun: list[str] = []

    def read(key: str) -> int | None:
        begun.append(key)
        if len(begun) > 1:
            return source.read(key)
        clock.all_asked.wait(GIVE_UP_S)
        return first(key)

    found = answers(3, lambda: recent.get("a", read))
    assert found.count(told) == 1
    assert recent.get("a", read) in found


def test_a_value_grows_old_while_the_clock_stands_still(clock: DrivenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does where the machine's was set back: else a revoked key would be good for as long as that."""
    source, recent = Source(), Recent[str, int](clock, FIVE, size=10)
    assert recent.get("a", source.read) == 1
    monkeypatch.setattr(clock, "running", lambda: FIVE)
    assert recent.get("a", source.read) == 2


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
