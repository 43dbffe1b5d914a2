"""Each partner's bucket of tokens, and how often each of its key pairs was used."""

from typing import Protocol

from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.token_bucket import Taken


class RateLimits(Protocol):
    """One bucket a partner and mode, shared by every process over the store."""

    def take(self, partner_id: PartnerId, *, limit: int, now_ns: int, api_key_id: str | None) -> Taken:
        """Take a token at that instant (Unix time in nanoseconds), and count the use of the key pair that asked.

        Exact to the token whoever else takes one at once: over t seconds at most `limit + t * limit / 60` pass, and a
        clock that is s seconds fast adds what a bucket gains in s seconds, no more. Where there is none, nothing is
        written. Raises UnavailableError.
        """
