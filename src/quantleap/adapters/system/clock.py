"""The machine's clock, held so that it never runs backwards within the process, and waiting by it."""

import threading
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """See `quantleap.ports.system.Clock`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The present, or the latest instant given before when the machine's clock was set back."""
        with self._lock:
            self._latest = max(self._latest, datetime.now(UTC))
            return self._latest

    def running(self) -> timedelta:
        """See `Clock.running`."""
        return timedelta(seconds=time.monotonic())


class SystemWaiting:
    """See `quantleap.ports.system.Waiting`. The thread sleeps."""

    def wait(self, span: timedelta) -> None:
        """See `Waiting.wait`."""
        time.sleep(span.total_seconds())


class DrivenClock:
    """A clock that stands still until it is moved: for tests, demos and simulations."""

    def __init__(self, start: datetime) -> None:
        self._start = self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last moved to."""
        return self._now

    def running(self) -> timedelta:
        """For as long as it was moved."""
        return self._now - self._start

    def move_to(self, instant: datetime) -> None:
        """Forwards only."""
        if instant < self._now:
            raise ValueError("a clock moves forwards only")
        self._now = instant.astimezone(UTC)
