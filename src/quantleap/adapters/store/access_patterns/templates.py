"""Template baskets, the marketplace, and what is due."""

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import BASKET, SCHEDULE, STRATEGY, SUBSCRIPTION
from quantleap.adapters.store.seam import MAX_READ_KEYS
from quantleap.adapters.store.table import MARKETPLACE_DISCOVERY, TEMPLATE_SUBSCRIBERS, USER_SCHEDULE_DISCOVERY

_AUTHORING = tuple(
    f"authoring.{name}" for name in ("load_catalog", "create", "edit", "enable", "take_off", "get", "all")
)
_SUBSCRIBING = ("subscribing.for_partner", "subscribing.directly")

TEMPLATES = (
    AccessPattern(
        "a template basket",
        Operation.GET,
        (BASKET,),
        (
            *_AUTHORING,
            "marketplace.template",
            *_SUBSCRIBING,
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
        (*_AUTHORING, "planning.entries_due"),
        consistent=True,
        requests="1 a basket; planning and listing as above",
    ),
    AccessPattern(
        "all baskets",
        Operation.QUERY,
        (BASKET,),
        ("authoring.all",),
        begins_with="BASKET#",
        consistent=True,
        requests="1 a page",
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
        requests="1 a page",
    ),
    AccessPattern(
        "save a basket, and what differs of its strategies and schedule",
        Operation.TRANSACT,
        (BASKET,),
        ("authoring.load_catalog", "authoring.create", "authoring.edit"),
        at_times=(STRATEGY, SCHEDULE),
        requests="1 a basket",
    ),
    AccessPattern("make a basket that has no strategy yet", Operation.PUT, (BASKET,), ("authoring.create",)),
    AccessPattern(
        "change a basket alone: its listing, or an edit that leaves its strategies as they are",
        Operation.UPDATE,
        (BASKET,),
        ("authoring.load_catalog", "authoring.edit", "authoring.enable", "authoring.take_off"),
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
        "the active subscribers of a template",
        Operation.QUERY,
        (SUBSCRIPTION,),
        ("planning.entries_due",),
        index=TEMPLATE_SUBSCRIBERS,
        begins_with="{status}#",
        requests="1 a page of 1 MB, for each template that is due",
    ),
)
