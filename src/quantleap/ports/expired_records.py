"""Records that are kept for a time: answers, alerts, audit entries, and what the audit trail needs of removals."""

from datetime import datetime
from typing import Protocol

MAX_REMOVED_AT_ONCE = 100
"""Records that one removal may be of: what waits for it never waits long."""


class ExpiredRecords(Protocol):
    """Those whose time has passed."""

    def remove(self, at: datetime, *, limit: int) -> int:
        """Remove at most `limit` (1 to 100) of those that have expired at that instant; returns how many it removed.

        In one commit, those that expired first. A store that removes them by itself removes none here. Raises
        UnavailableError.
        """
