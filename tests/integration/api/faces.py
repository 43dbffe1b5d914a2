"""The API's two faces over one application: as API Gateway and Lambda serve it, and as the local server does."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx
from attrs import field, frozen
from tests.integration.api.api_gateway import claims_of, event_of, gateway_response
from tests.integration.api.wire import GIVE_UP_S
from tests.integration.application.house import ADMIN, ZEBU, House

from quantleap.composition import Application
from quantleap.domain.errors import InvalidCredentialsError
from quantleap.domain.identifiers import Email, PartnerId
from quantleap.entrypoints.api import callers
from quantleap.entrypoints.api.request import Request
from quantleap.entrypoints.api.route import Caller, Route
from quantleap.entrypoints.api.routes.table import EVERY_ROUTE
from quantleap.entrypoints.exact_json import json_text
from quantleap.entrypoints.lambdas.authorizing import policy
from quantleap.entrypoints.lambdas.gateway import request_of
from quantleap.entrypoints.lambdas.gateway_responses import IDENTITY_SOURCES
from quantleap.entrypoints.lambdas.serving import serve
from quantleap.entrypoints.server.site import site_of
from quantleap.ports.errors import UnavailableError
from quantleap.ports.tokens import Tokens

Query = Mapping[str, str] | Iterable[tuple[str, str]]
Headers = Mapping[str, str] | Iterable[tuple[str, str]]

CONTRACT_HEADERS = frozenset(
    {
        "allow",
        "content-type",
        "idempotent-replayed",
        "retry-after",
        "www-authenticate",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
    }
)
"""What both faces promise alike; others are of what carries them."""


@frozen
class Answered:
    """What a caller gets. Names of headers are in lower case."""

    status: int
    text: str
    headers: Mapping[str, str]

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str], text: str) -> "Answered":
        """Whatever the case of its headers."""
        return cls(status, text, {name.lower(): value for name, value in headers.items()})

    @property
    def json(self) -> Any:
        """The document, numbers exact."""
        return json.loads(self.text, parse_float=Decimal)

    @property
    def contract_headers(self) -> dict[str, str]:
        """Those that both faces promise."""
        return {name: value for name, value in self.headers.items() if name in CONTRACT_HEADERS}


class Face(Protocol):
    """One way in."""

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Headers = (),
        query: Query = (),
        body: bytes | None = None,
        json: Any = None,
    ) -> Answered:
        """The answer to a request. `path` is as it stands on the wire, percent-encoded, perhaps with a query; `query`
        is encoded and put behind it. `json` is sent as JSON with its content type, `body` as it is.
        """

    def close(self) -> None:
        """Give back what it holds."""


@frozen
class _Asked:
    """A request as a client sends it."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    @classmethod
    def of(
        cls, method: str, path: str, *, headers: Headers, query: Query, body: bytes | None, document: Any
    ) -> "_Asked":
        sent = _pairs(headers)
        if document is not None:
            sent.append(("Content-Type", "application/json"))
            body = json_text(document).encode()
        encoded = urlencode(_pairs(query))
        joint = "" if not encoded else "&" if "?" in path else "?"
        return cls(method, f"{path}{joint}{encoded}", sent, body or b"")


