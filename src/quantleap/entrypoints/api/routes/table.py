"""Every route."""

from quantleap.entrypoints.api.route import Route
from quantleap.entrypoints.api.route_table import RouteTable
from quantleap.entrypoints.api.routes.admin import ADMIN_ROUTES
from quantleap.entrypoints.api.routes.audit import AUDIT_ROUTES
from quantleap.entrypoints.api.routes.partner import PARTNER_ROUTES
from quantleap.entrypoints.api.routes.user import USER_ROUTES
from quantleap.entrypoints.api.routes.user_marketplace import USER_MARKETPLACE_ROUTES

ROUTES: tuple[Route, ...] = (*PARTNER_ROUTES, *USER_MARKETPLACE_ROUTES, *USER_ROUTES, *ADMIN_ROUTES, *AUDIT_ROUTES)

EVERY_ROUTE = RouteTable(ROUTES)
