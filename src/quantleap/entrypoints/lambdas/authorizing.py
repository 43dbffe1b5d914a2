"""The REQUEST authorizer of the partners' routes: proves a key pair, once for as long as API Gateway keeps its answer.

The answer is kept by both headers and holds for every route, so that permissions and the rate limit are the functions'
to see to.
"""

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from quantleap.composition import World
from quantleap.domain.errors import AuthenticationError
from quantleap.entrypoints.api.callers import partner_context, partner_of_headers
from quantleap.entrypoints.api.errors import UNAUTHORIZED, refusal
from quantleap.entrypoints.lambdas.figures import count_request
from quantleap.entrypoints.lambdas.gateway import DENIAL, request_of
from quantleap.entrypoints.lambdas.logs import log_as_json
from quantleap.entrypoints.lambdas.opening import Opening
from quantleap.entrypoints.observing import Served, log_request

if TYPE_CHECKING:
    from quantleap.composition import Application

_FUNCTION = "authorizer"
_NOBODY = "nobody"
_ALLOWED = 200


def policy(event: Mapping[str, Any], app: "Application", request_id: str) -> dict[str, Any]:
    """Leave to call every partner's route, or none, as API Gateway takes it; what was found is in its context.

    Raises UnavailableError where the store cannot be asked now, which the gateway tells as such and keeps not.
    """
    try:
        by = partner_of_headers(request_of(event, request_id), app)
    except AuthenticationError as error:
        envelope = json.loads(refusal(error, request_id).text)
        return _answer(_NOBODY, "Deny", event["methodArn"], {name: envelope[name] for name in DENIAL})
    return _answer(str(by.partner_id), "Allow", event["methodArn"], partner_context(by))


def _answer(principal: str, effect: str, method_arn: str, context: Mapping[str, str]) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": _every_route(method_arn)}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": dict(context),
    }


def _every_route(method_arn: str) -> str:
    """Of the partners, in the API and stage that were called: `arn:...:API/STAGE/METHOD/PATH` names both."""
    api, stage, *_ = method_arn.split("/")
    return f"{api}/{stage}/*/partner/*"


class Authorizer:
    """Answers the authorizer's events, as `ApiFunction` does others."""

    def __init__(self, world: World | None = None) -> None:
        self._opening = Opening(world)

    def prepare(self) -> None:
        """Do at init what the first event would wait for."""
        log_as_json(_FUNCTION)
        self._opening.prepare()

    def handle(self, event: Mapping[str, Any], _: object) -> dict[str, Any]:
        """The policy, logged and counted as a request that was let in or not."""
        started_ns = time.perf_counter_ns()
        app = self._opening.app()
        request_id = app.identifiers.request_id()
        found = policy(event, app, request_id)
        served = Served(
            request_id=request_id,
            method=event["httpMethod"],
            route=None,
            status=UNAUTHORIZED.status if found["principalId"] == _NOBODY else _ALLOWED,
            duration_ms=(time.perf_counter_ns() - started_ns) // 1_000_000,
            partner_id=found["context"].get("partner_id"),
        )
        log_request(served)
        count_request(served, _FUNCTION, found["context"].get("code"))
        return found
