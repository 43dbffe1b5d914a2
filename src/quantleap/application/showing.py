"""Shows a subscription together with its template."""

from attrs import frozen

from quantleap.application.recent_reads import RecentReads
from quantleap.application.subscription_care import SubscriptionCare
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.principals import Principal
from quantleap.domain.subscriptions.subscription import Subscription


@frozen
class ShownSubscription:
    """A subscription, and its template as whoever asks may see it; None where that is gone."""

    subscription: Subscription
    template: StrategyTemplate | None


class Showing:
    """Apart from the moves, which need nothing of a template."""

    def __init__(self, subscriptions: SubscriptionCare, recent: RecentReads) -> None:
        self._subscriptions = subscriptions
        self._recent = recent

    def subscription(self, by: Principal, subscription_id: str) -> ShownSubscription:
        """The subscription with its history as it is now, its template perhaps seconds old.

        Raises as `SubscriptionCare.get` does.
        """
        subscription = self._subscriptions.get(by, subscription_id)
        template = self._recent.template(subscription.terms.basket_id)
        if template is not None and not self._recent.may_see_performance(by):
            template = template.without_performance()
        return ShownSubscription(subscription, template)
