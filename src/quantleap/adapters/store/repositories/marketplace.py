"""The marketplace over any engine."""

from quantleap.adapters.store import keys, table
from quantleap.adapters.store.records.shown_templates import read_template
from quantleap.adapters.store.repositories.paging import one_page
from quantleap.adapters.store.seam import Engine, Query
from quantleap.domain.identifiers import Email
from quantleap.domain.marketplace.category import Category
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.paging import Page, PageRequest


class StoredMarketplace:
    """See `quantleap.ports.marketplace.Marketplace`. One owner's baskets."""

    def __init__(self, engine: Engine, owner: Email) -> None:
        self._engine = engine
        self._owner = owner

    def shown(self, basket_id: str) -> StrategyTemplate | None:
        """One consistent get: a reader of the marketplace sees no strategies."""
        item = self._engine.get(keys.basket(self._owner, basket_id), consistent=True)
        return None if item is None else read_template(item)

    def offered(self, category: Category, page: PageRequest, *, active: bool = True) -> Page[StrategyTemplate]:
        """One query of the marketplace's index."""
        query = Query(
            keys.marketplace_category(category, active=active),
            index=table.MARKETPLACE_DISCOVERY.name,
            descending=True,
        )
        return one_page(self._engine, query, page, read_template)
