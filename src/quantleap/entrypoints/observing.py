"""What is logged of a request, by functions and server alike: no path, query, header or body, and nobody's email."""

import logging
from traceback import extract_tb
from typing import Any

from attrs import frozen

from quantleap.domain.principals import PartnerBackend, Principal
from quantleap.entrypoints.api.route import Route

_log = logging.getLogger("quantleap.access")

SERVICE = "quantleap"
"""The logger above all of quantleap's, and the name that its figures are found by."""


@frozen(kw_only=True)
class Served:
    """One request that was answered. `route` is None where there is none; `partner` one that has proved itself."""

    request_id: str
    method: str
    route: Route | None
    status: int | None
    duration_ms: int
    partner_id: str | None = None

    def fields(self) -> dict[str, Any]:
        """As a record of the log carries it."""
        route = self.route
        return {
            "request_id": self.request_id,
            "method": self.method if route is None else route.method.value,
            "route": None if route is None else route.name,
            "status": self.status,
            "duration_ms": self.duration_ms,
            "partner_id": self.partner_id,
        }


def log_request(served: Served) -> None:
    """One line."""
    _log.info("request", extra=served.fields())


def partner_id_of(principal: Principal | None) -> str | None:
    """The partner's, where it is one."""
    return str(principal.partner_id) if isinstance(principal, PartnerBackend) else None


def exception_fields(record: logging.LogRecord) -> dict[str, object]:
    """The class of a record's exception and where it was raised, never its text, which may hold anything."""
    kind, _, trace = record.exc_info or (None, None, None)
    if kind is None:
        return {}
    places = [f"{each.filename}:{each.lineno} {each.name}" for each in extract_tb(trace)]
    return {"exception": kind.__name__, "raised_at": places}


def keep_quiet() -> None:
    """At DEBUG these log whole requests and answers: nothing below INFO is taken from them, whatever the level."""
    for name in ("botocore", "boto3", "urllib3"):
        logging.getLogger(name).setLevel(logging.INFO)
