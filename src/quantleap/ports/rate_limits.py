"""Each partner's bucket of tokens, how often each of its key pairs was used, and that it was refused too often."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from attrs import frozen

from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.token_bucket import Taken


@frozen(kw_only=True)
class RateLimitAlert:
    """That `refused` requests of a partner found no token within one minute, under a limit of `limit` a minute.

    `api_key_id` names the key pair of the last of them, None where there was none.
    """

    partner_id: PartnerId
    at: datetime
    limit: int
    refused: int
    api_key_id: str | None
    expires_at: datetime


class RateLimits(Protocol):
    """One bucket a partner and mode, shared by every process over the store."""

    def take(self, partner_id: PartnerId, *, limit: int, now_ns: int, api_key_id: str | None) -> Taken:
        """Take a token at that instant (Unix time in nanoseconds), and count the use of the key pair that asked.

        Exact to the token whoever else takes one at once: over t seconds at most `limit + t * limit / 60` pass, and a
        clock that is s seconds fast adds what a bucket gains in s seconds, no more. Where there is none, nothing is
        written. Raises UnavailableError.
        """

    def uses_of(self, partner_id: PartnerId) -> Mapping[str, int]:
        """How often each of the partner's key pairs was used, by its `api_key_id`; one never used is not among them.

        May be moments stale. Raises CorruptDataError, UnavailableError.
        """

    def forget_uses(self, partner_id: PartnerId, api_key_id: str) -> None:
        """Keep no count of that key pair any longer; used again it counts from none. Raises UnavailableError."""

    def alerting(self, alert: RateLimitAlert) -> bool:
        """Keep the alert, unless one of that partner and hour (of UTC) is there: whether this one was kept.

        Raises UnavailableError.
        """
