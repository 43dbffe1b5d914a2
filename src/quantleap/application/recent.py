"""Remembers for a moment what was read, so that many who ask at once cost one read."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Lock
from typing import Generic, TypeVar

from attrs import Factory, frozen

from quantleap.ports.system import Clock

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


@frozen
class _Moment:
    """By the clock, and by how long it runs: the one may stand still, the other while the machine is frozen."""

    at: datetime
    running: timedelta

    def is_within(self, span: timedelta, now: "_Moment") -> bool:
        return now.at - self.at < span and now.running - self.running < span


@frozen(eq=False)
class _Read:
    """One under way, or that has ended; the later it began the greater its number."""

    number: int
    began: _Moment
    has_ended: Event = Factory(Event)


@frozen
class _Remembered(Generic[ValueT]):
    value: ValueT
    read: _Read


class Recent(Generic[KeyT, ValueT]):
    """At most `size` values by key, the newest reads among them, each for `kept_for` (for none: read every time).

    Safe to share between threads. A value is as old as the moment its read began, so that none is given later than
    `kept_for` after a commit that it has not seen. Who asks while a read is under way waits for it, unless what it
    finds would be too old. What is not there (None) is never remembered: it may be made the next moment, so that
    whoever waited in vain reads.
    """

    def __init__(self, clock: Clock, kept_for: timedelta, *, size: int) -> None:
        self._clock = clock
        self._kept_for = kept_for
        self._size = size
        self._lock = Lock()
        self._remembered: dict[KeyT, _Remembered[ValueT]] = {}
        self._under_way: dict[KeyT, _Read] = {}
        self._reads = 0

    def get(self, key: KeyT, read: Callable[[KeyT], ValueT | None]) -> ValueT | None:
        """The value of the key: remembered, or read now. Raises whatever `read` raises."""
        if not self._kept_for:
            return read(key)
        asked = self._now()
        with self._lock:
            if (known := self._known(key, asked)) is not None:
                return known.value
            other = self._other(key, asked)
            if other is None:
                ours = self._under_way[key] = self._begun(asked)
        if other is None:
            return self._first(key, read, ours)
        other.has_ended.wait()
        return self._after_another(key, read)

    def _first(self, key: KeyT, read: Callable[[KeyT], ValueT | None], ours: _Read) -> ValueT | None:
        try:
            return self._read(key, read, ours)
        finally:
            with self._lock:
                if self._under_way.get(key) is ours:
                    del self._under_way[key]
            ours.has_ended.set()

    def _after_another(self, key: KeyT, read: Callable[[KeyT], ValueT | None]) -> ValueT | None:
        now = self._now()
        with self._lock:
            known = self._known(key, now)
            ours = self._begun(now)
        return self._read(key, read, ours) if known is None else known.value

    def _read(self, key: KeyT, read: Callable[[KeyT], ValueT | None], ours: _Read) -> ValueT | None:
        value = read(key)
        if value is not None:
            self._remember(key, _Remembered(value, ours))
        return value

    def _now(self) -> _Moment:
        return _Moment(self._clock.now(), self._clock.running())

    def _begun(self, now: _Moment) -> _Read:
        self._reads += 1
        return _Read(self._reads, now)

    def _known(self, key: KeyT, now: _Moment) -> _Remembered[ValueT] | None:
        known = self._remembered.get(key)
        return known if known is not None and known.read.began.is_within(self._kept_for, now) else None

    def _other(self, key: KeyT, now: _Moment) -> _Read | None:
        other = self._under_way.get(key)
        return other if other is not None and other.began.is_within(self._kept_for, now) else None

    def _remember(self, key: KeyT, found: _Remembered[ValueT]) -> None:
        with self._lock:
            known = self._remembered.get(key)
            if known is not None and known.read.number > found.read.number:
                return
            self._remembered.pop(key, None)
            while len(self._remembered) >= self._size:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[key] = found
