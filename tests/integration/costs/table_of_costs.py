"""The one table of costs. It is counted in three ways: at the seam, in SQLite's statements, and on the wire."""

from tests.integration.costs.admin_costs import ADMINS
from tests.integration.costs.audit_costs import AUDIT
from tests.integration.costs.cost import Cost
from tests.integration.costs.platform_costs import AUTHORING, MARKETPLACE, MONEY, PARTNERS, UPKEEP
from tests.integration.costs.request_costs import REQUESTS
from tests.integration.costs.subscription_costs import ALLOCATING, MOVING, PLANNING, PREVIEWING, SHOWING, SUBSCRIBING

COSTS: tuple[Cost, ...] = (
    *SHOWING,
    *MOVING,
    *SUBSCRIBING,
    *ALLOCATING,
    *PREVIEWING,
    *PLANNING,
    *MARKETPLACE,
    *AUTHORING,
    *MONEY,
    *PARTNERS,
    *ADMINS,
    *REQUESTS,
    *AUDIT,
    *UPKEEP,
)
