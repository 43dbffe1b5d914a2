"""What every function of the API does with an event."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from quantleap.domain.principals import Principal
from quantleap.entrypoints.api.dispatch import dispatch, told_to_caller
from quantleap.entrypoints.api.problems import RouteNotFoundError
from quantleap.entrypoints.api.request import Request, Response
from quantleap.entrypoints.api.route import Route
from quantleap.entrypoints.api.route_table import RouteTable
from quantleap.entrypoints.lambdas.gateway import answer_of, principal_of, request_of

if TYPE_CHECKING:
    from quantleap.composition import Application

PROXY = "{proxy+}"
"""Ends the `resource` of an event whose path is none of the table's, or whose method that path does not take."""


@frozen
class Answered:
    """An answer, and as much as was found out of who asked for what."""

    response: Response
    route: Route | None = None
    principal: Principal | None = None


def serve(
    event: Mapping[str, Any], app: "Application", new_request_id: Callable[[], str], table: RouteTable
) -> dict[str, Any]:
    """The answer to an event, as API Gateway takes it, whatever happens."""
    request = request_of(event, new_request_id())
    return answer_of(answered(event, request, lambda: app, table).response, request.request_id)


def answered(
    event: Mapping[str, Any], request: Request, app: "Callable[[], Application]", table: RouteTable
) -> Answered:
    """The answer to an event, whatever happens: to a route that is not in the table, that there is nothing.

    API Gateway has routed it: `resource` is a path of some table, or ends in `{proxy+}`.
    """
    route, principal = None, None
    try:
        route = _route(event, table)
        principal = principal_of(event, route)
        opened = app()
    except Exception as error:
        return Answered(told_to_caller(error, request), route, principal)
    return Answered(dispatch(route, request, principal, opened), route, principal)


def _route(event: Mapping[str, Any], table: RouteTable) -> Route:
    path = event["resource"]
    is_stray = path.endswith(PROXY)
    if is_stray:
        from quantleap.entrypoints.api.paths import Paths  # noqa: PLC0415 - of strays alone

        path, _ = Paths(table.by_path).find(event["path"])
    route = table.route_of(event["httpMethod"], path)
    if is_stray:  # the path's own resource takes that method, and has read the path's variables
        raise RouteNotFoundError
    return route