def _pairs(given: Mapping[str, str] | Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(given.items() if isinstance(given, Mapping) else given)


@frozen
class LambdaFace:
    """The functions behind API Gateway, which finds the resource, runs its authorizer and makes the event. A method
    that the resource lacks goes to its `ANY`, a path that matches none to `/{proxy+}`.
    """

    app: Application

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Headers = (),
        query: Query = (),
        body: bytes | None = None,
        json: Any = None,
    ) -> Answered:
        """See `Face`."""
        asked = _Asked.of(method, path, headers=headers, query=query, body=body, document=json)
        request_id = self.app.identifiers.request_id()
        event = event_of(asked.method, asked.target, asked.headers, asked.body, request_id)
        route = EVERY_ROUTE.by_path.get(event["resource"], {}).get(method)
        try:
            if route is not None:
                event["requestContext"]["authorizer"] = self._authorized(route, event, request_id)
        except _Refused as refused:
            return Answered.of(*gateway_response(refused.kind, request_id, refused.context))
        answer = serve(event, self.app, lambda: request_id, EVERY_ROUTE)
        assert answer["isBase64Encoded"] is False
        return Answered.of(answer["statusCode"], answer["headers"], answer["body"])

    def close(self) -> None:
        """Nothing is held."""

    def _authorized(self, route: Route, event: dict[str, Any], request_id: str) -> dict[str, Any]:
        """What the route's authorizer hands on."""
        request = request_of(event, request_id)
        try:
            if route.caller is Caller.PARTNER:
                return self._partner(request, event)
            tokens = self.app._wiring.get(Tokens)  # type: ignore[type-abstract] # a port
            return {"claims": claims_of(tokens.verify(callers.bearer_token(request) or ""))}
        except InvalidCredentialsError:
            raise _Refused("UNAUTHORIZED") from None
        except UnavailableError:
            raise _Refused("AUTHORIZER_FAILURE") from None

    def _partner(self, request: Request, event: dict[str, Any]) -> dict[str, Any]:
        if not all(name.lower() in request.headers for name in IDENTITY_SOURCES):
            raise _Refused("UNAUTHORIZED")
        found = policy({**event, "type": "REQUEST"}, self.app, request.request_id)
        if found["policyDocument"]["Statement"][0]["Effect"] == "Deny":
            raise _Refused("ACCESS_DENIED", found["context"])
        context: dict[str, Any] = found["context"]
        return {**context, "principalId": found["principalId"], "integrationLatency": 5}


class _Refused(Exception):  # noqa: N818 - no fault
    """The gateway's authorizer lets nobody in."""

    def __init__(self, kind: str, context: Mapping[str, str] | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.context = context


@frozen
class ServerFace:
    """The local server, without a socket."""

    app: Application
    _runner: asyncio.Runner = field(factory=asyncio.Runner)
    _client: httpx.AsyncClient = field(init=False)

    @_client.default
    def _make_client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(site_of(self.app), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Headers = (),
        query: Query = (),
        body: bytes | None = None,
        json: Any = None,
    ) -> Answered:
        """See `Face`."""
        asked = _Asked.of(method, path, headers=headers, query=query, body=body, document=json)
        answer = self._runner.run(
            self._client.request(asked.method, asked.target, headers=asked.headers, content=asked.body)
        )
        return Answered.of(answer.status_code, answer.headers, answer.text)

    def close(self) -> None:
        """Close the client and its loop."""
        with closing(self._runner):
            self._runner.run(self._client.aclose())


@frozen
class SocketFace:
    """The local server behind a port of this machine; any thread may ask."""

    port: int
    _client: httpx.Client = field(init=False)

    @_client.default
    def _make_client(self) -> httpx.Client:
        bounds = httpx.Limits(max_connections=None)
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=GIVE_UP_S, limits=bounds)

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Headers = (),
        query: Query = (),
        body: bytes | None = None,
        json: Any = None,
    ) -> Answered:
        """See `Face`."""
        asked = _Asked.of(method, path, headers=headers, query=query, body=body, document=json)
        answer = self._client.request(asked.method, asked.target, headers=asked.headers, content=asked.body)
        return Answered.of(answer.status_code, answer.headers, answer.text)

    def close(self) -> None:
        """Close its connections."""
        self._client.close()


FACES: Mapping[str, Callable[[Application], Face]] = MappingProxyType({"lambda": LambdaFace, "server": ServerFace})
"""What each is called in a test's id."""


def partner_headers(house: House, partner_id: PartnerId = ZEBU) -> dict[str, str]:
    """What a server of that partner sends with each request: a key pair issued now."""
    issued = house.app.partners.issue(ADMIN, partner_id)
    return {"Authorization": f"Bearer {issued.key.api_key}", "X-Partner-Secret": issued.secret}


def token_headers(house: House, email: Email, *, is_admin: bool = False) -> dict[str, str]:
    """What a user, or an admin, sends: a token of the development issuer, good for an hour of the house's clock."""
    return {"Authorization": f"Bearer {house.app.development_tokens.issue(email, is_admin=is_admin)}"}
