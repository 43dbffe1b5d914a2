"""Subscriptions together with their templates."""

from typing import Protocol

from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.subscriptions import SubscriptionAddress


class ShownSubscriptions(Protocol):
    """Both in one request, for whoever knows the basket before."""

    def with_template(
        self, address: SubscriptionAddress, basket_id: str
    ) -> tuple[Subscription | None, StrategyTemplate | None]:
        """The subscription, and what the marketplace shows of that basket, performance included.

        Each as every commit that returned before left it; a commit may fall between the two.
        """
