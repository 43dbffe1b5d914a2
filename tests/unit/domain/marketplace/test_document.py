"""The schema of catalog documents, on the catalog that the package carries and on generated ones."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from attrs import fields_dict

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.marketplace.document import (
    basket_document,
    read_basket,
    read_catalog,
    read_strategy,
    strategy_document,
)
from quantleap.domain.marketplace.leg import (
    Leg,
)
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.money import Money

Document = dict[str, Any]
Place = tuple[str | int, ...]

FREE_TEXT = {"basket_name", "description", "strategy_name"}
OPTIONAL_KEYS = {
    "currency",
    "lot_rounding",
    "risk_level",
    "total_capital_required",
    "strategies",
    "leg_index",
    "stop_loss",
}


def refusal_of_catalog(document: object) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as caught:
        read_catalog(document)
    return caught.value.field, caught.value.reason


def places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value in the document and where it stands, the document itself first."""
    yield place, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*place, key))


def path_of(place: Place) -> str:
    spelled = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return spelled.removeprefix(".") or "document"


def changed(document: Document, place: Place, change: Callable[[Any, Any], None]) -> Document:
    """A copy in which `change(container, key)` was applied at that place."""
    copy = deepcopy(document)
    container: Any = copy
    for step in place[:-1]:
        container = container[step]
    change(container, place[-1])
    return copy


def with_value(document: Document, place: Place, value: object) -> Document:
    return changed(document, place, lambda container, key: container.__setitem__(key, value))


def test_the_packages_catalog_round_trips(catalog_document: Document) -> None:
    catalog = read_catalog(catalog_document)
    assert catalog.owner.address == catalog_document["owner"]
    assert len(catalog.templates) == len(catalog_document["templates"]) == 4
    for basket, template in zip(catalog.templates, catalog_document["templates"], strict=True):
        assert basket == read_basket(template) == read_basket(basket_document(basket))
        for strategy in basket.strategies:
            assert read_strategy(strategy_document(strategy)) == strategy


def test_what_is_written_back_says_all_that_was_read_and_the_defaults(catalog_document: Document) -> None:
    for template in catalog_document["templates"]:
        written = basket_document(read_basket(template))
        assert written["on_shortfall"] == "reduce"
        assert written["partial_hedge"] == "square_off"
        for strategy in written["strategies"]:
            assert strategy.pop("status") == "ACTIVE"
            assert strategy.pop("move_stop_loss_to_cost") is False
        assert written == {**template, "on_shortfall": "reduce", "partial_hedge": "square_off"}


def test_an_unknown_key_in_any_object_is_refused_by_its_path(catalog_document: Document) -> None:
    objects = [place for place, value in places(catalog_document) if isinstance(value, dict)]
    assert len(objects) == 1 + 4 + 5 + 12 + 4  # the catalog, its templates, strategies, legs and stop losses
    paths = [path_of((*place, "lotz")) for place in objects]
    assert "templates[0].strategies[0].legs[1].lotz" in paths
    for place, path in zip(objects, paths, strict=True):
        broken = with_value(catalog_document, (*place, "lotz"), 1)
        assert refusal_of_catalog(broken) == (path, "is not a known field")


def test_a_missing_key_is_refused_by_its_path_unless_it_has_a_default(catalog_document: Document) -> None:
    for place, _ in places(catalog_document):
        if not place or isinstance(place[-1], int):
            continue
        without = changed(catalog_document, place, lambda container, key: container.pop(key))
        if place[-1] in OPTIONAL_KEYS:
            assert read_catalog(without).owner.address == catalog_document["owner"]
        else:
            refused, reason = refusal_of_catalog(without)
            assert refused == path_of(place)
            assert reason == "is required" or (place[-1], reason.split()[1]) == ("selection_operator", "required")


