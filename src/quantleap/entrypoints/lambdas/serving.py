"""What every function of the API does with an event."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from quantleap.entrypoints.api.dispatch import dispatch, told_to_caller
from quantleap.entrypoints.api.routes import route_of
from quantleap.entrypoints.lambdas.gateway import answer_of, principal_of, request_of

if TYPE_CHECKING:
    from quantleap.composition import Application


def serve(event: Mapping[str, Any], app: "Application", new_request_id: Callable[[], str]) -> dict[str, Any]:
    """The answer to an event, whatever happens. API Gateway has routed it: `resource` is a path of the table."""
    request = request_of(event, new_request_id())
    try:
        route = route_of(event["httpMethod"], event["resource"])
        principal = principal_of(event, route)
    except Exception as error:
        return answer_of(told_to_caller(error, request), request.request_id)
    return answer_of(dispatch(route, request, principal, app), request.request_id)
