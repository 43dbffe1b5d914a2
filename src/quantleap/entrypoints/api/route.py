"""A route as data: who may call it, what it takes and gives, and where its endpoint is."""

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import Factory, field, frozen

from quantleap.domain.errors import NotFoundError, QuantleapError
from quantleap.domain.partners.permissions import Permission
from quantleap.entrypoints.api.request import Call

if TYPE_CHECKING:
    from pydantic import BaseModel

    from quantleap.composition import Application
    from quantleap.entrypoints.api.bodies import Body

Endpoint: TypeAlias = "Callable[[Call, Application], Any]"
"""Calls one use case, and returns what came of it."""

Rendering: TypeAlias = Callable[[Any], dict[str, Any]]
"""What came of a use case as the document of the answer."""


_HERE = "quantleap.entrypoints.api"


class Method(StrEnum):
    """What routes are called with."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    DELETE = "DELETE"


class Caller(StrEnum):
    """Who a route is for, and so by what a call is authenticated."""

    PARTNER = "partner"
    USER = "user"
    ADMIN = "admin"


class Function(StrEnum):
    """The Lambda function that serves a route."""

    MARKETPLACE_MANAGER = "marketplace-manager"
    SUBSCRIPTION_MANAGER = "subscription-manager"
    PARTNER_API_MANAGER = "partner-api-manager"


@frozen(kw_only=True)
class Parameter:
    """A query parameter. `read` turns its text into a value or raises InvalidInputError(name, reason); `schema` is its
    JSON Schema. One that `is_required` has no default.
    """

    name: str
    about: str
    read: Callable[[str], Any]
    schema: dict[str, Any]
    default: Any = None
    is_required: bool = False


@frozen(kw_only=True)
class Route:
    """One method of one path.

    `endpoint`, `rendering`, `body` and `answer` name a function or a schema as `module:name` below `endpoints/`,
    `rendering/` and `schemas/`: they are loaded when they are first needed, so that a Lambda function pays for no more
    than what it is asked. An endpoint and its rendering are apart because an answer that is to be kept under an
    idempotency key is made before the use case has returned.
    `may_refuse` are the refusals of its use case beside those that every route of its caller has. `secret_of` is the
    name in the answer of what a secret belongs to, where the answer shows one: it is never kept for a replay. What
    `is_read` changes nothing: it is asked anew each time, whatever its method.
    """

    name: str
    method: Method
    path: str
    summary: str
    caller: Caller
    function: Function
    endpoint: str
    rendering: str
    answer: str
    status: int = 200
    permission: Permission | None = None
    parameters: tuple[Parameter, ...] = ()
    body: str | None = None
    is_body_optional: bool = False
    may_refuse: tuple[type[QuantleapError], ...] = ()
    secret_of: str | None = None
    is_published: bool = field(default=False)
    is_read: bool = field(default=Factory(lambda self: self.method is Method.GET, takes_self=True))

    @property
    def takes_idempotency_key(self) -> bool:
        """Whether a repeat under one `Idempotency-Key` is answered as the first was."""
        return not self.is_read

    def not_found(self, variable: str, given: str) -> NotFoundError:
        """The refusal of a name in the path that nothing is called by."""
        kinds = (kind for kind in self.may_refuse if issubclass(kind, NotFoundError))
        return next(kind(given) for kind in kinds if variable in get_annotations(kind))

    def load_endpoint(self) -> Endpoint:
        """The function that serves it."""
        endpoint: Endpoint = _loaded("endpoints", self.endpoint)
        return endpoint

    def load_rendering(self) -> Rendering:
        """The function that makes its answer."""
        rendering: Rendering = _loaded("rendering", self.rendering)
        return rendering

    def load_body(self) -> "type[Body]":
        """The schema of its body, where it takes one. Loads pydantic."""
        body: type[Body] = _loaded("schemas", self.body or "")
        return body

    def load_answer(self) -> "type[BaseModel]":
        """The schema of its answer. Loads pydantic."""
        answer: type[BaseModel] = _loaded("schemas", self.answer)
        return answer


def _loaded(package: str, spelled: str) -> Any:
    module, _, name = spelled.partition(":")
    return getattr(import_module(f"{_HERE}.{package}.{module}"), name)
