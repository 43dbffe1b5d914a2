"""The rate limit: a token bucket in its GCRA form, whose whole state is one stored time.

The stored time is when the bucket will be full again (the "theoretical arrival time" of ITU-T I.371). A bucket of limit
N holds N tokens and gains one each `interval_ns(N)`: 60 s / N, rounded up to the nanosecond. That is exact where N
divides a minute's nanoseconds, as 60 does, else slower by less than one part in 600,000 and never faster: over any t
seconds at most N + t * N / 60 requests pass. A stored time means the same under every limit, so limits may change.
"""

from attrs import frozen

from quantleap.domain.errors import RateLimitExceededError
from quantleap.domain.validation import checked_int

DEFAULT_LIMIT = 60
MAX_LIMIT = 100_000
MINUTE_NS = 60_000_000_000
SECOND_NS = 1_000_000_000


@frozen
class Taken:
    """What asking for a token did. `stored_ns` is to be stored when `allowed`, else it is unchanged.

    `remaining` whole tokens are left; `reset_at_s` is the Unix second by which the bucket is full; `retry_after_s` is
    after how many seconds asking again can succeed: at least 1, or 0 when allowed.
    """

    allowed: bool
    stored_ns: int
    remaining: int
    reset_at_s: int
    retry_after_s: int

    def require_allowed(self, limit: int) -> None:
        """Raise RateLimitExceededError unless there was a token; `limit` is the one that it was asked under."""
        if not self.allowed:
            raise RateLimitExceededError(limit, self.remaining, self.reset_at_s, self.retry_after_s)


def interval_ns(limit: int) -> int:
    """Nanoseconds in which a bucket of that limit (requests a minute) gains one token."""
    return -(-MINUTE_NS // limit)


def tolerance_ns(limit: int) -> int:
    """How far the stored time may be ahead of now for one more token to be there: all tokens but one."""
    return (limit - 1) * interval_ns(limit)


def take(stored_ns: int | None, now_ns: int, limit: int = DEFAULT_LIMIT) -> Taken:
    """Take one token at `now_ns` (Unix time) from the bucket stored as `stored_ns`, None when it was never used.

    `limit` is in requests a minute, 1 to 100,000. A clock that steps back finds fewer tokens, never more.
    """
    checked_int(limit, "limit", 1, MAX_LIMIT)
    interval = interval_ns(limit)
    full_at = now_ns if stored_ns is None or stored_ns < now_ns else stored_ns
    wait = full_at - now_ns - tolerance_ns(limit)
    if wait > 0:
        return _taken(full_at, allowed=False, remaining=0, wait_ns=wait)
    # `-wait` is how long the tokens beyond the one taken now took to gather.
    return _taken(full_at + interval, allowed=True, remaining=-wait // interval, wait_ns=0)


def _taken(full_at_ns: int, *, allowed: bool, remaining: int, wait_ns: int) -> Taken:
    return Taken(allowed, full_at_ns, remaining, -(-full_at_ns // SECOND_NS), -(-wait_ns // SECOND_NS))
