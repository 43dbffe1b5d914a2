"""The reads that many requests share and that may be seconds old: templates, and who may see what of them."""

from collections.abc import Callable
from typing import TypeAlias

from quantleap.application.recent import Recent
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.marketplace.category import Category
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.paging import MAX_PAGE, PageRequest
from quantleap.domain.principals import Admin, PartnerBackend, Principal, System, User
from quantleap.ports.disclosure import Disclosure
from quantleap.ports.marketplace import Marketplace
from quantleap.ports.system import Clock, Staleness

_MAX_TEMPLATES = 1000
_MAX_PARTNERS = 1000
_MAX_SHELVES = 2 * len(Category)

_Shelf: TypeAlias = tuple[Category, bool]
"""A category on the marketplace, or (False) what was taken off it there."""


class RecentReads:
    """Each as it was at most the staleness ago."""

    def __init__(self, *, marketplace: Marketplace, disclosure: Disclosure, clock: Clock, staleness: Staleness) -> None:
        self._marketplace = marketplace
        self._disclosure = disclosure
        kept_for = staleness.at_most
        self._shown: Recent[str, StrategyTemplate] = Recent(clock, kept_for, size=_MAX_TEMPLATES)
        self._shelves: Recent[_Shelf, tuple[StrategyTemplate, ...]] = Recent(clock, kept_for, size=_MAX_SHELVES)
        self._policies: Recent[PartnerId, bool] = Recent(clock, kept_for, size=_MAX_PARTNERS)

    def template(
        self, basket_id: str, read: Callable[[str], StrategyTemplate | None] | None = None
    ) -> StrategyTemplate | None:
        """What the marketplace shows of one basket, listed or not, performance included; `read` is how else it is read
        where it is not known.
        """
        return self._shown.get(basket_id, read or self._marketplace.shown)

    def shelf(self, category: Category, *, active: bool) -> tuple[StrategyTemplate, ...]:
        """All that is on the marketplace in a category (or was taken off it), performance included."""
        return self._shelves.get((category, active), self._read_shelf) or ()

    def may_see_performance(self, by: Principal) -> bool:
        """Whether past and expected returns are shown to whoever asks: a partner's disclosure policy says."""
        match by:
            case Admin() | System():
                return True
            case User():
                return False  # the platform shows a direct user what a partner without leave may show
            case PartnerBackend(partner_id=partner_id, shows_performance=told):
                return self._may_show(partner_id) if told is None else told

    def _may_show(self, partner_id: PartnerId) -> bool:
        return self._policies.get(partner_id, self._disclosure.shows_performance) or False

    def _read_shelf(self, shelf: _Shelf) -> tuple[StrategyTemplate, ...]:
        category, active = shelf
        found: list[StrategyTemplate] = []
        page = PageRequest(MAX_PAGE)
        while True:
            offered = self._marketplace.offered(category, page, active=active)
            found += offered.entries
            if offered.next is None:
                return tuple(found)
            page = PageRequest(MAX_PAGE, offered.next)
