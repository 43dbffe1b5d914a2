"""Who is let in at either face, and what everybody else is told: always the same, but who has the secret."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from attrs import frozen
from tests.integration.api.faces import Answered, Face
from tests.integration.application.house import ADMIN, ANITA, ZEBU, ZEBU_TEST, House

from quantleap.application.partnering import IssuedKey
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.credentials import ApiSecret, build_api_key
from quantleap.entrypoints.api.route import Caller, Route
from quantleap.entrypoints.api.routes.table import ROUTES

Headers = Mapping[str, str]

SENTENCE = "The API key, secret or token is not valid"
WAYS = {caller: next(route for route in ROUTES if route.caller is caller) for caller in Caller}
"""A route for each kind of caller."""


@frozen
class Desk:
    """Where credentials are issued, and mistaken."""

    house: House

    def pair(self, partner_id: PartnerId = ZEBU) -> IssuedKey:
        return self.house.app.partners.issue(ADMIN, partner_id)

    def token(self, *, is_admin: bool = False) -> str:
        return self.house.app.development_tokens.issue(ANITA.email, is_admin=is_admin)


def by_pair(issued: IssuedKey) -> dict[str, str]:
    return {"Authorization": f"Bearer {issued.key.api_key}", "X-Partner-Secret": issued.secret}


def by_token(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def expired(desk: Desk) -> Headers:
    token = desk.token(is_admin=True)
    desk.house.clock.move_to(desk.house.clock.now() + timedelta(hours=2))
    return by_token(token)


def unknown() -> dict[str, str]:
    secret = ApiSecret.build(ZEBU, "b" * 42).text
    return {"Authorization": f"Bearer {build_api_key(ZEBU, 'a' * 32)}", "X-Partner-Secret": secret}


STRANGERS: dict[str, Callable[[Desk], Headers]] = {
    "nobody": lambda _: {},
    "an empty key": lambda _: {"Authorization": "Bearer ", "X-Partner-Secret": ""},
    "a scheme alone": lambda _: {"Authorization": "Bearer", "X-Partner-Secret": "sk"},
    "another scheme": lambda _: {"Authorization": "Basic YTpi", "X-Partner-Secret": "sk"},
    "a key that is none": lambda _: {"Authorization": "Bearer pk_zebu_live_1", "X-Partner-Secret": "sk_zebu_live_1"},
    "a key that there is not": lambda _: unknown(),
    "a token that is none": lambda _: by_token("e30.e30.e30"),
    "an expired token": expired,
    "another pair's secret": lambda desk: {**by_pair(desk.pair()), "X-Partner-Secret": desk.pair().secret},
    "the other mode's secret": lambda desk: {**by_pair(desk.pair()), "X-Partner-Secret": desk.pair(ZEBU_TEST).secret},
    "a key without its secret": lambda desk: by_token(desk.pair().key.api_key),
    "a secret without its key": lambda desk: {"X-Partner-Secret": desk.pair().secret},
    "a secret in the key's place": lambda desk: by_token(desk.pair().secret),
    "credentials in small letters": lambda desk: {name: value.lower() for name, value in by_pair(desk.pair()).items()},
}


def asked(face: Face, route: Route, headers: Headers) -> Answered:
    path = route.path.replace("{", "").replace("}", "")
    return face.ask(route.method, path, headers=headers)


def told(answered: Answered) -> tuple[int, Headers, Mapping[str, object]]:
    """All that a caller learns, but the request's id."""
    document = answered.json
    headers = {name: value for name, value in answered.contract_headers.items() if name != "x-request-id"}
    assert document["request_id"] == answered.headers["x-request-id"]
    return answered.status, headers, {name: value for name, value in document.items() if name != "request_id"}


UNKNOWN = (
    401,
    {"content-type": "application/json", "www-authenticate": "Bearer"},
    {"error": "unauthorized", "message": SENTENCE, "code": "INVALID_CREDENTIALS"},
)


@pytest.mark.parametrize("present", STRANGERS.values(), ids=STRANGERS.keys())
@pytest.mark.parametrize("route", WAYS.values(), ids=WAYS.keys())
def test_every_stranger_is_told_the_same_at_every_route(
    face: Face, house: House, route: Route, present: Callable[[Desk], Headers]
) -> None:
    assert told(asked(face, route, present(Desk(house)))) == UNKNOWN


def test_who_has_the_secret_of_an_expired_or_revoked_key_learns_that(face: Face, house: House) -> None:
    revoked, kept = Desk(house).pair(), Desk(house).pair()
    house.app.partners.revoke(ADMIN, revoked.key.api_key_id)
    house.clock.move_to(house.clock.now() + timedelta(days=90))
    for issued, code, sentence in ((revoked, "KEY_REVOKED", "has been revoked"), (kept, "KEY_EXPIRED", "has expired")):
        status, headers, document = told(asked(face, WAYS[Caller.PARTNER], by_pair(issued)))
        assert (status, headers) == UNKNOWN[:2]
        message = f"API key {issued.key.api_key_id} {sentence}"
        assert document == {"error": "unauthorized", "message": message, "code": code}


LET_IN: dict[str, Callable[[Desk], tuple[Headers, set[Caller]]]] = {
    "a partner's server": lambda desk: (by_pair(desk.pair()), {Caller.PARTNER}),
    "a user": lambda desk: (by_token(desk.token()), {Caller.USER}),
    "an admin": lambda desk: (by_token(desk.token(is_admin=True)), {Caller.USER, Caller.ADMIN}),
}
FORBIDDEN = {("a user", Caller.ADMIN)}
"""A user is known, and told that an admin's route is none of theirs."""


@pytest.mark.parametrize("who", LET_IN)
def test_each_is_let_in_where_they_belong_and_nowhere_else(face: Face, house: House, who: str) -> None:
    headers, belongs = LET_IN[who](Desk(house))
    for caller, route in WAYS.items():
        answered = asked(face, route, headers)
        if caller in belongs:
            assert answered.status == 200, answered.text
        elif (who, caller) in FORBIDDEN:
            assert (answered.status, answered.json["code"]) == (403, "FORBIDDEN")
        else:
            assert told(answered) == UNKNOWN


def test_a_header_is_found_however_it_is_spelled(face: Face, house: House) -> None:
    headers = {name.upper(): value.replace("Bearer", "bearer") for name, value in by_pair(Desk(house).pair()).items()}
    assert asked(face, WAYS[Caller.PARTNER], headers).status == 200


def test_no_refusal_leaves_a_part_of_what_was_presented_behind(
    face: Face, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk = Desk(house)
    issued, other, token = desk.pair(), desk.pair(), desk.token()
    header, payload, signature = token.split(".")
    answers = [
        asked(face, WAYS[Caller.PARTNER], {**by_pair(issued), "X-Partner-Secret": other.secret}),
        asked(face, WAYS[Caller.USER], by_token(f"{header}.{payload}.A{signature[1:]}")),
        asked(face, WAYS[Caller.ADMIN], by_token(token)),
    ]
    shown = repr([(answer.text, answer.headers) for answer in answers]) + caplog.text
    shown += repr([vars(record) for record in caplog.records])
    presented = (issued.key.api_key, issued.secret, other.secret, header, payload, signature[1:], ANITA.email.address)
    assert [each for each in presented if each in shown] == []
