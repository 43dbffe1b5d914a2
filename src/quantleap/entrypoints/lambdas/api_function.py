"""A function of the API: every event answered, logged and counted."""

import time
from collections.abc import Mapping
from typing import Any

from quantleap.composition import World
from quantleap.entrypoints.api.route import Function
from quantleap.entrypoints.api.routes.by_function import table_of
from quantleap.entrypoints.lambdas.figures import count_request
from quantleap.entrypoints.lambdas.gateway import answer_of, request_of
from quantleap.entrypoints.lambdas.logs import log_as_json
from quantleap.entrypoints.lambdas.opening import Opening
from quantleap.entrypoints.lambdas.serving import answered
from quantleap.entrypoints.observing import Served, log_request, partner_id_of


class ApiFunction:
    """Answers what API Gateway asks one Lambda function. Raises nothing: whatever fails is told as an envelope."""

    def __init__(self, function: str, world: World | None = None) -> None:
        self._function = Function(function)
        self._table = table_of(self._function)
        self._identifiers = (world or World()).identifiers
        self._opening = Opening(world)

    def prepare(self) -> None:
        """Do at init what the first event would wait for."""
        log_as_json(self._function)
        self._opening.prepare()

    def handle(self, event: Mapping[str, Any], _: object) -> dict[str, Any]:
        """The answer to an event."""
        started_ns = time.perf_counter_ns()
        request = request_of(event, self._identifiers.request_id())
        found = answered(event, request, self._opening.app, self._table)
        served = Served(
            request_id=request.request_id,
            method=event["httpMethod"],
            route=found.route,
            status=found.response.status,
            duration_ms=(time.perf_counter_ns() - started_ns) // 1_000_000,
            partner_id=partner_id_of(found.principal),
        )
        log_request(served)
        count_request(served, self._function)
        return answer_of(found.response, request.request_id)
