"""Subscriptions together with their templates, over any engine."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.shown_templates import read_template
from quantleap.adapters.store.records.subscriptions import read_subscription
from quantleap.adapters.store.seam import Engine
from quantleap.domain.identifiers import Email
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.subscriptions import SubscriptionAddress


class StoredShownSubscriptions:
    """See `quantleap.ports.shown_subscriptions.ShownSubscriptions`. Templates of one owner."""

    def __init__(self, engine: Engine, owner: Email) -> None:
        self._engine = engine
        self._owner = owner

    def with_template(
        self, address: SubscriptionAddress, basket_id: str
    ) -> tuple[Subscription | None, StrategyTemplate | None]:
        """One consistent read of both items."""
        subscription, basket = self._engine.get_many(
            [
                keys.subscription(address.mode, address.user, address.subscription_id),
                keys.basket(self._owner, basket_id),
            ],
            consistent=True,
        )
        return (
            None if subscription is None else read_subscription(subscription),
            None if basket is None else read_template(basket),
        )