WRONG_EVERYWHERE = [
    True,
    1.5,
    float("nan"),
    float("inf"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("-Infinity"),
    Decimal("1E+999999999"),
    Decimal("1E-999999999"),
    10**30,
    -(10**30),
    "",
    "\u202e",
    "a\x00",
    b"1",
    {1, 2},
]


@pytest.mark.parametrize("wrong", WRONG_EVERYWHERE, ids=ascii)
def test_a_value_that_no_field_takes_is_refused_by_its_path_wherever_it_stands(
    catalog_document: Document, wrong: object
) -> None:
    for place, value in places(catalog_document):
        if isinstance(value, dict | list):
            continue
        broken = with_value(catalog_document, place, wrong)
        assert refusal_of_catalog(broken)[0] == path_of(place)


@pytest.mark.parametrize("wrong", ["\uff11", "\u0661", "MOND\u0410Y", "N\u0399FTY", "SELL\u00a0"], ids=ascii)
def test_a_look_alike_is_refused_by_its_path_wherever_it_is_no_free_text(
    catalog_document: Document, wrong: str
) -> None:
    for place, value in places(catalog_document):
        if isinstance(value, dict | list) or place[-1] in FREE_TEXT:
            continue
        assert refusal_of_catalog(with_value(catalog_document, place, wrong))[0] == path_of(place)


@pytest.mark.parametrize("wrong", ["x", 7, None, True, b"{}"])
def test_an_object_or_list_that_is_none_is_refused_by_its_path(catalog_document: Document, wrong: object) -> None:
    assert refusal_of_catalog(wrong)[0] == "document"
    for place, value in places(catalog_document):
        if not place or not isinstance(value, dict | list) or (wrong is None and place[-1] == "stop_loss"):
            continue
        broken = with_value(catalog_document, place, wrong)
        assert refusal_of_catalog(broken)[0] == path_of(place)


STRATEGY: Place = ("templates", 0, "strategies", 0)
LEG: Place = (*STRATEGY, "legs", 0)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("owner",), "not an email"),
        (("templates",), []),
        (("templates", 0, "currency"), "XYZ"),
        (("templates", 0, "currency"), "inr"),
        (("templates", 0, "currency"), ["INR"]),
        (("templates", 0, "subscription_price"), "0.00"),
        (("templates", 0, "subscription_price"), "-1"),
        (("templates", 0, "subscription_price"), "999.001"),
        (("templates", 0, "subscription_price"), "1e3"),
        (("templates", 0, "subscription_price"), Decimal("999.999")),
        (("templates", 0, "total_capital_required"), 0),
        (("templates", 0, "category"), "NEUTRAL"),
        (("templates", 0, "index_symbol"), "SENSEX"),
        (("templates", 0, "risk_level"), "none"),
        (("templates", 0, "performance_metrics"), {"win_rate": 1, "profit": 1}),
        (("templates", 0, "performance_metrics"), {"win_rate": 101}),
        (("templates", 0, "expected_return_monthly"), "2.5"),
        ((*STRATEGY, "underlying"), "nifty"),
        ((*STRATEGY, "entry_time"), "25:00"),
        ((*STRATEGY, "exit_time"), "09:20"),
        ((*STRATEGY, "entry_days"), []),
        ((*STRATEGY, "entry_days"), ["MONDAY", "MONDAY"]),
        ((*STRATEGY, "entry_days"), ["MON"]),
        ((*STRATEGY, "exit_days"), ["MONDAY"]),
        ((*STRATEGY, "legs"), []),
        ((*STRATEGY, "target_profit"), {"type": "POINTS", "value": 1}),
        ((*STRATEGY, "move_stop_loss_to_cost"), "yes"),
        ((*STRATEGY, "move_stop_loss_to_cost"), None),
        ((*STRATEGY, "status"), "active"),
        ((*STRATEGY, "algo_id"), 7),
        ((*STRATEGY, "entry_days_before_expiry"), Decimal("1.5")),
        ((*LEG, "lots"), 0),
        ((*LEG, "lots"), 1001),
        ((*LEG, "leg_index"), 7),
        ((*LEG, "selection_value"), 10_001),
        ((*LEG, "selection_operator"), "CLOSEST"),
        ((*LEG, "stop_loss"), {"type": "PERCENTAGE"}),
        ((*LEG, "stop_loss"), {"type": "ABSOLUTE", "value": 1}),
        ((*LEG, "re_entry"), {"max_count": 6}),
        ((*LEG, "re_entry"), {"cooldown_minutes": 1}),
    ],
)
def test_a_value_out_of_its_bounds_is_refused_at_or_below_its_path(
    catalog_document: Document, place: Place, value: object
) -> None:
    refused, _ = refusal_of_catalog(with_value(catalog_document, place, value))
    assert refused.startswith(path_of(place))


