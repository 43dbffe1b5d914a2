"""The local server on a socket: bounds on what a client may send and for how long, and what its connection is for."""

import json
import logging
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Barrier, Event

import pytest
from tests.integration.api.faces import partner_headers
from tests.integration.api.wire import GIVE_UP_S, Line, head, line_to, serving
from tests.integration.application.house import CONDOR, House

from quantleap.entrypoints.api.dispatch import dispatch
from quantleap.entrypoints.server import api
from quantleap.entrypoints.server.protocol import Connection
from quantleap.entrypoints.server.running import Timeouts
from quantleap.entrypoints.server.site import Bounds

SUBSCRIBE = "/partner/marketplace/subscribe"
UNKNOWN = "/partner/subscriptions/sub_zebu_0000abcd/pause"
LIMIT = 64 * 1024
MAX_HEAD = 16 * 1024
IMPATIENT = Timeouts(head_s=0.2, drain_s=5)


@pytest.fixture
def port(house: House) -> Iterator[int]:
    """A server's over the house, which is impatient with slow clients."""
    with serving(house.app, Bounds(body_timeout_s=0.2), IMPATIENT) as port:
        yield port


@pytest.fixture
def line(port: int) -> Iterator[Line]:
    """A connection to it."""
    with line_to(port) as line:
        yield line


def posting(credentials: dict[str, str], headers: dict[str, str]) -> bytes:
    """The head of a subscribe."""
    return head("POST", SUBSCRIBE, {**credentials, "Content-Type": "application/json", **headers})


def test_a_connection_serves_one_request_after_another(line: Line, zebu: dict[str, str]) -> None:
    """Kept alive."""
    for _ in range(3):
        line.say(head("PUT", UNKNOWN, zebu))
        assert line.hear().status == 404


