"""The states of a subscription."""

from enum import StrEnum


class SubscriptionStatus(StrEnum):
    """ACTIVE and PAUSED are live; CANCELLED and EXPIRED are terminal."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"

    @property
    def is_live(self) -> bool:
        """Billed, counted, and the only one of its user and template."""
        return self in LIVE_STATUSES


LIVE_STATUSES = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)
