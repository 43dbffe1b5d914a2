"""The marketplace, as partners and users browse it."""

from typing import TYPE_CHECKING

from quantleap.entrypoints.api.listing import Listed, list_request
from quantleap.entrypoints.api.request import Call
from quantleap.entrypoints.api.routes.filters import OfferedStatus

if TYPE_CHECKING:
    from quantleap.composition import Application
    from quantleap.domain.marketplace.template import StrategyTemplate


def listed(call: Call, app: "Application") -> "Listed[StrategyTemplate]":
    """A page of the templates that are offered, or were taken off."""
    query, request = call.query, list_request(call)
    page = app.marketplace.templates(
        call.principal,
        query["category"],
        request,
        active=query["status"] is OfferedStatus.ACTIVE,
        underlying=query["index_symbol"],
    )
    return Listed(page, request)


def shown(call: Call, app: "Application") -> "StrategyTemplate":
    """One template."""
    return app.marketplace.template(call.principal, call.path["basket_id"])
