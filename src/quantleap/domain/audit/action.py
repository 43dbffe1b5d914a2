"""What the audit trail tells of."""

from enum import StrEnum


class SubjectKind(StrEnum):
    """Of what a change was."""

    SUBSCRIPTION = "subscription"
    ALLOCATION = "allocation"
    """A user's broker accounts for a basket; told under the basket's id, for the user is not named."""
    BASKET = "basket"
    PARTNER = "partner"
    PARTNER_KEY = "partner_key"
    RATE_LIMIT = "rate_limit"
    """A partner's; told under the partner's id."""
    AUDIT = "audit"
    """The trail itself."""


class AuditAction(StrEnum):
    """What was done. Before the dot stands the kind of what it was done to."""

    SUBSCRIPTION_CREATED = "subscription.created"
    SUBSCRIPTION_PAUSED = "subscription.paused"
    SUBSCRIPTION_RESUMED = "subscription.resumed"
    SUBSCRIPTION_CANCELLED = "subscription.cancelled"
    SUBSCRIPTION_EXPIRED = "subscription.expired"
    ALLOCATION_CREATED = "allocation.created"
    ALLOCATION_CHANGED = "allocation.changed"
    ALLOCATION_REMOVED = "allocation.removed"
    BASKET_CREATED = "basket.created"
    BASKET_CHANGED = "basket.changed"
    BASKET_LISTED = "basket.listed"
    BASKET_TAKEN_OFF = "basket.taken_off"
    BASKET_RETIRED = "basket.retired"
    BASKET_REMOVED = "basket.removed"
    PARTNER_CREATED = "partner.created"
    PARTNER_CHANGED = "partner.changed"
    PARTNER_KEY_CREATED = "partner_key.created"
    PARTNER_KEY_CHANGED = "partner_key.changed"
    PARTNER_KEY_ROTATED = "partner_key.rotated"
    PARTNER_KEY_REVOKED = "partner_key.revoked"
    RATE_LIMIT_EXCEEDED = "rate_limit.exceeded"
    GAP = "audit.gap"
    """Changes went by unread: between the entries before this one and those after it, some may be missing."""

    @property
    def subject_kind(self) -> SubjectKind:
        """Of what it is done."""
        return SubjectKind(self.partition(".")[0])
