"""The one table from errors to HTTP: status and published `error` word, and the envelope they are told in."""

from collections.abc import Mapping

from attrs import frozen

from quantleap.domain import errors as domain
from quantleap.domain.errors import InvalidInputError, QuantleapError
from quantleap.entrypoints.api import problems
from quantleap.entrypoints.api.request import Response
from quantleap.ports import errors as ports

RETRY_AFTER_S = 1
CHALLENGE = "Bearer"
"""What a 401 asks for (RFC 6750, section 3)."""


@frozen
class Told:
    """How an error is told over HTTP: by its own sentence and details, or by `says` and nothing of its own."""

    status: int
    error: str
    says: str | None = None


BAD_REQUEST = Told(400, "bad_request")
UNAUTHORIZED = Told(401, "unauthorized")
FORBIDDEN = Told(403, "forbidden")
NOT_FOUND = Told(404, "not_found")
CONFLICT = Told(409, "conflict")
RATE_LIMITED = Told(429, "rate_limit")
INTERNAL = Told(500, "internal_error", QuantleapError.sentence)
UNAVAILABLE = Told(503, "internal_error", "The service cannot be used now; repeat the request")
BUSY = Told(409, "conflict", "Other requests are changing the same; repeat the request")

TOLD: Mapping[type[QuantleapError], Told] = {
    QuantleapError: INTERNAL,
    domain.DomainError: BAD_REQUEST,
    domain.InvalidInputError: BAD_REQUEST,
    domain.IdempotencyKeyReusedError: BAD_REQUEST,
    domain.NotFoundError: NOT_FOUND,
    domain.ConflictError: CONFLICT,
    domain.AuthenticationError: UNAUTHORIZED,
    domain.ForbiddenError: FORBIDDEN,
    domain.RateLimitExceededError: RATE_LIMITED,
    domain.InvalidStatusTransitionError: BAD_REQUEST,
    domain.InvalidListingMoveError: BAD_REQUEST,
    domain.HistoryFullError: BAD_REQUEST,
    domain.NotCoveredError: BAD_REQUEST,
    domain.NonTradingDayError: BAD_REQUEST,
    domain.InvalidIntentMoveError: CONFLICT,
    domain.InvalidOrderMoveError: CONFLICT,
    domain.MoneyError: CONFLICT,
    domain.LedgerCorruptError: INTERNAL,
    problems.RouteNotFoundError: NOT_FOUND,
    problems.MethodNotAllowedError: Told(405, "bad_request"),
    problems.SlowBodyError: Told(408, "bad_request"),
    problems.BodyTooLargeError: Told(413, "bad_request"),
    problems.UnsupportedMediaTypeError: Told(415, "bad_request"),
    domain.PortError: INTERNAL,
    ports.UnavailableError: UNAVAILABLE,
    ports.BusyError: BUSY,
}
"""The row of an error is that of the nearest class above it that has one."""


def told(kind: type[QuantleapError]) -> Told:
    """How errors of that class are told."""
    return next(TOLD[each] for each in kind.__mro__ if each in TOLD)


def refusal(error: Exception, request_id: str) -> Response:
    """The answer that tells an error. Of what is inside, a 5xx says nothing."""
    if not isinstance(error, QuantleapError):
        error = QuantleapError()
    row = told(type(error))
    return Response.of(row.status, envelope_of(error, request_id), _headers(error, row))


def envelope_of(error: QuantleapError, request_id: str) -> dict[str, object]:
    """The published envelope of an error."""
    row = told(type(error))
    envelope: dict[str, object] = {"error": row.error, "message": row.says or str(error), "code": _code(error, row)}
    if row.says is None and (details := _details(error)):
        envelope["details"] = details
    return {**envelope, "request_id": request_id}


def _code(error: QuantleapError, row: Told) -> str:
    return QuantleapError.code if row is INTERNAL else error.code


def _details(error: QuantleapError) -> Mapping[str, object]:
    if not isinstance(error, InvalidInputError):
        return error.details()
    refusals = error.refusals if isinstance(error, problems.InvalidRequestError) else (error,)
    every = [{"field": each.field, "reason": each.reason} for each in refusals]
    return {**every[0], "errors": every}


def _headers(error: QuantleapError, row: Told) -> Mapping[str, str]:
    match error:
        case domain.RateLimitExceededError():
            return {"Retry-After": str(error.retry_after_s)}
        case problems.MethodNotAllowedError():
            return {"Allow": error.allowed}
        case problems.SlowBodyError():
            return {"Connection": "close"}
        case domain.AuthenticationError():
            return {"WWW-Authenticate": CHALLENGE}
    return {"Retry-After": str(RETRY_AFTER_S)} if row in (UNAVAILABLE, BUSY) else {}
