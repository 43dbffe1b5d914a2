"""Partners and their key pairs."""

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import API_KEY, PARTNER, PARTNER_COUNTERS, PARTNER_KEY

_KEYS_OF_A_PARTNER = ("partners.keys", "partners.rotate", "partners.revoke")

PARTNERS = (
    AccessPattern(
        "a partner",
        Operation.GET,
        (PARTNER,),
        (
            "partners.get",
            "partners.issue",
            *_KEYS_OF_A_PARTNER,
            "subscribing.for_partner",
            "marketplace.templates",
            "marketplace.template",
            "billing.adjust",
            "billing.pay_out",
            "statements.statement",
        ),
        consistent=True,
        requests="1; the marketplace asks only for a partner",
    ),
    AccessPattern(
        "a key pair",
        Operation.GET,
        (API_KEY,),
        ("partners.authenticate", *_KEYS_OF_A_PARTNER),
        requests="1 a key pair",
    ),
    AccessPattern(
        "a partner's list of its key pairs",
        Operation.QUERY,
        (PARTNER_KEY,),
        _KEYS_OF_A_PARTNER,
        begins_with="KEY#",
        consistent=True,
        requests="1 a page of 1 MB",
    ),
    AccessPattern(
        "a partner's live subscriptions, counted",
        Operation.GET,
        (PARTNER_COUNTERS,),
        ("subscribing.for_partner",),
    ),
    AccessPattern("make a partner", Operation.TRANSACT, (PARTNER, API_KEY, PARTNER_KEY), ("partners.create",)),
    AccessPattern(
        "issue or rotate a key pair",
        Operation.TRANSACT,
        (API_KEY, PARTNER_KEY),
        ("partners.issue", "partners.rotate"),
    ),
    AccessPattern("revoke a key pair", Operation.PUT, (API_KEY,), ("partners.revoke",)),
)
