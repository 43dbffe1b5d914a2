"""The marketplace as subscribers and partners see it: never a leg, and returns only where they may be shown."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from quantleap.application.paging import Paging
from quantleap.application.recent_reads import RecentReads
from quantleap.domain.errors import InvalidInputError, TemplateNotFoundError
from quantleap.domain.identifiers import template_id
from quantleap.domain.marketplace.category import Category
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.paging import NOT_A_POSITION, Bookmark, ListPage, ListRequest, Page, PageRequest
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import Principal, require_permission

_Place: TypeAlias = tuple[int, str]
"""Where a template stands in a list: fewer subscribers come later, and of as many its id decides."""


class Browsing:
    """Reads of the marketplace; may be seconds stale."""

    def __init__(self, recent: RecentReads, paging: Paging) -> None:
        self._recent = recent
        self._paging = paging

    def templates(
        self,
        by: Principal,
        category: Category | None,
        request: ListRequest,
        *,
        active: bool = True,
        underlying: Underlying | None = None,
    ) -> ListPage[StrategyTemplate]:
        """The templates on the marketplace (or taken off it), of a category and underlying or all, most subscribers
        first.

        Raises PermissionDeniedError, and InvalidInputError for a cursor of another list or principal.
        """
        require_permission(by, Permission.MARKETPLACE_READ)
        found = self._paging.page(
            by,
            request,
            ("marketplace.templates", category, active, underlying),
            lambda page: _page(self._offered(category, underlying, active=active), page),
        )
        if self._recent.may_see_performance(by):
            return found
        entries = tuple(template.without_performance() for template in found.entries)
        return ListPage(entries, found.next_cursor, found.total)

    def template(self, by: Principal, basket_id: str) -> StrategyTemplate:
        """One template, on the marketplace or taken off. Raises TemplateNotFoundError; a draft is not there either."""
        require_permission(by, Permission.MARKETPLACE_READ)
        template = self._recent.template(template_id(basket_id, "basket_id"))
        if template is None or template.marketplace_enabled_at is None:
            raise TemplateNotFoundError(basket_id)
        return template if self._recent.may_see_performance(by) else template.without_performance()

    def _offered(
        self, category: Category | None, underlying: Underlying | None, *, active: bool
    ) -> list[StrategyTemplate]:
        categories: Iterable[Category] = Category if category is None else (category,)
        shelves = (self._recent.shelf(each, active=active) for each in categories)
        found = (each for shelf in shelves for each in shelf if underlying in (None, each.index_symbol))
        return sorted(found, key=_place)


def _place(template: StrategyTemplate) -> _Place:
    return -template.subscriber_count, template.basket_id


def _page(templates: Sequence[StrategyTemplate], page: PageRequest) -> Page[StrategyTemplate]:
    """From a place on, whether or not a template still stands there."""
    rest = templates
    if page.after is not None:
        after = _read_place(page.after)
        rest = [template for template in templates if _place(template) > after]
    shown = tuple(rest[: page.limit])
    return Page(shown, _bookmark(shown[-1]) if len(rest) > len(shown) else None)


def _bookmark(template: StrategyTemplate) -> Bookmark:
    return {"subscribers": template.subscriber_count, "basket_id": template.basket_id}


def _read_place(bookmark: Bookmark) -> _Place:
    match bookmark:
        case {"subscribers": int(count), "basket_id": str(basket_id)}:
            return -count, basket_id
    raise InvalidInputError("after", NOT_A_POSITION)
