"""Admits a partner's requests at the pace that was agreed."""

from datetime import UTC, datetime

from quantleap.domain.partners.token_bucket import SECOND_NS, Taken
from quantleap.domain.principals import PartnerBackend
from quantleap.ports.rate_limits import RateLimits
from quantleap.ports.system import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND_NS = 1000


class Admitting:
    """Takes a token of the partner's bucket for every request that it makes."""

    def __init__(self, limits: RateLimits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock

    def take(self, by: PartnerBackend) -> Taken:
        """What asking for a token did; the use is counted for the caller's key pair. Raises UnavailableError."""
        return self._limits.take(
            by.partner_id, limit=by.rate_limit, now_ns=unix_ns(self._clock.now()), api_key_id=by.api_key_id
        )


def unix_ns(at: datetime) -> int:
    """Unix time in nanoseconds, exactly."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND_NS + since.microseconds * _MICROSECOND_NS
