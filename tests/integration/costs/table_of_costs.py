"""The one table of costs. It is counted in three ways: at the seam, in SQLite's statements, and on the wire."""

from tests.integration.costs.cost import Cost
from tests.integration.costs.platform_costs import AUTHORING, MARKETPLACE, MONEY, PARTNERS, UPKEEP
from tests.integration.costs.subscription_costs import ALLOCATING, MOVING, PLANNING, SHOWING, SUBSCRIBING

COSTS: tuple[Cost, ...] = (
    *SHOWING,
    *MOVING,
    *SUBSCRIBING,
    *ALLOCATING,
    *PLANNING,
    *MARKETPLACE,
    *AUTHORING,
    *MONEY,
    *PARTNERS,
    *UPKEEP,
)
