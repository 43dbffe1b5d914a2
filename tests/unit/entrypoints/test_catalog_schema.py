"""The JSON Schema of baskets agrees with the domain's reader: what the one admits, the other does."""

import json
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from tests.unit.domain.marketplace.test_document_round_trip import contents

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.document import basket_document, read_basket
from quantleap.domain.marketplace.shown import LISTING_FIELDS
from quantleap.entrypoints.api.schemas import catalog
from quantleap.entrypoints.exact_json import json_text

Document = dict[str, Any]

BASKET = jsonschema_rs.validator_for(catalog.Basket.model_json_schema())


def admits(document: Document) -> bool:
    """Whether the schema does, of the document as it is sent."""
    return BASKET.is_valid(json.loads(json_text(document)))


def is_read(document: Document) -> bool:
    try:
        read_basket(document)
    except InvalidInputError:
        return False
    return True


@pytest.fixture
def condor() -> Document:
    text = files("quantleap.data").joinpath("catalog.json").read_text("utf-8")
    template: Document = json.loads(text, parse_float=Decimal)["templates"][0]
    return template


@given(contents())
def test_whatever_the_domain_holds_is_admitted(content: BasketContent) -> None:
    assert admits(basket_document(content))


def first_strategy(document: Document) -> Document:
    strategy: Document = document["strategies"][0]
    return strategy


def first_leg(document: Document) -> Document:
    leg: Document = first_strategy(document)["legs"][0]
    return leg


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        (dict, "basket_id", "No Id"),
        (dict, "basket_name", ""),
        (dict, "basket_name", "x" * 121),
        (dict, "description", "x" * 2001),
        (dict, "category", "exotic"),
        (dict, "subscription_price", 0),
        (dict, "subscription_price", -1),
        (dict, "subscription_price", "999,00"),
        (dict, "subscription_price", None),
        (dict, "currency", "XXX"),
        (dict, "currency", None),
        (dict, "lot_rounding", None),
        (dict, "strategies", None),
        (dict, "colour", "red"),
        (first_strategy, "strategy_id", ""),
        (first_strategy, "underlying", "SENSEX"),
        (first_strategy, "entry_time", "9:20"),
        (first_strategy, "entry_time", "24:00"),
        (first_strategy, "entry_days", []),
        (first_strategy, "entry_days", ["MONDAY", "MONDAY"]),
        (first_strategy, "legs", []),
        (first_strategy, "algo_id", "-"),
        (first_strategy, "move_stop_loss_to_cost", 1),
        (first_strategy, "entry_days_before_expiry", 31),
        (first_strategy, "colour", "red"),
        (first_leg, "lots", 0),
        (first_leg, "lots", 1001),
        (first_leg, "leg_index", 0),
        (first_leg, "leg_index", None),
        (first_leg, "selection_value", Decimal("100001")),
        (first_leg, "selection_operator", "NEAREST"),
        (first_leg, "stop_loss", {"type": "PERCENTAGE", "value": 0}),
        (first_leg, "stop_loss", {"type": "ABSOLUTE", "value": 1}),
        (first_leg, "re_entry", {"max_count": 6}),
        (first_leg, "re_entry", {"max_count": 1, "cooldown_minutes": 376}),
        (first_leg, "colour", "red"),
    ],
)
def test_what_the_schema_refuses_the_domain_refuses_too(
    condor: Document, place: Callable[[Document], Document], name: str, value: object
) -> None:
    assert admits(condor)
    assert is_read(condor)
    changed = deepcopy(condor)
    (changed if place is dict else place(changed))[name] = value
    assert not admits(changed)
    assert not is_read(changed)


@pytest.mark.parametrize("name", ["basket_id", "basket_name", "description", "category", "index_symbol"])
def test_what_is_required_is_required_by_both(condor: Document, name: str) -> None:
    del condor[name]
    assert not admits(condor)
    assert not is_read(condor)


@pytest.mark.parametrize(
    "name", ["risk_level", "total_capital_required", "expected_return_monthly", "performance_metrics"]
)
def test_null_is_absent_to_both_where_it_may_be(condor: Document, name: str) -> None:
    condor[name] = None
    assert admits(condor)
    assert is_read(condor)


def test_a_revision_has_the_fields_of_a_listing_and_a_version() -> None:
    assert catalog.ListingRevision.model_fields.keys() == LISTING_FIELDS | {"version"}
    assert catalog.ListingFields.model_fields.keys() == LISTING_FIELDS
