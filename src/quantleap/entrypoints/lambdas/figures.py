"""Figures of functions: CloudWatch's embedded metric format, one JSON line a request, by Powertools."""

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from quantleap.entrypoints.api.errors import RATE_LIMITED, UNAUTHORIZED
from quantleap.entrypoints.observing import SERVICE, Served

NAMESPACE = "Quantleap"
NO_ROUTE = "none"


def count_request(served: Served, function: str, refused: str | None = None) -> None:
    """Requests by function, route and status, and how long each took; what was throttled, and who was not let in.

    `refused` is the code of a refusal by the authorizer, which counts under its own name besides.
    """
    figures = EphemeralMetrics(namespace=NAMESPACE, service=SERVICE)
    figures.add_dimension("function", str(function))
    figures.add_dimension("route", NO_ROUTE if served.route is None else served.route.name)
    figures.add_dimension("status", str(served.status))
    figures.add_metric("Requests", MetricUnit.Count, 1)
    figures.add_metric("Latency", MetricUnit.Milliseconds, served.duration_ms)
    figures.add_metric("Throttled", MetricUnit.Count, int(served.status == RATE_LIMITED.status))
    figures.add_metric("RefusedAuthentication", MetricUnit.Count, int(served.status == UNAUTHORIZED.status))
    if refused is not None:
        figures.add_metric(f"RefusedAuthentication_{refused}", MetricUnit.Count, 1)
    figures.add_metadata("request_id", served.request_id)
    figures.flush_metrics()
