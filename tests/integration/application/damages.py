"""One damage of each kind to a house with one subscription that was charged, and what verifying says of it."""

from msgspec.structs import replace
from tests.integration.application.house import ADMIN, ANITA, CONDOR, STRADDLE, ZEBU

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Delete, Key, Put, Update
from quantleap.domain.identifiers import Mode

NAME_OF_STRATEGY = "strat_nifty_ic_0920"
BASKET, STRATEGY = keys.basket(ADMIN.email, CONDOR), keys.strategy(ADMIN.email, NAME_OF_STRATEGY)
ENTRY = Key(ADMIN.email.address, f"SCHEDULE#TUE#09:20#ENTRY#{NAME_OF_STRATEGY}")
SUBSCRIPTION, CHARGE = Key("anita@example.com", "SUBSCRIPTION#{name}"), Key("CHARGE#{charge}", "CHARGE")
KEY_LINE = Key("PARTNER#partner_zebu_live", "KEY#{key}")
KEY_NAME = Key("APIKEY_ID#{key}", "APIKEY_ID")
MARKER = keys.live_marker(Mode.LIVE, ANITA.email, CONDOR)
# A key's part in braces is spelled when the house is there.
DAMAGES: dict[str, tuple[list[Put | Update | Delete], str]] = {
    "marker missing": ([Delete(MARKER)], "is live and its marker is missing or names another"),
    "marker of another": (
        [Update(MARKER, assign={"live_subscription": "sub_zebu_9"})],
        "is live and its marker is missing or names another",
    ),
    "marker of nothing": (
        [
            Put(
                {
                    "user_id": "bala@example.com",
                    "sort_key": f"LIVE_SUBSCRIPTION#{CONDOR}",
                    "entity_type": "LIVE_SUBSCRIPTION",
                    "live_subscription": "sub_zebu_9",
                }
            )
        ],
        "has a marker of a live subscription and is not live",
    ),
    "location missing": (
        [Delete(Key("SUBSCRIPTION_ID#{name}", "SUBSCRIPTION_ID#{name}"))],
        "where it lives is not recorded",
    ),
    "location elsewhere": (
        [Update(Key("SUBSCRIPTION_ID#{name}", "SUBSCRIPTION_ID#{name}"), assign={"basket": STRADDLE})],
        "lives elsewhere than recorded",
    ),
    "location of nothing": (
        [
            Put(
                {
                    "user_id": "SUBSCRIPTION_ID#sub_zebu_9",
                    "sort_key": "SUBSCRIPTION_ID#sub_zebu_9",
                    "entity_type": "SUBSCRIPTION_LOCATION",
                    "subscriber": "bala@example.com",
                    "basket": CONDOR,
                }
            )
        ],
        "does not exist",
    ),
    "charge missing": ([Delete(CHARGE)], "is in the ledger and has no charge"),
    "charge not refunded": (
        [Update(CHARGE, assign={"refunded_minor": 0, "clawed_back_minor": 0})],
        "the ledger has",
    ),
    "charge not counted": (
        [Update(SUBSCRIPTION, assign={"periods_charged": 0})],
        "says 0 periods were charged, its charges differ",
    ),
    "charge counted too often": (
        [Update(SUBSCRIPTION, assign={"periods_charged": 2})],
        "says 2 periods were charged, its charges differ",
    ),
    "subscription unreadable": (
        [Update(SUBSCRIPTION, assign={"status": "ASLEEP"})],
        "is not a valid SubscriptionStatus",
    ),
    "marker of another partner": (
        [Update(MARKER, assign={"live_partner": "partner_kite_live"})],
        "has a marker that names another partner",
    ),
    "charge of another basket": (
        [Update(CHARGE, assign={"basket": STRADDLE})],
        "was charged on other terms than its subscription's",
    ),
    "charge of another partner": ([Update(CHARGE, assign={"partner": "partner_kite_live"})], "the ledger has"),
    "charge of nothing": ([Delete(SUBSCRIPTION)], "has a charge and the subscription does not exist"),
    "charged at another instant": (
        [Update(SUBSCRIPTION, assign={"charged_at": "2026-11-24T06:31:00.000000Z"})],
        "was last charged at another instant than its last charge",
    ),
    "status in the indexes": (
        [Update(SUBSCRIPTION, assign={"subscription_status_date": "PAUSED#2026-11-24"})],
        "is filed under a subscription_status_date that it does not give itself",
    ),
    "instant unlike the history": (
        [Update(SUBSCRIPTION, assign={"last_status_change_at": "2026-11-24T06:31:00.000000Z"})],
        "has a status or an instant of one unlike its history",
    ),
    "pause that the history lacks": (
        [Update(SUBSCRIPTION, assign={"paused_at": "2026-11-24T06:31:00.000000Z"})],
        "has a status or an instant of one unlike its history",
    ),
    "allocation in the index": (
        [Update(keys.allocation(Mode.LIVE, ANITA.email, CONDOR), assign={"entity_type_priority": "0"})],
        "is filed under a entity_type_priority that it does not give itself",
    ),
    "category in the index": (
        [Update(BASKET, assign={"marketplace_category": "MARKETPLACE_INACTIVE#NEUTRAL"})],
        "is filed under a marketplace_category that it does not give itself",
    ),
    "strategy missing": ([Delete(STRATEGY)], f"names strategy {NAME_OF_STRATEGY}, which does not exist"),
    "strategy of another basket": (
        [Update(STRATEGY, assign={"template_basket": STRADDLE})],
        f"names strategy {NAME_OF_STRATEGY}, which says that it is another basket's",
    ),
    "strategy of a later version": (
        [Update(STRATEGY, assign={"version": 99})],
        f"names strategy {NAME_OF_STRATEGY}, which is of a later version",
    ),
    "strategy of no basket": ([Update(BASKET, assign={"strategy_ids": []})], "is a strategy that no basket names"),
    "entry missing": ([Delete(ENTRY)], "is not scheduled for TUE 09:20 ENTRY"),
    "entry of another status": (
        [Update(ENTRY, assign={"status": "INACTIVE"})],
        "is scheduled for TUE 09:20 ENTRY as something else than it is",
    ),
    "entry of another basket": (
        [Update(ENTRY, assign={"template_basket": STRADDLE})],
        "is scheduled for TUE 09:20 ENTRY as something else than it is",
    ),
    "entry of another day": (
        [
            Put(
                {
                    "user_id": ENTRY.partition,
                    "sort_key": f"SCHEDULE#SUN#09:20#ENTRY#{NAME_OF_STRATEGY}",
                    "entity_type": "SCHEDULE",
                    "schedule_key": f"SCHEDULE#SUN#09:20#ENTRY#{NAME_OF_STRATEGY}",
                    "strategy_id": NAME_OF_STRATEGY,
                    "template_basket": CONDOR,
                    "status": "ACTIVE",
                }
            )
        ],
        "is scheduled for SUN 09:20 ENTRY and has no such entry",
    ),
    "entry at no minute": (
        [Put({"user_id": ENTRY.partition, "sort_key": "SCHEDULE#TUE#noon#ENTRY#x", "entity_type": "SCHEDULE"})],
        "item SCHEDULE#TUE#noon#ENTRY#x: Invalid isoformat string: 'noon'",
    ),
    "entry on no day": (
        [Put({"user_id": ENTRY.partition, "sort_key": "SCHEDULE#DAY#09:20#ENTRY#x", "entity_type": "SCHEDULE"})],
        "item SCHEDULE#DAY#09:20#ENTRY#x: sort_key names no weekday",
    ),
    "entry in the index": (
        [Update(ENTRY, assign={"schedule_key": "SCHEDULE#WED"})],
        "is filed under a schedule_key that it does not give itself",
    ),
    "key not listed": ([Delete(KEY_LINE)], "is a key of partner_zebu_live and not in its list"),
    "key missing": (
        [Delete(Key("APIKEY#{api_key}", "APIKEY"))],
        "is in the list of partner_zebu_live and does not exist",
    ),
    "key listed as another": (
        [Update(KEY_LINE, assign={"api_key": "another"})],
        "is in the list of partner_zebu_live as another key",
    ),
    "key not found by its id": ([Delete(KEY_NAME)], "is a key that is not found by its id"),
    "key named as another": (
        [Update(KEY_NAME, assign={"api_key": "another"})],
        "names another key than its own",
    ),
    "key named and missing": (
        [Put({"user_id": "APIKEY_ID#key_9", "sort_key": "APIKEY_ID", "entity_type": "API_KEY_ID", "api_key": "x"})],
        "names a key that does not exist",
    ),
    "partner's counter": (
        [Update(keys.partner_counters(ZEBU), add={"active_subscriptions": 1})],
        "has 1 ACTIVE subscriptions, its counter says 2: `quantleap recount` repairs it",
    ),
    "partner's counter missing": (
        [Delete(keys.partner_counters(ZEBU))],
        "has 1 ACTIVE subscriptions, its counter says 0: `quantleap recount` repairs it",
    ),
    "partner's counter no number": (
        [Update(keys.partner_counters(ZEBU), assign={"active_subscriptions": "many"})],
        "has 1 ACTIVE subscriptions and no counter that can be read: `quantleap recount` repairs it",
    ),
    "template's counter": (
        [Update(BASKET, add={"subscriber_count": -1})],
        "has 1 live subscriptions, its counter says 0: `quantleap recount` repairs it",
    ),
    "template's counter no number": (
        [Update(BASKET, remove=("subscriber_count",))],
        "has 1 live subscriptions and no counter that can be read: `quantleap recount` repairs it",
    ),
    "template missing": ([Delete(BASKET)], "has 1 live subscriptions and does not exist"),
    "recount not ended": (
        [Update(keys.COUNTERS_CHECKPOINT, assign={"recount": "req_1", "recount_since": "2026-11-24T06:30:00.000000Z"})],
        "a recount is under way or was ended early: run `quantleap recount`",
    ),
    "checkpoint no position": (
        [Update(keys.COUNTERS_CHECKPOINT, assign={"position": 7})],
        "do not follow (item CHECKPOINT: position is not text): `quantleap recount` repairs it",
    ),
    "position of another feed": (
        [Update(keys.COUNTERS_CHECKPOINT, assign={"position": "another"})],
        "do not follow (after: is not a position of the feed): `quantleap recount` repairs it",
    ),
    "kind unknown": (
        [Put({"user_id": "x", "sort_key": "y", "entity_type": "DREAM"})],
        "item y: entity_type is DREAM, which this library does not write",
    ),
}


def spelled(write: Put | Update | Delete, names: dict[str, str]) -> Put | Update | Delete:
    """The write with the names that its key leaves open."""
    if isinstance(write, Put):
        return write
    return replace(write, key=Key(*(part.format_map(names) for part in (write.key.partition, write.key.sort))))
