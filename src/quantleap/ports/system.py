"""Time, identifiers and chance: what the pure core may not reach for itself."""

from datetime import datetime, timedelta
from typing import Protocol

from attrs import frozen

from quantleap.domain.identifiers import PartnerId


class Clock(Protocol):
    """The present."""

    def now(self) -> datetime:
        """The instant, in UTC, with its zone; never earlier than an instant it gave before in this process."""

    def running(self) -> timedelta:
        """How long it runs: since some fixed moment, evenly, also where the machine's clock is set back."""


USUAL_STALENESS_S, MAX_STALENESS_S = 5, 60
"""What a service has unless it is set, and may have at most."""


@frozen
class Staleness:
    """For how long what was read may be given again without reading it: none is read your own writes."""

    at_most: timedelta = timedelta(0)


class Waiting(Protocol):
    """Letting time pass."""

    def wait(self, span: timedelta) -> None:
        """Return when that much time has passed; at once for none."""


class Identifiers(Protocol):
    """Names that nobody had before."""

    def subscription_id(self, partner: PartnerId | None) -> str:
        """`sub_{partner}_{...}`, or `sub_direct_{...}`: unique, rising with time."""

    def api_key_id(self) -> str:
        """`key_{...}`: unique, rising with time."""

    def request_id(self) -> str:
        """`req_` and 12 hexadecimal digits, at random."""


class Chance(Protocol):
    """Randomness good enough for secrets."""

    def alphanumerics(self, count: int) -> str:
        """That many of A-Z, a-z, 0-9, each equally likely, unguessable."""
