"""Lets the counters follow the change feed, and makes them anew where that cannot go on."""

import logging
from datetime import datetime, timedelta

from quantleap.application.feed_walking import Stop
from quantleap.application.following import Followed, Follower
from quantleap.application.recounting import Recounting
from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.domain.principals import System
from quantleap.ports.system import Clock

ABANDONED_AFTER = timedelta(hours=6)
"""A recount that holds the counters for so long was killed: its scan takes minutes, an hour where there is much."""

_UPKEEP = System("counting")

_log = logging.getLogger("quantleap.counters")


class Counting:
    """Brings the counters up to date. May run anywhere, any number of times, killed at any line."""

    def __init__(self, follower: Follower, recounting: Recounting, clock: Clock) -> None:
        self._follower = follower
        self._recounting = recounting
        self._clock = clock

    def follow(self) -> int:
        """Count what was committed before it began; returns how many facts it counted one by one.

        It stops early when another follower is at work, which counts the rest, and counts nothing while a recount is
        under way. Where the feed has passed it by, and where a recount was given up, it recounts. A change that cannot
        be read is passed over and logged: `verify` names the counter that is wrong by it. Raises FeedTrimmedError as
        `Recounting.recount` does.
        """
        followed = self._follower.catch_up()
        for error in followed.unreadable:
            _log.warning("a change was passed over: %s", error)
        if followed.stop is Stop.HELD and not _is_abandoned(followed, self._clock.now()):
            _log.warning("nothing was counted: a recount is under way, or was ended early (run `quantleap recount`)")
        elif followed.stop in (Stop.HELD, Stop.LOST):
            return followed.counted + self._recounted(followed)
        return followed.counted

    def _recounted(self, followed: Followed) -> int:
        """How many facts were counted after a recount, which another follower may have begun first."""
        _log.warning("the counters are made anew: %s", followed.reason or "a recount was given up")
        try:
            self._recounting.recount(_UPKEEP, only_from=followed.checkpoint)
        except ConcurrentUpdateError:
            return 0
        return self._follower.catch_up().counted


def _is_abandoned(followed: Followed, now: datetime) -> bool:
    mark = None if followed.checkpoint is None else followed.checkpoint.recount
    return mark is not None and now - mark.since >= ABANDONED_AFTER
