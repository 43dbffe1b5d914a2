"""What a partner's key may be allowed to do. Each partner route asks for one of these."""

from enum import StrEnum


class Permission(StrEnum):
    """The permissions of the published Partner API v1.0, and those of its further routes."""

    MARKETPLACE_READ = "marketplace:read"
    SUBSCRIPTIONS_READ = "subscriptions:read"
    SUBSCRIPTIONS_WRITE = "subscriptions:write"
    WEBHOOKS_WRITE = "webhooks:write"
    ANALYTICS_READ = "analytics:read"


ALL_PERMISSIONS = frozenset(Permission)
"""What a key gets unless it is narrowed."""
