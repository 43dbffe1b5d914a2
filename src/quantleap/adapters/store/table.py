"""The one description of the table: key attributes, indexes and what they project. Engines derive theirs from it.

What it holds is in `entities.py`, what is asked of it in `access_patterns/`; `docs/table.md` is written from all three.
"""

from attrs import frozen

PARTITION_KEY = "user_id"
SORT_KEY = "sort_key"
TABLE_NAME = "TradingConfigurations"
SUBSCRIBER_COUNT = "subscriber_count"
"""Of a template; it follows the change feed, and saving a basket never writes it."""
TTL_ATTRIBUTE = "expires_at"
"""Holds the second (Unix time) after which an item may be dropped, where it has one."""
STREAM_VIEW = "NEW_AND_OLD_IMAGES"
"""What the change feed of the table carries."""
ENTITY_TYPE = "entity_type"
"""Names the kind of an item."""
NOT_TOLD = ("RATE_LIMIT", "KEPT_ANSWER", "AUDIT_ENTRY", "AUDIT_OF_PARTNER", "AUDIT_BY_ACTOR")
"""Kinds of items whose changes stay out of the change feed. Nobody follows them. Requests and followers write them, so
that in an engine that keeps so many changes they would push out what is followed; an answer, which may hold personal
data, would be kept there beyond its day.
"""

MAX_INDEXES = 20
"""Indexes of a table. Source: DynamoDB, global secondary indexes per table."""

MAX_INCLUDED_BY_AN_INDEX = 20
"""Source: DynamoDB, projected non-key attributes of one secondary index (its local engine does not enforce it)."""

MAX_INCLUDED = 100
"""Source: DynamoDB, projected non-key attributes of all secondary indexes together."""


@frozen
class Index:
    """A secondary index, sparse: an item without both key attributes is not in it. `include` None projects all."""

    name: str
    partition: str
    sort: str
    include: tuple[str, ...] | None
    numeric_sort: bool = False

    def projected(self) -> frozenset[str] | None:
        """Every attribute an index read gives, keys included (None: all)."""
        if self.include is None:
            return None
        return frozenset((*self.include, self.partition, self.sort, PARTITION_KEY, SORT_KEY))


_SUBSCRIPTION_SUMMARY = (
    "version",
    "subscription_id",
    "template_name",
    "template_owner_id",
    "status",
    "price",
    "commission_bps",
    "multiplier_micros",
    "broker_account_id",
    "subscribed_at",
    "started_on",
    "paused_at",
    "resumed_at",
    "cancelled_at",
    "last_status_change_at",
    "periods_charged",
    "auto_renew",
    "metadata",
)

ALLOCATIONS_BY_BASKET = Index("AllocationsByBasket", "basket_id", "entity_type_priority", None)
USER_SCHEDULE_DISCOVERY = Index(
    "UserScheduleDiscovery",
    "user_id",
    "schedule_key",
    ("strategy_id", "template_basket", "status"),
)
MARKETPLACE_DISCOVERY = Index(
    "MarketplaceDiscovery",
    "marketplace_category",
    SUBSCRIBER_COUNT,
    (
        "version",
        "document",
        "strategy_ids",
        "listing_status",
        "marketplace_enabled_at",
        "retired_reason",
        "created_at",
        "updated_at",
    ),
    numeric_sort=True,
)
USER_SUBSCRIPTIONS = Index(
    "UserSubscriptions",
    "user_id",
    "subscription_status_date",
    (*_SUBSCRIPTION_SUMMARY, "template_basket_id", "partner_id"),
)
TEMPLATE_SUBSCRIBERS = Index(
    "TemplateSubscribers",
    "template_basket_id",
    "subscription_status_date",
    ("version", "multiplier_micros", "partner_id", "ends_on", "allocation"),
)
PARTNER_SUBSCRIPTIONS = Index(
    "PartnerSubscriptions", "partner_id", "subscription_status_date", (*_SUBSCRIPTION_SUMMARY, "template_basket_id")
)

INDEXES = (
    ALLOCATIONS_BY_BASKET,
    USER_SCHEDULE_DISCOVERY,
    MARKETPLACE_DISCOVERY,
    USER_SUBSCRIPTIONS,
    TEMPLATE_SUBSCRIBERS,
    PARTNER_SUBSCRIPTIONS,
)
INDEX_BY_NAME = {index.name: index for index in INDEXES}
