"""What comes in and what goes out, whatever carried it."""

from collections.abc import Mapping
from typing import Any

from attrs import Factory, field, frozen

from quantleap.domain.principals import Principal
from quantleap.entrypoints.exact_json import json_line

REQUEST_ID_HEADER = "X-Request-Id"
USUAL_HEADERS: Mapping[str, str] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of every answer that does not say otherwise: what is shown is one caller's, and never a page."""

MAX_BODY_BYTES = 64 * 1024
"""Largest body of a request; what is longer may be cut off one byte later, for it is refused anyway."""


@frozen(kw_only=True)
class Request:
    """A request to a known route, as it was sent. No representation shows what may be secret or personal.

    Names of headers are in lower case; a header or query parameter that was sent several times has several values.
    """

    request_id: str
    path_parameters: Mapping[str, str] = field(factory=dict, repr=False)
    query: Mapping[str, tuple[str, ...]] = field(factory=dict, repr=False)
    headers: Mapping[str, tuple[str, ...]] = field(factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """The header's only value. None where it is absent or was sent twice, so that nobody guesses which counts."""
        values = self.headers.get(name, ())
        return values[0] if len(values) == 1 else None


@frozen(kw_only=True)
class Call:
    """A request whose caller, parameters and body were found to be good: what an endpoint is given.

    `query` holds the value of every parameter that the route takes, None where it is absent and has no default; `body`
    is an instance of the route's schema.
    """

    principal: Principal
    request_id: str
    path: Mapping[str, str] = field(repr=False)
    query: Mapping[str, Any] = field(factory=dict, repr=False)
    body: Any = field(default=None, repr=False)


@frozen
class Response:
    """A status, a body of JSON text, and headers beside the usual ones."""

    status: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = Factory(dict)

    @classmethod
    def of(cls, status: int, document: Mapping[str, object], headers: Mapping[str, str] | None = None) -> "Response":
        """With that document, its numbers exact."""
        return cls(status, json_line(document), {} if headers is None else headers)
