"""Partners and their key pairs."""

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import (
    API_KEY,
    API_KEY_ID,
    PARTNER,
    PARTNER_COUNTERS,
    PARTNER_KEY,
    PARTNER_LINE,
    RATE_LIMIT,
)
from quantleap.adapters.store.seam import MAX_READ_KEYS

_LISTING_KEYS = ("partners.keys", "partners.key_list")
_NAMING_A_KEY = ("partners.key", "partners.key_use", "partners.permit", "partners.rotate", "partners.revoke")

PARTNERS = (
    AccessPattern(
        "a partner",
        Operation.GET,
        (PARTNER,),
        (
            "partners.get",
            "partners.revise",
            "partners.issue",
            *_LISTING_KEYS,
            "subscribing.for_partner",
            "marketplace.templates",
            "marketplace.template",
            "showing.subscription",
            "billing.adjust",
            "billing.pay_out",
            "statements.statement",
        ),
        consistent=True,
        requests="1; templates: where authentication did not tell the policy, and it was not read within the staleness",
    ),
    AccessPattern(
        "all partners",
        Operation.QUERY,
        (PARTNER_LINE,),
        ("partners.all",),
        consistent=True,
        requests="1 a page",
    ),
    AccessPattern(
        "the partners of a page",
        Operation.BATCH_GET,
        (PARTNER,),
        ("partners.all",),
        consistent=True,
        requests=f"1 for {MAX_READ_KEYS} partners",
    ),
    AccessPattern(
        "a key pair",
        Operation.GET,
        (API_KEY,),
        ("partners.keys",),
        requests="1 a key pair",
    ),
    AccessPattern("which key pair an id names", Operation.GET, (API_KEY_ID,), _NAMING_A_KEY, consistent=True),
    AccessPattern("the key pair that an id names", Operation.GET, (API_KEY,), _NAMING_A_KEY, consistent=True),
    AccessPattern(
        "how often a partner's key pairs were used",
        Operation.GET,
        (RATE_LIMIT,),
        ("partners.key_list", "partners.key_use"),
    ),
    AccessPattern(
        "the key pairs of a page",
        Operation.BATCH_GET,
        (API_KEY,),
        ("partners.key_list",),
        consistent=True,
        requests=f"1 for {MAX_READ_KEYS} key pairs",
    ),
    AccessPattern(
        "a key pair and its partner",
        Operation.BATCH_GET,
        (API_KEY, PARTNER),
        ("authentication.partner",),
        consistent=True,
        requests="1, and none where they were read within the staleness",
    ),
    AccessPattern(
        "a partner's list of its key pairs",
        Operation.QUERY,
        (PARTNER_KEY,),
        _LISTING_KEYS,
        begins_with="KEY#",
        consistent=True,
        requests="1 a page of 1 MB",
    ),
    AccessPattern(
        "a partner's subscriptions, counted by status",
        Operation.GET,
        (PARTNER_COUNTERS,),
        ("subscribing.for_partner", "subscriptions.of_partner"),
        requests="1, and none where it was read within the staleness; a list asks where no page tells",
    ),
    AccessPattern(
        "make a partner",
        Operation.TRANSACT,
        (PARTNER, PARTNER_LINE, API_KEY, PARTNER_KEY, API_KEY_ID),
        ("partners.create",),
    ),
    AccessPattern("change a partner", Operation.PUT, (PARTNER,), ("partners.revise",)),
    AccessPattern(
        "issue or rotate a key pair",
        Operation.TRANSACT,
        (API_KEY, PARTNER_KEY, API_KEY_ID),
        ("partners.issue", "partners.rotate"),
    ),
    AccessPattern(
        "revoke a key pair, or change its permissions",
        Operation.PUT,
        (API_KEY,),
        ("partners.revoke", "partners.permit"),
    ),
)
