"""The routes of each Lambda function, which loads no others."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from quantleap.entrypoints.api.route import Function, Route
from quantleap.entrypoints.api.route_table import RouteTable

_WHERE: Mapping[Function, tuple[str, ...]] = {
    Function.MARKETPLACE_MANAGER: (
        "user_marketplace:USER_MARKETPLACE_ROUTES",
        "admin:ADMIN_ROUTES",
        "audit:AUDIT_ROUTES",
    ),
    Function.SUBSCRIPTION_MANAGER: ("user:USER_ROUTES",),
    Function.PARTNER_API_MANAGER: ("partner:PARTNER_ROUTES",),
}
"""As `module:name` below `routes/`."""


def table_of(function: Function) -> RouteTable:
    """Its routes."""
    return RouteTable(_routes_of(function))


def _routes_of(function: Function) -> Iterator[Route]:
    for spelled in _WHERE[function]:
        module, _, name = spelled.partition(":")
        yield from getattr(import_module(f"quantleap.entrypoints.api.routes.{module}"), name)
