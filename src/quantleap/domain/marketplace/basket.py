"""A template basket: what its author wrote, its version, and whether it is on the marketplace."""

from datetime import datetime

from attrs import evolve, field, frozen

from quantleap.domain.identifiers import Email
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.listing import Listing
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.validation import instance_of, instant, require, whole_number

MAX_VERSION = 10**9
NEEDS_A_STRATEGY = "must hold at least one strategy while the template is on the marketplace"


@frozen(kw_only=True)
class Basket:
    """Every move returns a new value whose `version` is one higher; plans carry the version they were made from.

    A basket on the marketplace holds at least one strategy. A retired one cannot be moved at all.
    """

    owner: Email = field(validator=instance_of(Email))
    content: BasketContent = field(validator=instance_of(BasketContent))
    created_at: datetime = field(validator=instant)
    updated_at: datetime = field(validator=instant)
    listing: Listing = field(factory=Listing, validator=instance_of(Listing))
    version: int = field(default=1, validator=whole_number(1, MAX_VERSION))

    def __attrs_post_init__(self) -> None:
        require(not self.listing.is_enabled or bool(self.content.strategies), "strategies", NEEDS_A_STRATEGY)

    @classmethod
    def new(cls, owner: Email, content: BasketContent, at: datetime) -> "Basket":
        """Version 1, not listed."""
        return cls(owner=owner, content=content, created_at=at, updated_at=at)

    @property
    def basket_id(self) -> str:
        """Its id, the same in every version."""
        return self.content.basket_id

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """Its strategies, as they are now."""
        return self.content.strategies

    def edited(self, content: BasketContent, at: datetime) -> "Basket":
        """The basket with that content. Raises InvalidListingMoveError when it is retired."""
        require(content.basket_id == self.basket_id, "basket_id", "cannot be changed")
        return self._moved(self.listing.edited(), content, at)

    def enabled(self, at: datetime) -> "Basket":
        """On the marketplace. Raises InvalidListingMoveError when it is there already or retired."""
        return self._moved(self.listing.enabled(at), self.content, at)

    def taken_off(self, at: datetime) -> "Basket":
        """Off the marketplace, still serving its subscribers. Raises InvalidListingMoveError when it is not there."""
        return self._moved(self.listing.taken_off(), self.content, at)

    def retired(self, reason: str, at: datetime) -> "Basket":
        """Over, for that reason of at most 120 bytes. Raises InvalidListingMoveError when it is retired already."""
        return self._moved(self.listing.retired(reason), self.content, at)

    def _moved(self, listing: Listing, content: BasketContent, at: datetime) -> "Basket":
        return evolve(self, listing=listing, content=content, updated_at=at, version=self.version + 1)
