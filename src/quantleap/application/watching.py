"""Watches authentication that was refused: counted and logged, with no part of any credential."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeAlias

from attrs import define, frozen

from quantleap.domain.errors import AuthenticationError, InvalidCredentialsError
from quantleap.domain.partners.credentials import parse_api_key
from quantleap.ports.system import Clock

LOGGED_EVERY = timedelta(seconds=1)
"""So often at most a line is logged for one partner; the line says how many refusals it stands for."""

MAX_PARTNERS = 1000
"""Partners that are told apart: names can be invented, memory cannot. Those after them count as none."""

_log = logging.getLogger("quantleap.authentication")


@frozen
class Refused:
    """Why it was refused (the error's code), and the slug of the partner that a well-formed key named.

    The name is only claimed: whoever was refused proved nothing.
    """

    reason: str
    partner: str | None


Hook: TypeAlias = Callable[[Refused], None]
"""Told of each refusal, as a metric is."""


@define
class _Line:
    """When a partner's last line was logged, and how many refusals came after it."""

    at: datetime
    unlogged: int = 0


class RefusedAuthentications:
    """What this process refused since it began. Any thread may use it at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: Counter[Refused] = Counter()
        self._lines: dict[str | None, _Line] = {}
        self._hooks: tuple[Hook, ...] = ()
        self._lock = Lock()

    def refused(self, error: AuthenticationError, *, api_key: object = None) -> None:
        """Count a refusal. Of `api_key`, the public half as presented, the partner's name is used, if it has one."""
        with self._lock:
            refusal = Refused(error.code, self._known(_slug_in(api_key)))
            self._counts[refusal] += 1
            unlogged = self._due(refusal.partner)
        if unlogged:
            _log.warning(
                "authentication refused: %s, partner %s, %d since the last line",
                refusal.reason,
                refusal.partner or "unknown",
                unlogged,
                extra={"reason": refusal.reason, "partner": refusal.partner, "refused": unlogged},
            )
        for hook in self._hooks:
            hook(refusal)

    def counts(self) -> Mapping[Refused, int]:
        """How often each was refused."""
        with self._lock:
            return dict(self._counts)

    def tell(self, hook: Hook) -> None:
        """Tell this of every refusal from now on."""
        self._hooks = (*self._hooks, hook)

    def _known(self, slug: str | None) -> str | None:
        return slug if slug in self._lines or len(self._lines) < MAX_PARTNERS else None

    def _due(self, partner: str | None) -> int:
        """How many refusals a line is due for; none is where one was logged just now."""
        now, line = self._clock.now(), self._lines.get(partner)
        if line is not None and now - line.at < LOGGED_EVERY:
            line.unlogged += 1
            return 0
        self._lines[partner] = _Line(now)
        return 1 if line is None else line.unlogged + 1


def _slug_in(api_key: object) -> str | None:
    try:
        return parse_api_key(api_key).slug
    except InvalidCredentialsError:
        return None
