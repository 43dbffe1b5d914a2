"""What the marketplace shows of a basket that its author writes: the listing fields, and how a document gives them.

Apart from the strategies, so that whoever shows a template loads nothing of them.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from attrs import field, fields_dict, frozen, validators

from quantleap.domain.identifiers import template_id
from quantleap.domain.marketplace.category import Category
from quantleap.domain.marketplace.performance import PerformanceMetrics, expected_return
from quantleap.domain.marketplace.reader import Parse, as_it_is, build, checked_object, choice, exact_decimal, nested
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.money import Money
from quantleap.domain.validation import checked_by, checked_match, instance_of, require, text

MAX_NAME_CHARS = 120
MAX_DESCRIPTION_CHARS = 2000
DEFAULT_CURRENCY = "INR"

_CURRENCY = re.compile(r"[A-Z]{3}")


class RiskLevel(StrEnum):
    """The author's own judgement."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@frozen(kw_only=True)
class ShownContent:
    """The id of a basket and its listing fields.

    `subscription_price` is above zero, for one month, in the currency of `total_capital_required`.
    """

    basket_id: str = field(validator=checked_by(template_id))
    basket_name: str = field(validator=text(MAX_NAME_CHARS))
    description: str = field(validator=text(MAX_DESCRIPTION_CHARS))
    category: Category = field(validator=instance_of(Category))
    index_symbol: Underlying = field(validator=instance_of(Underlying))
    subscription_price: Money = field(validator=instance_of(Money))
    risk_level: RiskLevel | None = field(default=None, validator=validators.optional(instance_of(RiskLevel)))
    total_capital_required: Money | None = field(default=None, validator=validators.optional(instance_of(Money)))
    expected_return_monthly: Decimal | None = field(default=None, validator=expected_return)
    performance_metrics: PerformanceMetrics | None = field(
        default=None, validator=validators.optional(instance_of(PerformanceMetrics))
    )

    def __attrs_post_init__(self) -> None:
        require(self.subscription_price.minor > 0, "subscription_price", "must be above zero")
        capital = self.total_capital_required
        if capital is not None:
            require(capital.minor > 0, "total_capital_required", "must be above zero")
            require(
                capital.currency == self.subscription_price.currency,
                "total_capital_required",
                "must be in the currency of subscription_price",
            )


def read_shown(document: object) -> ShownContent:
    """The listing fields of a template's document; what else it holds is not looked at. Raises InvalidInputError."""
    given, fields = shown_fields(document)
    return build(ShownContent, {name: value for name, value in given.items() if name in fields}, fields)


def shown_fields(document: object) -> tuple[dict[object, object], Mapping[str, Parse[Any]]]:
    """A template's document without its `currency` (INR unless said), and how each listing field of it is read: both
    amounts are in that currency.
    """
    given = dict(checked_object(document, "document"))
    currency = checked_match(given.pop("currency", DEFAULT_CURRENCY), "currency", _CURRENCY, "three capital letters")
    amount = _amount_in(currency)
    return given, {**_SHOWN, "subscription_price": amount, "total_capital_required": amount}


def _amount_in(currency: str) -> Parse[Money]:
    return lambda value, field: Money.parse(value, currency, field=field)


def _read_metrics(document: object) -> PerformanceMetrics:
    return build(PerformanceMetrics, document, dict.fromkeys(fields_dict(PerformanceMetrics), exact_decimal))


_SHOWN: Mapping[str, Parse[Any]] = MappingProxyType(
    {
        "basket_id": as_it_is,
        "basket_name": as_it_is,
        "description": as_it_is,
        "category": choice(Category),
        "index_symbol": choice(Underlying),
        "risk_level": choice(RiskLevel),
        "expected_return_monthly": exact_decimal,
        "performance_metrics": nested(_read_metrics),
    }
)

LISTING_FIELDS = frozenset({*fields_dict(ShownContent), "currency"} - {"basket_id"})
"""What the marketplace shows of a basket, by the keys of its document."""
