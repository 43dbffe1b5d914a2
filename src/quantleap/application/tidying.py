"""Removes records whose time has passed, where the store does not do so by itself."""

from datetime import timedelta

from quantleap.ports.expired_records import MAX_REMOVED_AT_ONCE, ExpiredRecords
from quantleap.ports.system import Clock, Waiting

MAX_BATCHES = 100
"""So many removals are the most of one sweep: it ends within seconds."""

PAUSE = timedelta(milliseconds=20)
"""Between two removals, so that other writers come to their turn."""


class Tidying:
    """For whoever runs the store. It needs no principal: it shows nothing, and what it removes counts as absent."""

    def __init__(self, expired: ExpiredRecords, clock: Clock, waiting: Waiting) -> None:
        self._expired = expired
        self._clock = clock
        self._waiting = waiting

    def sweep(self) -> int:
        """Remove what has expired, at most 10,000 records, those that expired first; returns how many it removed.

        May run anywhere, any number of times, killed at any line. On DynamoDB it has nothing to do. Raises
        UnavailableError.
        """
        now = self._clock.now()
        removed = 0
        for _ in range(MAX_BATCHES):
            count = self._expired.remove(now, limit=MAX_REMOVED_AT_ONCE)
            removed += count
            if count < MAX_REMOVED_AT_ONCE:
                break
            self._waiting.wait(PAUSE)
        return removed
