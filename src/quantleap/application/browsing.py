"""The marketplace as subscribers and partners see it: never a leg, and returns only where they may be shown."""

from quantleap.application.paging import Paging
from quantleap.domain.errors import TemplateNotFoundError
from quantleap.domain.identifiers import template_id
from quantleap.domain.marketplace.content import Category
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.paging import ListPage, ListRequest
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import Admin, PartnerBackend, Principal, System, User, require_permission
from quantleap.ports.partners import Partners
from quantleap.ports.templates import Templates


class Browsing:
    """Reads of the marketplace; may be seconds stale."""

    def __init__(self, templates: Templates, partners: Partners, paging: Paging) -> None:
        self._templates = templates
        self._partners = partners
        self._paging = paging

    def templates(
        self, by: Principal, category: Category, request: ListRequest, *, active: bool = True
    ) -> ListPage[StrategyTemplate]:
        """A category's templates on the marketplace (or taken off it), most subscribers first.

        Raises PermissionDeniedError, and InvalidInputError for a cursor of another list or principal.
        """
        require_permission(by, Permission.MARKETPLACE_READ)
        found = self._paging.page(
            by,
            request,
            ("marketplace.templates", category, active),
            lambda page: self._templates.offered(category, page, active=active),
        )
        if self._may_see_performance(by):
            return found
        return ListPage(tuple(template.without_performance() for template in found.entries), found.next_cursor)

    def template(self, by: Principal, basket_id: str) -> StrategyTemplate:
        """One template, on the marketplace or taken off. Raises TemplateNotFoundError; a draft is not there either."""
        require_permission(by, Permission.MARKETPLACE_READ)
        template = self._templates.shown(template_id(basket_id, "basket_id"))
        if template is None or template.marketplace_enabled_at is None:
            raise TemplateNotFoundError(basket_id)
        return template if self._may_see_performance(by) else template.without_performance()

    def _may_see_performance(self, by: Principal) -> bool:
        match by:
            case Admin() | System():
                return True
            case User():
                return False  # the platform shows a direct user what a partner without leave may show
            case PartnerBackend(partner_id=partner_id):
                partner = self._partners.get(partner_id)
                return partner is not None and partner.show_performance
