"""What is wrong with a request before any use case sees it.

QuantleapError
├── InvalidInputError
│   └── InvalidRequestError            several values are wrong at once
└── RequestError                       the request as such cannot be served
    ├── MalformedRequestError
    ├── RouteNotFoundError
    ├── MethodNotAllowedError
    ├── BodyTooLargeError
    ├── SlowBodyError
    └── UnsupportedMediaTypeError
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from quantleap.domain.errors import DomainError, InvalidInputError

MAX_TOLD = 20
"""Refusals that one answer tells: as many as anybody mends at once."""


class InvalidRequestError(InvalidInputError):
    """One or more values of a request are wrong: the first in `field` and `reason`, up to 20 of them in `refusals`."""

    def __init__(self, refusals: Sequence[InvalidInputError]) -> None:
        first = refusals[0]
        super().__init__(first.field, first.reason)
        self.refusals = tuple(refusals[:MAX_TOLD])


class RequestError(DomainError):
    """The request as such cannot be served."""


class MalformedRequestError(RequestError):
    """It is not HTTP, or its head is too long. Told by the local server; through API Gateway no such request comes."""

    code: ClassVar[str] = "MALFORMED_REQUEST"
    sentence: ClassVar[str] = "This is no HTTP request, or its head is too long"


class RouteNotFoundError(RequestError):
    """There is no such path. It is not repeated: it may hold anything."""

    code: ClassVar[str] = "NOT_FOUND"
    sentence: ClassVar[str] = "There is nothing at this path"


class MethodNotAllowedError(RequestError):
    """The path is there, and does not take this method."""

    code: ClassVar[str] = "METHOD_NOT_ALLOWED"
    sentence: ClassVar[str] = "This path takes {allowed} only"
    allowed: str

    def details(self) -> Mapping[str, object]:
        """The methods it takes."""
        return {"allowed": self.allowed.split(", ")}


class BodyTooLargeError(RequestError):
    """The body is longer than any body may be."""

    code: ClassVar[str] = "BODY_TOO_LARGE"
    sentence: ClassVar[str] = "A body may have at most {max_bytes} bytes"
    max_bytes: int


class SlowBodyError(RequestError):
    """The body did not come in time. Told by the local server; API Gateway waits for bodies by itself."""

    code: ClassVar[str] = "REQUEST_TIMEOUT"
    sentence: ClassVar[str] = "The body did not come in time"


class UnsupportedMediaTypeError(RequestError):
    """The body is said to be something else than JSON in UTF-8, or to be compressed."""

    code: ClassVar[str] = "UNSUPPORTED_MEDIA_TYPE"
    sentence: ClassVar[str] = "A body must be JSON in UTF-8: Content-Type: application/json, and no Content-Encoding"
