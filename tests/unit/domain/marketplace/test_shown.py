"""What the marketplace shows is read of a basket's document without what it trades."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from attrs import fields_dict

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.marketplace.content import BasketContent, RiskLevel
from quantleap.domain.marketplace.document import basket_document
from quantleap.domain.marketplace.performance import PerformanceMetrics
from quantleap.domain.marketplace.shown import ShownContent, read_shown
from quantleap.domain.money import Money

MakeContent = Callable[..., BasketContent]


def test_the_listing_fields_are_read_and_the_rest_is_not_looked_at(content: MakeContent) -> None:
    written = content(
        risk_level=RiskLevel.LOW,
        total_capital_required=Money(5_000_000, "INR"),
        expected_return_monthly=Decimal("2.5"),
        performance_metrics=PerformanceMetrics(win_rate=Decimal(60)),
    )
    shown = {name: getattr(written, name) for name in fields_dict(ShownContent)}
    assert read_shown({**basket_document(written), "strategies": "not looked at"}) == ShownContent(**shown)


@pytest.mark.parametrize(("name", "value"), [("basket_name", ""), ("category", "none"), ("subscription_price", 0)])
def test_a_listing_field_that_is_wrong_is_refused(content: MakeContent, name: str, value: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_shown({**basket_document(content()), name: value})
    assert caught.value.field == name
