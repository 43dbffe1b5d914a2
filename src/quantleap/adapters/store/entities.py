"""What the table holds: every entity, the forms of its keys, and the indexes it is in.

The part `{mode}` keeps test-mode data apart, in the table and in every index, so that no query mixes the modes.
No part of a key holds `#`: the formats in `domain/identifiers.py` admit none.
"""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from quantleap.adapters.store.table import INDEXES, PARTITION_KEY, SORT_KEY, Index

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "mode": "`TEST#` for test-mode data, nothing for live data",
        "owner": "email of the templates' owner, normalised",
        "user": "email of a subscriber, normalised",
        "basket_id": "a template basket's id",
        "strategy_id": "a strategy's id",
        "weekday": "`MON` to `SUN`",
        "minute": "`09:20`, Asia/Kolkata",
        "kind": "`ENTRY` or `EXIT`",
        "shelf": "`MARKETPLACE`, or `MARKETPLACE_INACTIVE` once it was taken off",
        "category": "the template's category, in capitals",
        "subscribers": "a number: live subscriptions, as last counted",
        "subscription_id": "`sub_zebu_0190a3f2`, a direct one `sub_direct_0190a3f2`",
        "status": "`ACTIVE`, `PAUSED`, `CANCELLED` or `EXPIRED`",
        "day": "`2026-11-24`, Asia/Kolkata: when the status was taken, or something was done",
        "partner_id": "`partner_zebu_live`, in test mode `partner_zebu_test`",
        "api_key_id": "`key_0190a3f2`: names a key pair and is no credential",
        "api_key": "the public half of a key pair: `pk_zebu_live_` and 32 letters and digits",
        "charge_id": "`chg_`, the subscription's id and the period's number",
        "book": "a partner's id, or `direct` for subscriptions without a partner",
        "month": "`2026-11`, Asia/Kolkata: when it was posted or done",
        "posted_at": "`2026-11-24T06:30:00.000000Z`, of one width, so that text order is time order",
        "told_at": "`2026-11-24T06:30:00.000000Z`: when it was done",
        "entry_id": "`aud_` and 32 hexadecimal digits: a digest of the change that the entry tells of",
        "actor": "a partner's id, `system:` and a task, `user:` or `admin:` and a pseudonym of 32 hexadecimal digits",
        "request_id": "`req_a7f3e2b1c4d5`",
        "action": "`allocation.removed`",
        "subject_id": "the id of what it was done to",
        "hour": "`2026-11-24T06`, UTC",
        "scope": "64 hexadecimal digits: a digest of who asks, for what, and the idempotency key",
        "transaction_id": "`txn_` and 32 hexadecimal digits: a digest of what it is of, and its period or reference",
    }
)
"""What stands in the braces of a pattern."""


@frozen
class IndexKey:
    """An attribute that puts an entity into indexes, its form, and which items have it (None: all)."""

    attribute: str
    pattern: str
    only: str | None = None


@frozen
class Entity:
    """One kind of item: its `entity_type`, the forms of its keys (parts in braces, see PARTS), and what it is.

    An item that `expires` says in the table's expiry attribute until when it is to be kept.
    """

    name: str
    partition: str
    sort: str
    meaning: str
    index_keys: tuple[IndexKey, ...] = ()
    expires: bool = False

    @property
    def is_apart_in_test_mode(self) -> bool:
        """Whether its partition takes the prefix of test-mode data."""
        return "{mode}" in self.partition

    def pattern_of(self, attribute: str) -> str | None:
        """The form of a key attribute, of the table or of an index; None where the entity has none of that name."""
        of_index = {key.attribute: key.pattern for key in self.index_keys}
        return {PARTITION_KEY: self.partition, SORT_KEY: self.sort, **of_index}.get(attribute)

    def indexes(self) -> tuple[Index, ...]:
        """The indexes that hold it: those of which it has both keys."""
        return tuple(index for index in INDEXES if self.pattern_of(index.partition) and self.pattern_of(index.sort))


