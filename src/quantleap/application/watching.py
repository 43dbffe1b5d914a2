"""Watches authentication that was refused: logged and each counted, with no part of any credential."""

import logging
from datetime import datetime, timedelta
from threading import Lock

from attrs import define

from quantleap.domain.errors import AuthenticationError, InvalidCredentialsError
from quantleap.domain.partners.credentials import parse_api_key
from quantleap.ports.system import Clock

LOGGED_EVERY = timedelta(seconds=1)
"""So often at most a line is logged for one partner; the line says how many refusals it stands for."""

MAX_PARTNERS = 1000
"""Partners that are told apart: names can be invented, memory cannot. Those after them count as none."""

_log = logging.getLogger("quantleap.authentication")


@define
class _Line:
    """When a partner's last line was logged, and how many refusals came after it."""

    at: datetime
    unlogged: int = 0


class RefusedAuthentications:
    """Logs what this process refuses. Any thread may use it at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[str | None, _Line] = {}
        self._lock = Lock()

    def refused(self, error: AuthenticationError, *, api_key: object = None) -> None:
        """Log a refusal by the error's code and the partner whose name `api_key` has, the public half as presented.

        The name is only claimed: whoever was refused proved nothing.
        """
        with self._lock:
            partner = self._known(_slug_in(api_key))
            unlogged = self._due(partner)
        if unlogged:
            _log.warning(
                "authentication refused: %s, partner %s, %d since the last line",
                error.code,
                partner or "unknown",
                unlogged,
                extra={"reason": error.code, "partner": partner, "refused": unlogged},
            )

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
