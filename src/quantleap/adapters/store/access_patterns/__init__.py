"""What is asked of the table, request by request: how items are found or written, for whom, and what it costs."""

from collections.abc import Mapping
from types import MappingProxyType

from quantleap.adapters.store.access_patterns.audit import AUDIT
from quantleap.adapters.store.access_patterns.money import MONEY
from quantleap.adapters.store.access_patterns.partners import PARTNERS
from quantleap.adapters.store.access_patterns.pattern import AccessPattern
from quantleap.adapters.store.access_patterns.requests import REQUESTS
from quantleap.adapters.store.access_patterns.subscriptions import SUBSCRIPTIONS
from quantleap.adapters.store.access_patterns.templates import RUNS, TEMPLATES
from quantleap.adapters.store.access_patterns.upkeep import UPKEEP

GROUPS: Mapping[str, tuple[AccessPattern, ...]] = MappingProxyType(
    {
        "Templates and the marketplace": TEMPLATES,
        "Runs": RUNS,
        "Subscriptions and allocations": SUBSCRIPTIONS,
        "Charges and the ledger": MONEY,
        "Partners and key pairs": PARTNERS,
        "The audit trail": AUDIT,
        "Any request": REQUESTS,
        "Upkeep": UPKEEP,
    }
)

ACCESS_PATTERNS = tuple(pattern for group in GROUPS.values() for pattern in group)
