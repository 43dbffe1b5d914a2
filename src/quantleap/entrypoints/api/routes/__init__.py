"""Every route, and how a request finds its own."""

from collections.abc import Mapping
from types import MappingProxyType

from quantleap.entrypoints.api.problems import MethodNotAllowedError, RouteNotFoundError
from quantleap.entrypoints.api.route import Route
from quantleap.entrypoints.api.routes.admin import ADMIN_ROUTES
from quantleap.entrypoints.api.routes.audit import AUDIT_ROUTES
from quantleap.entrypoints.api.routes.partner import PARTNER_ROUTES
from quantleap.entrypoints.api.routes.user import USER_ROUTES

ROUTES: tuple[Route, ...] = (*PARTNER_ROUTES, *USER_ROUTES, *ADMIN_ROUTES, *AUDIT_ROUTES)


def _by_path() -> Mapping[str, Mapping[str, Route]]:
    found: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        found.setdefault(route.path, {})[route.method] = route
    return MappingProxyType(found)


BY_PATH = _by_path()
"""By path and method."""


def route_of(method: str, path: str) -> Route:
    """The route of a path as the table spells it, its variables in braces.

    Raises RouteNotFoundError, MethodNotAllowedError.
    """
    methods = BY_PATH.get(path)
    if methods is None:
        raise RouteNotFoundError
    route = methods.get(method)
    if route is None:
        raise MethodNotAllowedError(", ".join(sorted(methods)))
    return route
