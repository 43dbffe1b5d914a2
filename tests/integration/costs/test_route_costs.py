"""Each route asks the store for what the table says, authentication and the rate limit included."""

from collections import Counter
from collections.abc import Mapping

import pytest
from tests.integration.api.faces import partner_headers
from tests.integration.application.house import ANITA, House
from tests.integration.costs.conftest import Metered
from tests.integration.costs.cost import BACKEND, BATCH_GET, UPDATE
from tests.integration.costs.meters import expected
from tests.integration.costs.route_costs import ROUTE_COSTS, RouteCost

from quantleap.adapters.store.access_patterns.pattern import Operation
from quantleap.entrypoints.api.callers import authenticate
from quantleap.entrypoints.api.dispatch import dispatch
from quantleap.entrypoints.api.route import Caller, Route
from quantleap.entrypoints.api.routes.table import ROUTES

ROUTE = {route.name: route for route in ROUTES}
AUTHENTICATED: Mapping[Caller, Mapping[Operation, int]] = {Caller.PARTNER: {BATCH_GET: 1, UPDATE: 1}, Caller.USER: {}}
"""A key pair and its partner together, and a token of the partner's bucket; a user's token is no read."""


def credentials(house: House, caller: Caller) -> dict[str, str]:
    """Of zebu's server, or of anita."""
    if caller is Caller.PARTNER:
        return partner_headers(house)
    return {"Authorization": f"Bearer {house.app.development_tokens.issue(ANITA.email, is_admin=False)}"}


@pytest.mark.parametrize("cost", ROUTE_COSTS, ids=str)
def test_a_request_asks_for_what_the_table_says_and_no_more(metered: Metered, cost: RouteCost) -> None:
    house, route = metered.house, ROUTE[cost.route]
    cost.before(house)
    request = cost.request(credentials(house, route.caller))
    if route.caller is Caller.PARTNER:
        house.app.admission.take(BACKEND)  # now this process knows the bucket as it is
    metered.meter.begin()
    answered = dispatch(route, request, authenticate(route, request, house.app), house.app)
    assert answered.status == route.status, answered.text
    assert metered.meter.counted() == expected(metered.meter, _sum(route, cost))


def _sum(route: Route, cost: RouteCost) -> Counter[Operation]:
    return Counter(cost.requests) + Counter(AUTHENTICATED[route.caller])


def test_every_route_of_partners_and_users_has_a_row() -> None:
    theirs = {route.name for route in ROUTES if route.caller in AUTHENTICATED}
    assert {cost.route for cost in ROUTE_COSTS} == theirs
