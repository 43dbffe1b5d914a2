"""What no name of its kind looks like is told as not found on every route, before anything is read."""

import re

import pytest
from tests.integration.api.asking import Asking, refusal_of
from tests.integration.api.faces import Face
from tests.integration.application.house import ANITA, House

from quantleap.domain.errors import NotFoundError, QuantleapError
from quantleap.domain.identifiers import FORMS
from quantleap.entrypoints.api.route import Caller, Route
from quantleap.entrypoints.api.routes.table import ROUTES

NAMED = {
    "basket_id": "basket_1",
    "strategy_id": "one",
    "subscription_id": "sub_zebu_1",
    "partner_id": "partner_zebu_live",
    "api_key_id": "key_1",
}
UNNAMED = {
    "basket_id": "No Basket",
    "strategy_id": "a#b",
    "subscription_id": "sub_zebu_1\n",
    "partner_id": "partner_direct_live",
    "api_key_id": "pk_zebu_live",
}
CASES = [
    pytest.param(route, name, id=f"{route.name}-{name}")
    for route in ROUTES
    for name in re.findall(r"\{(\w+)\}", route.path)
]


def test_every_variable_of_a_path_is_of_a_known_form() -> None:
    assert {name for case in CASES for name in case.values[1:]} == NAMED.keys() == UNNAMED.keys()
    for name, good in NAMED.items():
        assert re.fullmatch(FORMS[name], good)
        assert re.fullmatch(FORMS[name], UNNAMED[name]) is None


@pytest.mark.parametrize(("route", "name"), CASES)
def test_it_is_not_found_as_the_route_says_it(
    face: Face, house: House, monkeypatch: pytest.MonkeyPatch, route: Route, name: str
) -> None:
    monkeypatch.setattr(Route, "load_endpoint", _never)
    path: dict[str, str] = {each: NAMED[each] for each in re.findall(r"\{(\w+)\}", route.path)}
    path[name] = UNNAMED[name].replace(" ", "%20").replace("#", "%23").replace("\n", "%0A")
    answered = _asking(route, face, house).ask(route.name, query={"a": "1"}, json=None, headers={}, **path)
    status, code, _, details = refusal_of(answered)
    assert (status, details) == (404, {name: UNNAMED[name]})
    assert code in {kind.code for kind in route.may_refuse if issubclass(kind, NotFoundError)}


def _asking(route: Route, face: Face, house: House) -> Asking:
    match route.caller:
        case Caller.PARTNER:
            return Asking.partner(face, house)
        case Caller.USER:
            return Asking.user(face, house, ANITA)
    return Asking.admin(face, house)


def _never(_: Route) -> None:
    raise QuantleapError
