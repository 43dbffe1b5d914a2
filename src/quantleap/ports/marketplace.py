"""What the marketplace shows of the owner's baskets."""

from typing import Protocol

from quantleap.domain.marketplace.category import Category
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.paging import Page, PageRequest


class Marketplace(Protocol):
    """Templates without their strategies. Performance is included: whoever may not see it leaves it out."""

    def shown(self, basket_id: str) -> StrategyTemplate | None:
        """What it shows of one basket, listed or not."""

    def offered(self, category: Category, page: PageRequest, *, active: bool = True) -> Page[StrategyTemplate]:
        """What it shows of a category (`active` False: what was taken off), most subscribers first.

        May be seconds stale.
        """
