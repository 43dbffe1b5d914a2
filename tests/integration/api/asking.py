"""A caller with its credentials before a face of the API, every answer held to the schema of its route."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen
from tests.integration.api.faces import Answered, Face, Query, partner_headers
from tests.integration.application.house import ADMIN, ZEBU, House

from quantleap.domain.identifiers import PartnerId
from quantleap.domain.principals import User
from quantleap.entrypoints.api.routes.table import ROUTES

ENVELOPE = {"error", "message", "code", "request_id"}
ROUTE = {route.name: route for route in ROUTES}


@frozen
class Asking:
    """Asks routes by their names. Answers are checked: a good one against the route's schema, others as envelopes."""

    face: Face
    headers: dict[str, str]

    @classmethod
    def partner(cls, face: Face, house: House, partner_id: PartnerId = ZEBU) -> "Asking":
        """A partner's server."""
        return cls(face, partner_headers(house, partner_id))

    @classmethod
    def user(cls, face: Face, house: House, user: User) -> "Asking":
        """A user with a token of the development issuer."""
        token = house.app.development_tokens.issue(user.email, is_admin=False)
        return cls(face, {"Authorization": f"Bearer {token}"})

    @classmethod
    def admin(cls, face: Face, house: House) -> "Asking":
        """An admin with a token of the development issuer."""
        token = house.app.development_tokens.issue(ADMIN.email, is_admin=True)
        return cls(face, {"Authorization": f"Bearer {token}"})

    def ask(
        self,
        name: str,
        *,
        query: Query = (),
        json: Any = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        **path: str,
    ) -> Answered:
        """The answer of the route of that name, `path` being its variables."""
        route = ROUTE[name]
        answered = self.face.ask(
            route.method,
            route.path.format_map(path),
            headers={**self.headers, **headers},
            query=query,
            json=json,
        )
        if answered.status == route.status:
            route.load_answer().model_validate(answered.json)
        else:
            assert answered.status >= 400, answered.text
            assert answered.json.keys() - {"details"} == ENVELOPE
        return answered

    def good(self, name: str, *, query: Query = (), json: Any = None, **path: str) -> Any:
        """The document of a good answer."""
        answered = self.ask(name, query=query, json=json, headers={}, **path)
        assert answered.status == ROUTE[name].status, answered.text
        return answered.json


def refusal_of(answered: Answered) -> tuple[int, str, str, Any]:
    """Status, code, message and details."""
    document = answered.json
    return answered.status, document["code"], document["message"], document.get("details")


def invalid(field: str, reason: str) -> tuple[int, str, str, Any]:
    """How one bad value is refused."""
    one = {"field": field, "reason": reason}
    return 400, "VALIDATION_ERROR", f"{field}: {reason}", {**one, "errors": [one]}
