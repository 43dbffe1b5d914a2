"""The words of the published permissions."""

from quantleap.domain.partners.permissions import ALL_PERMISSIONS


def test_the_permissions_are_spelled_as_published() -> None:
    assert sorted(ALL_PERMISSIONS) == [
        "analytics:read",
        "marketplace:read",
        "subscriptions:read",
        "subscriptions:write",
        "webhooks:write",
    ]