def test_an_answer_does_not_wait_for_an_acknowledgement(
    line: Line, zebu: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its head and its body leave in two pieces, the second of which Nagle's algorithm would hold back."""
    options: list[int] = []

    def note(connection: Connection, data: bytes) -> None:
        accepted = connection.transport.get_extra_info("socket")
        options.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        received(connection, data)

    received = Connection.data_received
    monkeypatch.setattr(Connection, "data_received", note)
    line.say(head("GET", "/health"))
    assert line.hear().status == 200
    assert options == [1]


def test_requests_sent_ahead_are_answered_in_their_order(line: Line, zebu: dict[str, str]) -> None:
    """Pipelining."""
    line.say(head("PUT", UNKNOWN, zebu), head("PATCH", UNKNOWN, zebu), head("GET", "/nothing"), head("GET", "/health"))
    assert [line.hear().status for _ in range(4)] == [404, 405, 404, 200]


def test_a_body_in_pieces_is_put_together(line: Line, zebu: dict[str, str]) -> None:
    """Chunked."""
    body = json.dumps({"user_email": "a@example.com", "basket_id": CONDOR, "broker_account_id": "ZB1"}).encode()
    line.say(posting(zebu, {"Transfer-Encoding": "chunked"}), *map(chunk, (body[:10], body[10:])), b"0\r\n\r\n")
    assert line.hear().status == 201


def chunk(piece: bytes) -> bytes:
    """As chunked encoding frames it."""
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def test_a_body_said_to_be_too_long_is_refused_before_a_byte_of_it(line: Line, zebu: dict[str, str]) -> None:
    """Where its length is declared; a client that asks first is never told to go on."""
    line.say(posting(zebu, {"Content-Length": f"{LIMIT + 1}", "Expect": "100-continue"}))
    answer = line.hear()
    assert (answer.status, answer.headers["connection"]) == (413, "close")


def test_a_body_found_to_be_too_long_is_refused_before_its_end(line: Line, zebu: dict[str, str]) -> None:
    """Where its length is not declared."""
    line.say(posting(zebu, {"Transfer-Encoding": "chunked"}), chunk(b" " * (LIMIT + 1)))
    answer = line.hear()
    assert (answer.status, answer.headers["connection"]) == (413, "close")


def test_a_client_that_sends_much_too_much_still_hears_why(line: Line, zebu: dict[str, str]) -> None:
    """It sends everything before it listens, as many do."""
    line.say(posting(zebu, {"Content-Length": f"{8 * LIMIT}"}), b" " * (8 * LIMIT))
    assert line.hear().status == 413
    assert line.is_hung_up()


def test_a_body_that_is_too_long_is_not_read_for_a_path_that_is_not_there_either(line: Line) -> None:
    """The connection ends there as well."""
    line.say(head("POST", "/nothing", {"Content-Length": f"{8 * LIMIT}"}), b" " * (8 * LIMIT))
    assert line.hear().status == 404
    assert line.is_hung_up()


def test_a_body_of_64_kib_is_read(line: Line, zebu: dict[str, str]) -> None:
    """And found to be no JSON."""
    line.say(posting(zebu, {"Content-Length": f"{LIMIT}"}), b" " * LIMIT)
    assert line.hear().status == 400


def test_a_body_that_does_not_come_is_not_waited_for(line: Line, zebu: dict[str, str]) -> None:
    """A slow client is told so, and hung up on."""
    line.say(posting(zebu, {"Content-Length": "10"}), b"{")
    answer = line.hear()
    assert (answer.status, json.loads(answer.body)["code"]) == (408, "REQUEST_TIMEOUT")
    assert line.is_hung_up()


def test_a_client_that_says_nothing_is_hung_up_on(line: Line) -> None:
    """From the start."""
    assert line.is_hung_up()


def test_a_client_that_never_ends_its_head_is_hung_up_on(port: int) -> None:
    """However busily it goes on: each byte would begin uvicorn's own patience anew."""
    with line_to(port) as line:
        line.say(b"GET /health HTTP/1.1\r\n")
        while not line.hears_something_within(0.01):
            line.say(b"X-More: 1\r\n")
        assert line.is_hung_up()


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /caf\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
    ids=["TLS", "no path", "a path that is not encoded", "no host"],
)
def test_what_is_no_http_is_told_in_the_envelope(line: Line, said: bytes) -> None:
    """With a request id like any other refusal."""
    line.say(said)
    answer = line.hear()
    envelope = json.loads(answer.body)
    assert (answer.status, envelope["error"], envelope["code"]) == (400, "bad_request", "MALFORMED_REQUEST")
    assert answer.headers["x-request-id"] == envelope["request_id"]
    assert answer.headers["content-type"] == "application/json"


def head_of(size: int) -> bytes:
    """A whole head of that many bytes."""
    begun, end = b"GET /health HTTP/1.1\r\nHost:x\r\nX-Long:", b"\r\n\r\n"
    return begun + b"x" * (size - len(begun) - len(end)) + end


@pytest.mark.parametrize(
    "said",
    [
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 20_000,
        head_of(MAX_HEAD + 1),
        b"GET /health?%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a&" * 10_000),
        b"GET /health HTTP/1.1\r\nHost: x\r\n%s\r\n" % (b"a:b\r\n" * 4_000),
    ],
    ids=["without an end", "one byte too long", "many parameters", "many headers"],
)
def test_a_head_has_a_bound(line: Line, said: bytes) -> None:
    """Also where it comes whole, in one piece: so that none fills the memory, or takes long to read."""
    line.say(said)
    answer = line.hear()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "MALFORMED_REQUEST")
    assert line.is_hung_up()


def test_heads_up_to_the_bound_are_read(line: Line) -> None:
    """Several in one piece: the bound is of each."""
    line.say(head_of(MAX_HEAD), head_of(MAX_HEAD))
    assert [line.hear().status, line.hear().status] == [200, 200]


def test_a_head_is_answered_without_a_body(line: Line, zebu: dict[str, str]) -> None:
    """HEAD of what is there and of what is not."""
    line.say(head("HEAD", "/health"))
    answer = line.hear("HEAD")
    assert (answer.status, answer.body) == (200, b"")
    line.say(head("HEAD", UNKNOWN, zebu))
    answer = line.hear("HEAD")
    assert (answer.status, answer.body) == (405, b"")


