"""The routes of users on the marketplace."""

from functools import partial

from quantleap.domain.errors import TemplateNotFoundError
from quantleap.entrypoints.api.route import Caller, Function, Method, Route
from quantleap.entrypoints.api.routes.filters import TEMPLATES

_TEMPLATES = "/options/marketplace/templates"

_market = partial(Route, caller=Caller.USER, function=Function.MARKETPLACE_MANAGER, is_published=True)

USER_MARKETPLACE_ROUTES = (
    _market(
        name="userListTemplates",
        method=Method.GET,
        path=_TEMPLATES,
        summary="List the templates of the marketplace, most subscribers first",
        parameters=TEMPLATES,
        endpoint="templates:listed",
        rendering="templates:page_document",
        answer="answers:TemplateList",
    ),
    _market(
        name="userGetTemplate",
        method=Method.GET,
        path=f"{_TEMPLATES}/{{basket_id}}",
        summary="Show a template",
        endpoint="templates:shown",
        rendering="templates:template_document",
        answer="answers:StrategyTemplate",
        may_refuse=(TemplateNotFoundError,),
    ),
)
