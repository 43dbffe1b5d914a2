"""Template baskets, the marketplace, and what is due."""

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import BASKET, REMOVAL, SCHEDULE, STRATEGY, SUBSCRIPTION
from quantleap.adapters.store.seam import MAX_READ_KEYS
from quantleap.adapters.store.table import MARKETPLACE_DISCOVERY, TEMPLATE_SUBSCRIBERS, USER_SCHEDULE_DISCOVERY

_STRATEGIES = tuple(f"authoring.{name}_strategy" for name in ("add", "replace", "remove"))
_LISTINGS = tuple(f"authoring.{name}" for name in ("enable", "take_off", "revise_listing"))
_WHOLE = (
    *(f"authoring.{name}" for name in ("load_catalog", "create", "edit", "delete", "get", "all", "strategy")),
    *_STRATEGIES,
    *_LISTINGS,
    "previews.edit",
)
_SUBSCRIBING = ("subscribing.for_partner", "subscribing.directly")

TEMPLATES = (
    AccessPattern(
        "a template basket",
        Operation.GET,
        (BASKET,),
        (
            *_WHOLE,
            "marketplace.template",
            "showing.subscription",
            *_SUBSCRIBING,
            "allocation_preview.preview",
            "allocations.put",
            "planning.entries_due",
            "counters.follow",
            "recounting.recount",
        ),
        consistent=True,
        requests="1 a basket; planning and listing ask only where an edit fell in between, a recount where it corrects",
    ),
    AccessPattern(
        "the strategies of a basket",
        Operation.BATCH_GET,
        (STRATEGY,),
        (*_WHOLE, "planning.entries_due", "allocation_preview.preview"),
        consistent=True,
        requests="1 a basket; planning and listing as above",
    ),
    AccessPattern(
        "all baskets",
        Operation.QUERY,
        (BASKET,),
        ("authoring.all", "authoring.overviews", "authoring.listings"),
        begins_with="BASKET#",
        consistent=True,
        requests="1 a page; listings: until the page is full",
    ),
    AccessPattern(
        "the strategies of the baskets of a page",
        Operation.BATCH_GET,
        (STRATEGY,),
        ("authoring.all",),
        requests=f"1 for {MAX_READ_KEYS} strategies",
    ),
    AccessPattern(
        "what the marketplace offers in a category, most subscribers first",
        Operation.QUERY,
        (BASKET,),
        ("marketplace.templates",),
        index=MARKETPLACE_DISCOVERY,
        requests="1 a category for 1,000 templates, and none where it was read within the staleness",
    ),
    AccessPattern(
        "save a basket, and what differs of its strategies and schedule",
        Operation.TRANSACT,
        (BASKET,),
        ("authoring.load_catalog", "authoring.create", "authoring.edit", *_STRATEGIES),
        at_times=(STRATEGY, SCHEDULE),
        requests="1 a basket",
    ),
    AccessPattern(
        "delete a basket with its strategies and schedule",
        Operation.TRANSACT,
        (BASKET, REMOVAL),
        ("authoring.delete",),
        at_times=(STRATEGY, SCHEDULE),
    ),
    AccessPattern("make a basket that has no strategy yet", Operation.PUT, (BASKET,), ("authoring.create",)),
    AccessPattern(
        "change a basket alone: its listing, or an edit that leaves its strategies as they are",
        Operation.UPDATE,
        (BASKET,),
        ("authoring.load_catalog", "authoring.edit", *_LISTINGS),
        requests="1 a basket",
    ),
)
RUNS = (
    AccessPattern(
        "what is due at a minute",
        Operation.QUERY,
        (SCHEDULE,),
        ("planning.entries_due",),
        index=USER_SCHEDULE_DISCOVERY,
        begins_with="SCHEDULE#{weekday}#{minute}#{kind}#",
        requests="1 a page of 1 MB",
    ),
    AccessPattern(
        "the baskets and strategies that are due",
        Operation.BATCH_GET,
        (BASKET, STRATEGY),
        ("planning.entries_due",),
        requests=f"1 for {MAX_READ_KEYS} items",
    ),
    AccessPattern(
        "the subscribers of a template in one status",
        Operation.QUERY,
        (SUBSCRIPTION,),
        ("planning.entries_due", "previews.edit"),
        index=TEMPLATE_SUBSCRIBERS,
        begins_with="{status}#",
        requests="1 a page of 1 MB, for each template that is due; a preview: for ACTIVE and for PAUSED",
    ),
)