@pytest.mark.parametrize("path", ["/health", "/nothing", UNKNOWN])
def test_every_answer_names_its_request_and_is_kept_by_nobody(line: Line, path: str) -> None:
    """Whatever the path; and the server does not say what it is made of."""
    line.say(head("GET", path))
    headers = line.hear().headers
    assert re.fullmatch("req_[0-9a-f]{12}", headers["x-request-id"])
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert "server" not in headers


def test_a_request_is_one_line_of_the_log_with_nothing_that_was_sent(
    line: Line, zebu: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Method, route, status, how long, request id, partner: no value of path, query or body."""
    with caplog.at_level(logging.DEBUG):
        line.say(head("PUT", f"{UNKNOWN}?user_email=anita@example.com", zebu))
        answered = line.hear()
        line.say(head("GET", "/who/anita@example.com"))
        lost = line.hear()
        line.say(head("GET", "/health"))
        line.hear()
    lines = [record for record in caplog.records if record.name == "quantleap.access"][:2]
    assert [fields(record) for record in lines] == [
        {
            "request_id": answered.headers["x-request-id"],
            "method": "PUT",
            "route": "partnerPauseSubscription",
            "status": 400,
            "partner_id": "partner_zebu_live",
        },
        {
            "request_id": lost.headers["x-request-id"],
            "method": "GET",
            "route": None,
            "status": 404,
            "partner_id": None,
        },
    ]
    assert all(isinstance(vars(record)["duration_ms"], int) for record in lines)
    everything = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "anita" not in everything
    assert "0000abcd" not in everything
    assert zebu["X-Partner-Secret"] not in everything


def test_a_method_that_nobody_knows_is_not_repeated_in_the_log(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    """It may be any word."""
    with caplog.at_level(logging.DEBUG):
        line.say(head("sk_zebu_live_1", UNKNOWN), head("GET", "/health"))
        assert [line.hear().status, line.hear().status] == [405, 200]
    assert "sk_zebu" not in "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)


def fields(record: logging.LogRecord) -> dict[str, object]:
    """What the line says, but for how long it took."""
    return {name: vars(record)[name] for name in ("request_id", "method", "route", "status", "partner_id")}


def test_slow_requests_are_worked_on_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight: each waits until all eight are under way."""
    together = Barrier(8, timeout=GIVE_UP_S)
    held(monkeypatch, together.wait)
    credentials = partner_headers(house)
    with serving(house.app) as port, ExitStack() as lines:
        connected = [lines.enter_context(line_to(port)) for _ in range(8)]
        for line in connected:
            line.say(head("PUT", UNKNOWN, credentials))
        assert [line.hear().status for line in connected] == [404] * 8


def test_more_than_may_be_under_way_are_refused_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the envelope, with a word on when to come again; the others are served."""
    is_held, may_go = Event(), Event()

    def wait() -> None:
        is_held.set()
        assert may_go.wait(GIVE_UP_S)

    held(monkeypatch, wait)
    credentials = partner_headers(house)
    with serving(house.app, Bounds(at_once=1)) as port, line_to(port) as first, line_to(port) as second:
        first.say(head("PUT", UNKNOWN, credentials))
        assert is_held.wait(GIVE_UP_S)
        second.say(head("PUT", UNKNOWN, credentials))
        refused = second.hear()
        may_go.set()
        assert first.hear().status == 404
    assert (refused.status, json.loads(refused.body)["error"]) == (503, "internal_error")
    assert refused.headers["retry-after"] == "1"


def held(monkeypatch: pytest.MonkeyPatch, wait: Callable[[], object]) -> None:
    """Every request to a route waits."""

    def dispatch_later(*given: object) -> object:
        wait()
        return dispatch(*given)  # type: ignore[arg-type] # handed on as they are

    monkeypatch.setattr(api, "dispatch", dispatch_later)
