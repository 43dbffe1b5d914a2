"""Changes of what the marketplace shows of a basket."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, fields_dict

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.marketplace.content import BasketContent, Category, RiskLevel
from quantleap.domain.marketplace.document import ListingChanges
from quantleap.domain.marketplace.shown import LISTING_FIELDS
from quantleap.domain.money import Money

MakeContent = Callable[..., BasketContent]


def refusal(content: BasketContent, changes: Any) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as caught:
        ListingChanges(changes).applied_to(content)
    return caught.value.field, caught.value.reason


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({}, {}),
        ({"basket_name": "Another"}, {"basket_name": "Another"}),
        ({"category": "income", "risk_level": "high"}, {"category": Category.INCOME, "risk_level": RiskLevel.HIGH}),
        ({"subscription_price": Decimal("199.5")}, {"subscription_price": Money(19_950, "INR")}),
        ({"subscription_price": 5, "currency": "USD"}, {"subscription_price": Money(500, "USD")}),
        ({"risk_level": None}, {"risk_level": None}),
    ],
    ids=["nothing", "a name", "choices", "a price", "a price in another currency", "taken away"],
)
def test_what_is_named_changes_and_all_else_stays(
    content: MakeContent, given: dict[str, Any], changed: dict[str, Any]
) -> None:
    before = content(risk_level=RiskLevel.LOW)
    assert ListingChanges(given).applied_to(before) == evolve(before, **changed)


def test_another_currency_is_that_of_every_amount(content: MakeContent) -> None:
    after = ListingChanges({"currency": "USD"}).applied_to(content(total_capital_required=Money(5_000_000, "INR")))
    assert (after.subscription_price, after.total_capital_required) == (Money(99_900, "USD"), Money(5_000_000, "USD"))


@pytest.mark.parametrize("name", ["strategies", "basket_id", "lot_rounding", "prices"])
def test_what_a_basket_trades_is_no_field_of_its_listing(content: MakeContent, name: str) -> None:
    assert refusal(content(), {name: None}) == (name, "is not a field of a listing")


def test_a_wrong_value_is_refused_by_its_field(content: MakeContent) -> None:
    assert refusal(content(), {"subscription_price": 0}) == ("subscription_price", "must be above zero")
    assert refusal(content(), {"basket_name": None})[0] == "basket_name"
    assert refusal(content(), ["basket_name"]) == ("changes", "must be an object, not a list")


def test_every_field_of_a_listing_is_one_of_the_document() -> None:
    assert fields_dict(BasketContent).keys() | {"currency"} > LISTING_FIELDS
