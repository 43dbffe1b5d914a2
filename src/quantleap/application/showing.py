"""Shows a subscription together with its template."""

from attrs import frozen

from quantleap.application.finding import Finding
from quantleap.application.recent_reads import RecentReads
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import Principal, User, require_permission
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.shown_subscriptions import ShownSubscriptions


@frozen
class ShownSubscription:
    """A subscription, and its template as whoever asks may see it; None where that is gone."""

    subscription: Subscription
    template: StrategyTemplate | None


class Showing:
    """Apart from the moves, which need nothing of a template."""

    def __init__(self, finding: Finding, recent: RecentReads, shown: ShownSubscriptions) -> None:
        self._finding = finding
        self._recent = recent
        self._shown = shown

    def subscription(self, by: Principal, subscription_id: str) -> ShownSubscription:
        """The subscription with its history as it is now, its template perhaps seconds old.

        Raises as `SubscriptionCare.get` does.
        """
        require_permission(by, Permission.SUBSCRIPTIONS_READ)
        subscription, template = (
            self._one_by_one(by, subscription_id) if isinstance(by, User) else self._together(by, subscription_id)
        )
        if template is not None and not self._recent.may_see_performance(by):
            template = template.without_performance()
        return ShownSubscription(subscription, template)

    def _one_by_one(self, by: User, subscription_id: str) -> tuple[Subscription, StrategyTemplate | None]:
        """A user's own is found without being located, and is what tells the basket."""
        subscription = self._finding.at(self._finding.address(by, subscription_id))
        return subscription, self._recent.template(subscription.terms.basket_id)

    def _together(self, by: Principal, subscription_id: str) -> tuple[Subscription, StrategyTemplate | None]:
        """Where a subscription lives tells its basket, so that a template that is not known is read along with it."""
        location = self._finding.location(by, subscription_id)
        subscription: Subscription | None = None

        def read_both(basket_id: str) -> StrategyTemplate | None:
            nonlocal subscription
            subscription, template = self._shown.with_template(location.address, basket_id)
            return template

        template = self._recent.template(location.basket_id, read_both)
        return subscription or self._finding.at(location.address), template
