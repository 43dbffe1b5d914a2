"""What happens to every request once its caller is known: limit, permission, input, endpoint, answer."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import has_form
from quantleap.domain.partners.token_bucket import Taken
from quantleap.domain.principals import PartnerBackend, Principal, require_permission
from quantleap.entrypoints.api.errors import INTERNAL, refusal
from quantleap.entrypoints.api.json_body import read_body, require_nothing
from quantleap.entrypoints.api.once import answered_once, read_key
from quantleap.entrypoints.api.parameters import read_query
from quantleap.entrypoints.api.problems import InvalidRequestError
from quantleap.entrypoints.api.request import Call, Request, Response
from quantleap.entrypoints.api.route import Route

if TYPE_CHECKING:
    from quantleap.composition import Application

_log = logging.getLogger("quantleap.api")


def dispatch(route: Route, request: Request, principal: Principal, app: "Application") -> Response:
    """The answer to a request of an authenticated caller, whatever happens."""
    limits: Mapping[str, str] = {}
    try:
        if isinstance(principal, PartnerBackend):
            taken = app.admission.take(principal)
            limits = limit_headers(principal.rate_limit, taken)
            taken.require_allowed(principal.rate_limit)
        answer = _answer(route, request, principal, app)
    except Exception as error:
        answer = told_to_caller(error, request)
    return evolve(answer, headers={**answer.headers, **limits})


def told_to_caller(error: Exception, request: Request) -> Response:
    """The envelope of whatever was raised. What is ours to mend is logged, by its kind alone when it may be private."""
    answer = refusal(error, request.request_id)
    if answer.status >= INTERNAL.status:
        _log.error("request failed", exc_info=error, extra={"request_id": request.request_id})
    return answer


def _answer(route: Route, request: Request, principal: Principal, app: "Application") -> Response:
    if route.permission is not None:
        require_permission(principal, route.permission)
    _require_names(route, request)
    call = Call(
        principal=principal, request_id=request.request_id, path=request.path_parameters, **_input(route, request)
    )
    endpoint, render = route.load_endpoint(), route.load_rendering()
    key = read_key(route, request)
    if key is None:
        return Response.of(route.status, render(endpoint(call, app)))
    return answered_once(route, request, call, key, app)


def _require_names(route: Route, request: Request) -> None:
    """Refuse a path whose names have not their form: there is nothing of that name. Raises NotFoundError."""
    for name, given in request.path_parameters.items():
        if not has_form(name, given):
            raise route.not_found(name, given)


def _input(route: Route, request: Request) -> dict[str, Any]:
    """The values of query and body. Raises InvalidRequestError with all that is wrong in them."""
    query, refusals = read_query(route, request)
    body = None
    try:
        body = _body(route, request)
    except InvalidInputError as error:
        refusals += error.refusals if isinstance(error, InvalidRequestError) else (error,)
    if refusals:
        raise InvalidRequestError(refusals)
    return {"query": query, "body": body}


def _body(route: Route, request: Request) -> Any:
    if route.body is None:
        require_nothing(request)
        return None
    document = read_body(request)
    from quantleap.entrypoints.api.bodies import validated  # noqa: PLC0415 - loads pydantic

    return validated(route.load_body(), {} if document is None and route.is_body_optional else document)


def limit_headers(limit: int, taken: Taken) -> Mapping[str, str]:
    """The published headers of the rate limit."""
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(taken.remaining),
        "X-RateLimit-Reset": str(taken.reset_at_s),
    }
