"""Nobody but an admin gets an answer from a route of admins, and nothing is written for anybody else."""

import pytest
from tests.integration.api.asking import Asking, refusal_of
from tests.integration.api.faces import Face, partner_headers
from tests.integration.application.house import ANITA, CONDOR, ZEBU, House

from quantleap.entrypoints.api.route import Route
from quantleap.entrypoints.api.routes.admin import ADMIN_ROUTES

UNAUTHORIZED = (401, "INVALID_CREDENTIALS")
FORBIDDEN = (403, "FORBIDDEN")


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=lambda route: route.name)
def test_a_user_a_partner_and_nobody_are_refused(face: Face, house: House, route: Route) -> None:
    user, partner = Asking.user(face, house, ANITA), partner_headers(house)
    before = house.items()
    for headers, expected in (
        ({}, UNAUTHORIZED),
        ({"Authorization": "Bearer none"}, UNAUTHORIZED),
        (partner, UNAUTHORIZED),
        (user.headers, FORBIDDEN),
    ):
        answered = Asking(face, headers).ask(
            route.name,
            basket_id=CONDOR,
            strategy_id="strat_nifty_ic_0920",
            partner_id=str(ZEBU),
            api_key_id=house.first_key().api_key_id,
        )
        assert refusal_of(answered)[:2] == expected
        assert "details" not in answered.json or answered.json["details"] == {"permission": "admin"}
    assert house.items() == before


def test_every_body_says_in_its_schema_that_it_has_no_key_but_those_it_names() -> None:
    for route in ADMIN_ROUTES:
        if route.body is not None:
            schema = route.load_body().model_json_schema()
            described = schema["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
            assert described["additionalProperties"] is False
