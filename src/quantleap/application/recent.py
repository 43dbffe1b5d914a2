"""Remembers for a moment what was read, so that many who ask at once cost one read."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from attrs import frozen

from quantleap.ports.system import Clock

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


@frozen
class _Remembered(Generic[ValueT]):
    value: ValueT
    asked_at: datetime


class Recent(Generic[KeyT, ValueT]):
    """At most `size` values by key, the newest reads among them, each for `kept_for` (for none: read every time).

    Safe to share between threads. A value is as old as the moment its read began, so that none is given later than
    `kept_for` after a commit that it has not seen. What is not there (None) is never remembered: it may be made the
    next moment.
    """

    def __init__(self, clock: Clock, kept_for: timedelta, *, size: int) -> None:
        self._clock = clock
        self._kept_for = kept_for
        self._size = size
        self._lock = Lock()
        self._remembered: dict[KeyT, _Remembered[ValueT]] = {}

    def get(self, key: KeyT, read: Callable[[KeyT], ValueT | None]) -> ValueT | None:
        """The value of the key: remembered, or read now. Raises whatever `read` raises."""
        now = self._clock.now()
        with self._lock:
            known = self._remembered.get(key)
        if known is not None and now - known.asked_at < self._kept_for:
            return known.value
        value = read(key)
        if value is not None and self._kept_for:
            self._remember(key, _Remembered(value, now))
        return value

    def _remember(self, key: KeyT, read: _Remembered[ValueT]) -> None:
        with self._lock:
            known = self._remembered.get(key)
            if known is not None and known.asked_at > read.asked_at:
                return
            self._remembered.pop(key, None)
            while len(self._remembered) >= self._size:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[key] = read
