"""Admits a partner's requests at the pace that was agreed, and tells once of one that keeps asking."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Lock

from attrs import define

from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.token_bucket import SECOND_NS, Taken
from quantleap.domain.principals import PartnerBackend
from quantleap.ports.errors import UnavailableError
from quantleap.ports.rate_limits import RateLimitAlert, RateLimits
from quantleap.ports.system import Clock

ALERT_KEPT_FOR = timedelta(days=90)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND_NS = 1000

_log = logging.getLogger("quantleap.limits")


@define
class _Refused:
    """How many requests of a partner were refused in a minute of the clock, and the last hour that was told of."""

    minute: datetime
    count: int = 0
    told_of: datetime | None = None


class Admitting:
    """Takes a token of the partner's bucket for every request that it makes.

    A partner that this process refuses as many requests in one minute of the clock as its limit is, so that it asks for
    twice what was agreed, is told of: one alert an hour is stored, and logged by whoever stored it.
    """

    def __init__(self, limits: RateLimits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._refused: dict[PartnerId, _Refused] = {}
        self._counting = Lock()

    def take(self, by: PartnerBackend) -> Taken:
        """What asking for a token did; the use is counted for the caller's key pair. Raises UnavailableError."""
        now = self._clock.now()
        taken = self._limits.take(by.partner_id, limit=by.rate_limit, now_ns=unix_ns(now), api_key_id=by.api_key_id)
        if not taken.allowed and self._is_abuse(by, now):
            self._alert(by, now)
        return taken

    def _is_abuse(self, by: PartnerBackend, now: datetime) -> bool:
        """Count the refusal; whether it is the one by which the partner is told of."""
        minute = now.replace(second=0, microsecond=0)
        with self._counting:
            refused = self._refused.setdefault(by.partner_id, _Refused(minute))
            if refused.minute != minute:
                refused.minute, refused.count = minute, 0
            refused.count += 1
            return refused.count == by.rate_limit and refused.told_of != _hour(now)

    def _alert(self, by: PartnerBackend, now: datetime) -> None:
        alert = RateLimitAlert(
            partner_id=by.partner_id,
            at=now,
            limit=by.rate_limit,
            refused=by.rate_limit,
            api_key_id=by.api_key_id,
            expires_at=now + ALERT_KEPT_FOR,
        )
        try:
            is_first = self._limits.alerting(alert)
        except UnavailableError:
            return  # the caller is refused all the same, and told of in the next minute of it
        with self._counting:
            self._refused[by.partner_id].told_of = _hour(now)
        if is_first:
            _log.warning("%s was refused %d requests within a minute: its limit", by.partner_id, by.rate_limit)


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def unix_ns(at: datetime) -> int:
    """Unix time in nanoseconds, exactly."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND_NS + since.microseconds * _MICROSECOND_NS
