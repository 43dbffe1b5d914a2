"""What cannot be served is told alike by both faces: status, envelope and contract headers."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from attrs import frozen
from tests.integration.api.faces import FACES, Answered, Face, partner_headers
from tests.integration.application.house import CONDOR, House

TEMPLATES = "/partner/marketplace/templates"
SUBSCRIBE = "/partner/marketplace/subscribe"
PAUSE = "/partner/subscriptions/sub_zebu_00000001/pause"
JSON = {"Content-Type": "application/json"}
GOOD = b'{"user_email": "a@example.com", "basket_id": "%s", "broker_account_id": "ZB1"}' % CONDOR.encode()


@frozen
class Case:
    """A request, and how it is refused."""

    name: str
    method: str
    path: str
    status: int
    code: str
    details: object = None
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    error: str = "bad_request"


def one(field: str, reason: str) -> dict[str, object]:
    """The details of one refusal."""
    return {"field": field, "reason": reason, "errors": [{"field": field, "reason": reason}]}


def body_case(name: str, body: bytes, reason: str) -> Case:
    """A body that is refused as a whole."""
    return Case(name, "POST", SUBSCRIBE, 400, "VALIDATION_ERROR", one("body", reason), body, tuple(JSON.items()))


def media_case(name: str, *headers: tuple[str, str]) -> Case:
    """A good body that is said to be something else."""
    return Case(name, "POST", SUBSCRIBE, 415, "UNSUPPORTED_MEDIA_TYPE", body=GOOD, headers=headers)


def too_long(name: str, bytes_: int) -> Case:
    """A body of that length."""
    details = {"max_bytes": 65_536}
    return Case(name, "POST", SUBSCRIBE, 413, "BODY_TOO_LARGE", details, b" " * bytes_, tuple(JSON.items()))


def unwanted(name: str, body: bytes, reason: str) -> Case:
    """A body that says something to a route that takes none; its content type is not looked at."""
    return Case(name, "PUT", PAUSE, 400, "VALIDATION_ERROR", one("body", reason), body)


def lost(name: str, path: str) -> Case:
    """A path that is not there."""
    return Case(name, "GET", path, 404, "NOT_FOUND", error="not_found")


def unnamed(name: str, method: str, path: str, subscription_id: str, body: bytes | None = None) -> Case:
    """A path that names what no subscription can be called."""
    details = {"subscription_id": subscription_id}
    return Case(name, method, path, 404, "SUBSCRIPTION_NOT_FOUND", details, body, error="not_found")


def wrong_method(name: str, method: str, path: str, *allowed: str) -> Case:
    """A path that does not take that method."""
    return Case(name, method, path, 405, "METHOD_NOT_ALLOWED", {"allowed": [*allowed]})


CASES = [
    lost("root", "/"),
    lost("unknown", "/partner/nothing"),
    lost("below a route", f"{PAUSE}/again"),
    lost("trailing slash", f"{PAUSE}/"),
    lost("double slash", f"/{PAUSE}"),
    lost("empty variable", "/partner/subscriptions//pause"),
    lost("trailing line break", f"{PAUSE}%0A"),
    lost("case", PAUSE.upper()),
    lost("braces", "/partner/%7Bproxy+%7D"),
    lost("no UTF-8", "/%ff%fe"),
    wrong_method("PATCH", "PATCH", PAUSE, "PUT"),
    wrong_method("POST for PUT", "POST", PAUSE, "PUT"),
    wrong_method("TRACE", "TRACE", PAUSE, "PUT"),
    wrong_method("OPTIONS", "OPTIONS", PAUSE, "PUT"),
    wrong_method("GET for POST", "GET", SUBSCRIBE, "POST"),
    body_case("broken", b'{"user_email": ', "is not valid JSON"),
    body_case("two documents", b"{} {}", "is not valid JSON"),
    body_case("NaN", b'{"custom_lot_multiplier": NaN}', "must not hold NaN or Infinity, which are not JSON"),
    body_case("Infinity", b'{"custom_lot_multiplier": -Infinity}', "must not hold NaN or Infinity, which are not JSON"),
    body_case("a key twice", b'{"metadata": {"a": "1", "a": "2"}}', "names a key twice in one object"),
    body_case("UTF-16", '{"a": 1}'.encode("utf-16"), "is not UTF-8"),
    body_case("Latin-1", '{"name": "café"}'.encode("latin-1"), "is not UTF-8"),
    body_case("BOM", b"\xef\xbb\xbf{}", "is not valid JSON"),
    body_case("no number", b'{"custom_lot_multiplier": 1e99999999999999999999}', "has a number beyond all bounds"),
    body_case("deep", b"[" * 60_000, "is nested too deeply"),
    body_case("a list", b"[]", "must be a JSON object"),
    body_case("null", b"null", "must be a JSON object"),
    Case("no body", "POST", SUBSCRIBE, 400, "VALIDATION_ERROR", one("body", "must be a JSON object"), None),
    unwanted("a body where none is taken", b'{"reason": "holidays"}', "must be empty: this route takes none"),
    unwanted("a list where no body is taken", b"[]", "must be empty: this route takes none"),
    unwanted("no JSON where no body is taken", b"reason=holidays", "is not valid JSON"),
    unnamed("no subscription id", "GET", "/partner/subscriptions/foo", "foo"),
    unnamed("a path for an id", "GET", "/partner/subscriptions/..%2F", "../"),
    unnamed("no id, and a bad body", "PUT", "/partner/subscriptions/a%20b/pause?a=1", "a b", b"["),
    media_case("no content type"),
    media_case("form", ("Content-Type", "application/x-www-form-urlencoded")),
    media_case("another charset", ("Content-Type", "application/json; charset=utf-16")),
    media_case("content type twice", ("Content-Type", "application/json"), ("Content-Type", "application/json")),
    media_case("gzip", ("Content-Type", "application/json"), ("Content-Encoding", "gzip")),
    Case(
        "64 KiB and one byte",
        "POST",
        SUBSCRIBE,
        413,
        "BODY_TOO_LARGE",
        {"max_bytes": 65_536},
        b" " * 65_537,
        tuple(JSON.items()),
    ),
    Case(
        "8 MiB", "POST", SUBSCRIBE, 413, "BODY_TOO_LARGE", {"max_bytes": 65_536}, b" " * 8_388_608, tuple(JSON.items())
    ),
    Case(
        "query parameter given twice",
        "GET",
        f"{TEMPLATES}?limit=1&limit=1",
        400,
        "VALIDATION_ERROR",
        one("limit", "is given twice"),
    ),
    Case(
        "query parameter with a blank",
        "GET",
        f"{TEMPLATES}?limit=%31&offset=+1",
        400,
        "VALIDATION_ERROR",
        one("offset", "must be a whole number from 0 to 10000"),
    ),
    Case(
        "unknown query parameter",
        "PUT",
        f"{PAUSE}?a=1",
        400,
        "VALIDATION_ERROR",
        one("query", "has a parameter, and this route takes none"),
    ),
    Case(
        "many unknown query parameters",
        "GET",
        f"{TEMPLATES}?{'&'.join(f'a{number}=1' for number in range(100))}",
        400,
        "VALIDATION_ERROR",
        one("query", "has a parameter that is not one of status, index_symbol, category, limit, offset, cursor"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_told_in_the_envelope(face: Face, zebu: dict[str, str], case: Case) -> None:
    """With its status, its code and a request id of ours."""
    answer = asked(face, case, zebu)

    assert answer.status == case.status, answer.text
    envelope = answer.json
    assert (envelope["error"], envelope["code"], envelope.get("details")) == (case.error, case.code, case.details)
    assert set(envelope) - {"details"} == {"error", "message", "code", "request_id"}
    assert re.fullmatch("req_[0-9a-f]{12}", envelope["request_id"])
    assert answer.headers["x-request-id"] == envelope["request_id"]
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_say_the_same(case: Case) -> None:
    """To the letter, request id and limit included."""
    first, second = (each(case) for each in on_each_face())
    assert (first.status, first.text, first.contract_headers) == (second.status, second.text, second.contract_headers)


@pytest.mark.parametrize("case", [case for case in CASES if case.status == 405], ids=lambda case: case.name)
def test_a_wrong_method_is_told_the_right_ones(face: Face, zebu: dict[str, str], case: Case) -> None:
    """In the header `Allow`."""
    assert asked(face, case, zebu).headers["allow"] == ", ".join(case.details["allowed"])  # type: ignore[index] # an object


def asked(face: Face, case: Case, credentials: dict[str, str]) -> Answered:
    """The answer."""
    headers = [*credentials.items(), *case.headers]
    return face.ask(case.method, case.path, headers=headers, body=case.body)


def on_each_face() -> Iterator[Callable[[Case], Answered]]:
    """Each over a house of its own that is like the others to the last id."""
    for make in FACES.values():

        def ask(case: Case, make: Callable[..., Face] = make) -> Answered:
            house = House.furnished("memory://")
            with house.app, closing(make(house.app)) as face:
                return asked(face, case, partner_headers(house))

        yield ask
