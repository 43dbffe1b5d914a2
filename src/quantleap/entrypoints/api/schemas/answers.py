"""What partners and users are answered of templates and subscriptions."""

from typing import Literal

from pydantic import Field

from quantleap.domain.marketplace.content import Category, RiskLevel
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.entrypoints.api.schemas.answering import Answer, Currency, Instant, Number


class Listing(Answer):
    """What every list tells beside its entries.

    `total` counts all pages: where counters tell it, it is seconds behind, and never less than what is shown.
    `next_cursor` leads on, however deep; null on the last page.
    """

    total: int = Field(ge=0)
    limit: int = Field(ge=1, le=100)
    offset: int = Field(ge=0)
    next_cursor: str | None


# Templates


class PerformanceMetrics(Answer):
    """What the author claims the template earned; each may be absent."""

    win_rate: Number | None = None
    avg_return_per_trade: Number | None = None
    max_drawdown: Number | None = None
    sharpe_ratio: Number | None = None


class StrategyTemplate(Answer):
    """A template basket on the marketplace. Its price is for one month; what is optional is absent where there is none.

    `expected_return_monthly` and `performance_metrics` are there only for whom the disclosure policy shows them.
    """

    basket_id: str
    basket_name: str
    description: str
    category: Category
    index_symbol: Underlying
    strategies_count: int = Field(ge=0)
    subscription_price: Number
    currency: Currency
    is_marketplace_enabled: bool
    subscriber_count: int
    created_at: Instant
    updated_at: Instant
    marketplace_enabled_at: Instant | None = None
    total_capital_required: Number | None = None
    expected_return_monthly: Number | None = None
    risk_level: RiskLevel | None = None
    performance_metrics: PerformanceMetrics | None = None


class TemplateList(Listing):
    """A page of templates, most subscribers first."""

    templates: list[StrategyTemplate]


# Subscriptions


class HistoryEntry(Answer):
    """A status it took: when, who did it (under a pseudonym), and why."""

    status: SubscriptionStatus
    timestamp: Instant
    changed_by: str
    reason: str | None


class Subscription(Answer):
    """A subscription. `partner_commission` is an amount a period; `next_billing_date` midnight in Asia/Kolkata, null
    once it has ended; `partner_id` null where the user subscribed directly.
    """

    subscription_id: str
    user_email: str
    basket_id: str
    basket_name: str
    partner_id: str | None
    status: SubscriptionStatus
    subscription_price: Number
    currency: Currency
    partner_commission: Number
    subscribed_at: Instant
    broker_account_id: str | None
    custom_lot_multiplier: Number
    paused_at: Instant | None
    resumed_at: Instant | None
    cancelled_at: Instant | None
    last_status_change_at: Instant
    next_billing_date: Instant | None
    auto_renew: bool
    metadata: dict[str, str]


class PartnerSubscription(Subscription):
    """The same as partners see it, under further published names."""

    partner_id: str
    user_id: str
    template_basket_id: str
    template_name: str


class PartnerSubscriptionWithHistory(PartnerSubscription):
    """The same with every status it took, oldest first."""

    status_history: list[HistoryEntry]


class ShownPartnerSubscription(PartnerSubscriptionWithHistory):
    """The same with its template (null where that is gone), and once more under `subscription`."""

    subscription: PartnerSubscriptionWithHistory
    template: StrategyTemplate | None


class FilteredBy(Answer):
    """Which filter by user was applied."""

    user_email: str


class PartnerSubscriptionList(Listing):
    """A page of a partner's subscriptions, the latest day of a change first within a status."""

    subscriptions: list[PartnerSubscription]
    partner_id: str
    filtered_by: FilteredBy | None = Field(default=None, description="There only where `user_email` was given.")


class UserSubscription(Subscription):
    """The same as its user sees it, under further published names."""

    user_id: str
    template_basket_id: str
    template_name: str
    template_owner_id: str


class UserSubscriptionWithHistory(UserSubscription):
    """The same with every status it took, oldest first."""

    status_history: list[HistoryEntry]


class MadeUserSubscription(Answer):
    """A subscription that was just made."""

    subscription: UserSubscription


class ShownUserSubscription(Answer):
    """A subscription and its template, null where that is gone."""

    subscription: UserSubscriptionWithHistory
    template: StrategyTemplate | None


class UserSubscriptionList(Listing):
    """A page of a user's subscriptions, the latest day of a change first within a status."""

    subscriptions: list[UserSubscription]


# Moves


class _Moved(Answer):
    message: str
    subscription_id: str


class Paused(_Moved):
    """A subscription was paused."""

    status: Literal[SubscriptionStatus.PAUSED]
    paused_at: Instant


class Resumed(_Moved):
    """A subscription was resumed."""

    status: Literal[SubscriptionStatus.ACTIVE]
    resumed_at: Instant


class Cancelled(_Moved):
    """A subscription was cancelled."""

    status: Literal[SubscriptionStatus.CANCELLED]
    cancelled_at: Instant