def test_an_email_is_refused_without_repeating_it(catalog_document: Document) -> None:
    assert refusal_of_catalog({**catalog_document, "owner": "adm\u0131n@example.com"}) == (
        "owner",
        "must be one plain mailbox such as name@example.com",
    )


def test_ids_are_unique_in_a_catalog_of_baskets_and_of_strategies_over_all_baskets(catalog_document: Document) -> None:
    for place, message in (
        (("templates", 3, "basket_id"), "repeats the id of a template before it"),
        (("templates", 3, "strategies", 1, "strategy_id"), "repeats the id of a strategy before it"),
    ):
        first = "basket_admin_8f3e2a1b" if place[-1] == "basket_id" else "strat_nifty_ic_0920"
        twice = with_value(catalog_document, place, first)
        assert refusal_of_catalog(twice) == (path_of(place), message)


def test_a_hundred_templates_are_the_most(catalog_document: Document) -> None:
    template = {**catalog_document["templates"][0], "strategies": []}
    templates = [{**template, "basket_id": f"basket_{index}"} for index in range(101)]
    assert len(read_catalog({**catalog_document, "templates": templates[:100]}).templates) == 100
    assert refusal_of_catalog({**catalog_document, "templates": templates}) == (
        "templates",
        "must hold at most 100",
    )


def test_an_amount_may_be_a_number_and_the_currency_is_inr_unless_said(catalog_document: Document) -> None:
    template = {**catalog_document["templates"][3], "subscription_price": Decimal("799.5")}
    template.pop("currency")
    assert read_basket(template).subscription_price == Money(79_950, "INR")
    dollars = {**template, "currency": "USD"}
    assert read_basket(dollars).subscription_price == Money(79_950, "USD")
    assert basket_document(read_basket(dollars))["currency"] == "USD"


def test_days_may_stand_in_any_order_and_a_leg_without_an_index_takes_its_place(catalog_document: Document) -> None:
    written = catalog_document["templates"][0]["strategies"][0]
    shuffled = {**written, "entry_days": written["entry_days"][::-1], "legs": deepcopy(written["legs"])}
    for leg in shuffled["legs"]:
        del leg["leg_index"]
    assert read_strategy(shuffled) == read_strategy(written)


def test_a_basket_may_be_written_before_its_strategies(catalog_document: Document) -> None:
    template = dict(catalog_document["templates"][0])
    template.pop("strategies")
    assert read_basket(template).strategies == ()
    assert basket_document(read_basket(template))["strategies"] == []


def test_every_field_of_a_strategy_can_be_written(catalog_document: Document) -> None:
    limit = {"type": "PERCENTAGE", "value": Decimal("12.5")}
    written = {
        **catalog_document["templates"][0]["strategies"][0],
        "status": "INACTIVE",
        "algo_id": "ALGO-1",
        "target_profit": limit,
        "mtm_stop_loss": {"type": "ABSOLUTE", "value": 5000},
        "move_stop_loss_to_cost": True,
        "entry_days_before_expiry": 3,
        "exit_days_before_expiry": 0,
        "legs": [
            {
                "leg_id": "leg_1",
                "leg_index": 1,
                "option_type": "PE",
                "action": "BUY",
                "lots": 1,
                "selection_method": "PREMIUM",
                "selection_value": Decimal("120.5"),
                "selection_operator": "GTE",
                "stop_loss": limit,
                "target_profit": limit,
                "trailing_stop": {"type": "POINTS", "value": 7},
                "re_entry": {"max_count": 2, "cooldown_minutes": 15},
            }
        ],
    }
    assert set(written) == set(fields_dict(Strategy))
    assert set(written["legs"][0]) == set(fields_dict(Leg))
    assert strategy_document(read_strategy(written)) == written