BASKET = Entity(
    "BASKET",
    "{owner}",
    "BASKET#{basket_id}",
    "A template basket: its document, listing and subscriber count",
    (
        IndexKey("marketplace_category", "{shelf}#{category}", "once listed, until it is retired"),
        IndexKey("subscriber_count", "{subscribers}"),
    ),
)
STRATEGY = Entity("STRATEGY", "{owner}", "STRATEGY#{strategy_id}", "A strategy of a basket: its document")
SCHEDULE = Entity(
    "SCHEDULE",
    "{owner}",
    "SCHEDULE#{weekday}#{minute}#{kind}#{strategy_id}",
    "That a strategy enters or leaves on that weekday at that minute",
    (IndexKey("schedule_key", "SCHEDULE#{weekday}#{minute}#{kind}#{strategy_id}"),),
)
SUBSCRIPTION = Entity(
    "SUBSCRIPTION",
    "{mode}{user}",
    "SUBSCRIPTION#{subscription_id}",
    "A subscription: terms, options, status and its history, billing, and a copy of the allocation",
    (
        IndexKey("template_basket_id", "{mode}{basket_id}"),
        IndexKey("partner_id", "{partner_id}", "made through a partner"),
        IndexKey("subscription_status_date", "{status}#{day}"),
    ),
)
SUBSCRIPTION_LOCATION = Entity(
    "SUBSCRIPTION_LOCATION",
    "{mode}SUBSCRIPTION_ID#{subscription_id}",
    "{mode}SUBSCRIPTION_ID#{subscription_id}",
    "Where a subscription lives: its user, basket and partner",
)
LIVE_SUBSCRIPTION = Entity(
    "LIVE_SUBSCRIPTION",
    "{mode}{user}",
    "LIVE_SUBSCRIPTION#{basket_id}",
    "The marker that names a user's one live subscription of a template",
)
BASKET_ALLOCATION = Entity(
    "BASKET_ALLOCATION",
    "{mode}{user}",
    "BASKET_ALLOCATION#{basket_id}",
    "A user's broker accounts for a basket",
    (IndexKey("basket_id", "{mode}{basket_id}"), IndexKey("entity_type_priority", "BASKET_ALLOCATION")),
)
PARTNER = Entity("PARTNER", "PARTNER#{partner_id}", "PARTNER", "A partner in one mode, and its agreement")
PARTNER_KEY = Entity(
    "PARTNER_KEY", "PARTNER#{partner_id}", "KEY#{api_key_id}", "A line of a partner's list of its key pairs"
)
PARTNER_COUNTERS = Entity(
    "PARTNER_COUNTERS",
    "PARTNER#{partner_id}",
    "COUNTERS",
    "A partner's subscriptions by status, as last counted",
)
API_KEY = Entity(
    "API_KEY", "APIKEY#{api_key}", "APIKEY", "A key pair that calls are authenticated with: a digest of its secret"
)
RATE_LIMIT = Entity(
    "RATE_LIMIT",
    "PARTNER#{partner_id}",
    "RATE_LIMIT",
    "A partner's bucket of tokens, as the instant at which it is full again, and how often each of its keys was used",
)
RATE_LIMIT_ALERT = Entity(
    "RATE_LIMIT_ALERT",
    "PARTNER#{partner_id}",
    "RATE_LIMIT_ALERT#{hour}",
    "That a partner was refused in one minute as many requests as its limit is",
    expires=True,
)
KEPT_ANSWER = Entity(
    "KEPT_ANSWER",
    "{mode}IDEMPOTENCY#{scope}",
    "IDEMPOTENCY",
    "What a request under an idempotency key was answered, and a digest of its body",
    expires=True,
)
API_KEY_ID = Entity("API_KEY_ID", "APIKEY_ID#{api_key_id}", "APIKEY_ID", "Which key pair an id names")
PARTNER_LINE = Entity("PARTNER_LINE", "PARTNERS", "{partner_id}", "A line of the list of all partners")
CHARGE = Entity("CHARGE", "{mode}CHARGE#{charge_id}", "CHARGE", "A charge of one period, and what was refunded of it")
LEDGER = Entity(
    "LEDGER",
    "LEDGER#{book}#{month}",
    "{posted_at}#{transaction_id}",
    "A ledger transaction, in order of posting within its month",
)
POSTED_TRANSACTION = Entity(
    "POSTED_TRANSACTION",
    "TRANSACTION#{transaction_id}",
    "TRANSACTION",
    "That a transaction with a caller's reference was posted, and where it is",
)
CHECKPOINT = Entity(
    "CHECKPOINT",
    "CHECKPOINT#counters",
    "CHECKPOINT",
    "How far the counters have followed the change feed, and the recount that holds them, if one does",
)
AUDIT_ENTRY = Entity(
    "AUDIT_ENTRY",
    "{mode}AUDIT#{day}",
    "{told_at}#{entry_id}",
    "That somebody changed something: who, what and when, without any value",
    expires=True,
)
AUDIT_OF_PARTNER = Entity(
    "AUDIT_OF_PARTNER",
    "AUDIT_OF#{partner_id}#{month}",
    "{told_at}#{entry_id}",
    "An audit entry once more, among those of a partner",
    expires=True,
)
AUDIT_BY_ACTOR = Entity(
    "AUDIT_BY_ACTOR",
    "{mode}AUDIT_BY#{actor}#{month}",
    "{told_at}#{entry_id}",
    "An audit entry once more, among those of an actor",
    expires=True,
)
AUDIT_CHECKPOINT = Entity(
    "AUDIT_CHECKPOINT",
    "CHECKPOINT#audit",
    "CHECKPOINT",
    "How far the audit trail has followed the change feed",
)
REMOVAL = Entity(
    "REMOVAL",
    "{mode}REMOVAL#{request_id}",
    "{action}#{subject_id}",
    "That a record was removed, and by whom, for the audit trail to tell: the record can say no more",
    expires=True,
)
CLAIM = Entity(
    "CLAIM",
    "PLATFORM",
    "CLAIM",
    "Fingerprints of the platform's keys that the store is used with; they tell of no key",
)

ENTITIES = (
    BASKET,
    STRATEGY,
    SCHEDULE,
    SUBSCRIPTION,
    SUBSCRIPTION_LOCATION,
    LIVE_SUBSCRIPTION,
    BASKET_ALLOCATION,
    PARTNER,
    PARTNER_KEY,
    PARTNER_COUNTERS,
    API_KEY,
    API_KEY_ID,
    PARTNER_LINE,
    RATE_LIMIT,
    RATE_LIMIT_ALERT,
    KEPT_ANSWER,
    CHARGE,
    LEDGER,
    POSTED_TRANSACTION,
    CHECKPOINT,
    AUDIT_ENTRY,
    AUDIT_OF_PARTNER,
    AUDIT_BY_ACTOR,
    AUDIT_CHECKPOINT,
    REMOVAL,
    CLAIM,
)
