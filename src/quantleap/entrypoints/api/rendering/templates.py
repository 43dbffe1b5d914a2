"""Templates as the published StrategyTemplate: never a leg, a strike, a day or a time."""

from decimal import Decimal
from typing import Any

from attrs import asdict

from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.money import Money
from quantleap.entrypoints.api.listing import Listed


def template_document(template: StrategyTemplate) -> dict[str, Any]:
    """The published StrategyTemplate; what it has not, or may not show, is left out."""
    metrics = template.performance_metrics
    document: dict[str, Any] = {
        "basket_id": template.basket_id,
        "basket_name": template.basket_name,
        "description": template.description,
        "category": template.category,
        "index_symbol": template.index_symbol,
        "strategies_count": template.strategies_count,
        "subscription_price": template.subscription_price.major_decimal(),
        "currency": template.subscription_price.currency,
        "is_marketplace_enabled": template.is_marketplace_enabled,
        "total_capital_required": _amount(template.total_capital_required),
        "expected_return_monthly": template.expected_return_monthly,
        "risk_level": template.risk_level,
        "marketplace_enabled_at": template.marketplace_enabled_at,
        "subscriber_count": template.subscriber_count,
        "performance_metrics": None if metrics is None else _present(asdict(metrics)),
        "created_at": template.created_at,
        "updated_at": template.updated_at,
    }
    return _present(document)


def page_document(listed: Listed[StrategyTemplate]) -> dict[str, Any]:
    """A page of them."""
    return listed.document("templates", [template_document(template) for template in listed.page.entries])


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.major_decimal()


def _present(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}
