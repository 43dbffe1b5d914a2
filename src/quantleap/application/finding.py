"""Finds a subscription for whoever may see it: a partner what is its own, a user what is theirs, an admin both."""

from quantleap.domain import identifiers
from quantleap.domain.errors import NotTheOwnerError, SubscriptionNotFoundError
from quantleap.domain.identifiers import Mode
from quantleap.domain.principals import PartnerBackend, Principal, User, mode_of
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.subscriptions import SubscriptionAddress, SubscriptionLocation, Subscriptions


class Finding:
    """Raises SubscriptionNotFoundError, and NotTheOwnerError to a partner whose it is not."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions

    def address(self, by: Principal, subscription_id: str) -> SubscriptionAddress:
        """Where it lives: a user's own needs no read, since a user's key is the user."""
        identifiers.subscription_id(subscription_id)
        match by:
            case User(email=email):
                return SubscriptionAddress(Mode.LIVE, email, subscription_id)
            case _:
                return self._located(by, subscription_id).address

    def location(self, by: Principal, subscription_id: str) -> SubscriptionLocation:
        """Where it lives, and its basket, which a user's own tells."""
        if not isinstance(by, User):
            return self._located(by, subscription_id)
        address = self.address(by, subscription_id)
        terms = self.at(address).terms
        return SubscriptionLocation(address, terms.basket_id, terms.partner_id)

    def at(self, address: SubscriptionAddress) -> Subscription:
        """The subscription at an address that was found."""
        subscription = self._subscriptions.get(address)
        if subscription is None:
            raise SubscriptionNotFoundError(address.subscription_id)
        return subscription

    def _located(self, by: Principal, subscription_id: str) -> SubscriptionLocation:
        identifiers.subscription_id(subscription_id)
        location = self._subscriptions.locate(mode_of(by), subscription_id)
        if location is None:
            raise SubscriptionNotFoundError(subscription_id)
        if isinstance(by, PartnerBackend) and location.partner_id != by.partner_id:
            raise NotTheOwnerError
        return location
