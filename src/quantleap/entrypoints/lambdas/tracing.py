"""Traces of functions by AWS X-Ray, where `QUANTLEAP_TRACING` is set to anything; else nothing of it is imported."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from quantleap.entrypoints.observing import SERVICE
from quantleap.environment import variable
from quantleap.ports.errors import MisconfiguredError

Handler: TypeAlias = Callable[[Mapping[str, Any], object], dict[str, Any]]
"""What Lambda calls with each event and its context."""


def traced_where_wanted(handler: Handler) -> Handler:
    """The handler, each event and each request to the store being a segment. No answer and no error's text is told.

    Raises MisconfiguredError where the package of the traces is missing.
    """
    if variable("tracing") is None:
        return handler
    from aws_lambda_powertools.tracing import Tracer  # noqa: PLC0415 - see above

    try:
        tracer = Tracer(service=SERVICE, patch_modules=["botocore"])
    except ModuleNotFoundError as missing:
        raise MisconfiguredError(
            f"QUANTLEAP_TRACING needs {missing.name}: pip install 'quantleap[tracing]'"
        ) from missing
    traced: Handler = tracer.capture_lambda_handler(handler, capture_response=False, capture_error=False)
    return traced
