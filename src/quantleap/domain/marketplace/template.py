"""What a reader of the marketplace sees of a template: never its legs, strikes, days or times."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from quantleap.domain.marketplace.category import Category
from quantleap.domain.marketplace.listing import Listing
from quantleap.domain.marketplace.performance import PerformanceMetrics
from quantleap.domain.marketplace.shown import RiskLevel, ShownContent
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.money import Money

if TYPE_CHECKING:
    from quantleap.domain.marketplace.basket import Basket


@frozen(kw_only=True)
class StrategyTemplate:
    """The published StrategyTemplate, in the domain's types."""

    basket_id: str
    basket_name: str
    description: str
    category: Category
    index_symbol: Underlying
    strategies_count: int
    subscription_price: Money
    is_marketplace_enabled: bool
    subscriber_count: int
    created_at: datetime
    updated_at: datetime
    risk_level: RiskLevel | None = None
    total_capital_required: Money | None = None
    marketplace_enabled_at: datetime | None = None
    expected_return_monthly: Decimal | None = None
    performance_metrics: PerformanceMetrics | None = None

    @classmethod
    def of(cls, basket: "Basket", *, subscriber_count: int, show_performance: bool) -> "StrategyTemplate":
        """The basket as a reader sees it; past and expected returns only where the disclosure policy shows them."""
        template = cls.described(
            basket.content,
            basket.listing,
            strategies_count=len(basket.strategies),
            subscriber_count=subscriber_count,
            created_at=basket.created_at,
            updated_at=basket.updated_at,
        )
        return template if show_performance else template.without_performance()

    @classmethod
    def described(
        cls,
        content: ShownContent,
        listing: Listing,
        *,
        strategies_count: int,
        subscriber_count: int,
        created_at: datetime,
        updated_at: datetime,
    ) -> "StrategyTemplate":
        """The template that content and listing describe, performance included."""
        return cls(
            basket_id=content.basket_id,
            basket_name=content.basket_name,
            description=content.description,
            category=content.category,
            index_symbol=content.index_symbol,
            strategies_count=strategies_count,
            subscription_price=content.subscription_price,
            is_marketplace_enabled=listing.is_enabled,
            subscriber_count=subscriber_count,
            created_at=created_at,
            updated_at=updated_at,
            risk_level=content.risk_level,
            total_capital_required=content.total_capital_required,
            marketplace_enabled_at=listing.marketplace_enabled_at,
            expected_return_monthly=content.expected_return_monthly,
            performance_metrics=content.performance_metrics,
        )

    def without_performance(self) -> "StrategyTemplate":
        """The same without `expected_return_monthly` and `performance_metrics`.

        A broker in India may refer to no past or expected return of an algorithm (SEBI circular of 2 September 2022 on
        performance claims by unregulated algo platforms).
        """
        return evolve(self, expected_return_monthly=None, performance_metrics=None)


@frozen
class TemplateOverview:
    """A basket as its author lists it: what the marketplace shows of it, where it stands, its version."""

    template: StrategyTemplate
    listing: Listing
    version: int
