"""`quantleap serve` as a process: how it begins, and how it ends."""

import json
import re
import signal
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.integration.api.faces import partner_headers
from tests.integration.api.served import command, environment, served
from tests.integration.api.wire import GIVE_UP_S, HOST, Line, head, line_to
from tests.integration.application.house import CONDOR, House

from quantleap.entrypoints.api.routes.table import ROUTES
from quantleap.entrypoints.server.running import listen

BODY = json.dumps({"user_email": "anita@example.com", "basket_id": CONDOR, "broker_account_id": "ZB1"}).encode()


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A SQLite file with a marketplace."""
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def credentials(store: str) -> dict[str, str]:
    """The headers of zebu's live server there."""
    house = House.furnished(store)
    with house.app:
        return partner_headers(house)


def begun(line: Line, credentials: dict[str, str]) -> None:
    """A subscribe is under way: the server has said that it wants the body, and has not got it."""
    headers = {"Content-Type": "application/json", "Content-Length": f"{len(BODY)}", "Expect": "100-continue"}
    line.say(head("POST", "/partner/marketplace/subscribe", {**credentials, **headers}))
    assert line.hear().status == 100


def test_it_says_where_it_serves_what(store: str, credentials: dict[str, str]) -> None:
    """Once connections are taken."""
    with served(store) as server:
        assert [(each["method"], each["path"]) for each in server.said["routes"]] == [
            (route.method, route.path) for route in ROUTES
        ]
        with line_to(server.port) as line:
            line.say(head("GET", "/health"))
            answer = line.hear()
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok"})


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_told_to_stop_it_answers_what_is_under_way(
    store: str, credentials: dict[str, str], word: signal.Signals
) -> None:
    """The request that had begun is served whole, a connection that idles is closed, a new one is not taken."""
    with served(store) as server, line_to(server.port) as line, line_to(server.port) as idle:
        begun(line, credentials)
        server.process.send_signal(word)
        assert idle.is_hung_up()
        assert is_refused(server.port)
        line.say(BODY)
        answer = line.hear()
        assert line.is_hung_up()
        code, log = server.ended()
    assert answer.status == 201
    assert code == 0
    [line_of_log] = [each for each in log if each["logger"] == "quantleap.access"]
    assert line_of_log["request_id"] == answer.headers["x-request-id"]
    assert line_of_log["partner_id"] == "partner_zebu_live"


def test_told_twice_it_ends_at_once(store: str, credentials: dict[str, str]) -> None:
    """A client that never goes on does not keep it."""
    with served(store) as server, line_to(server.port) as line, line_to(server.port) as idle:
        begun(line, credentials)
        server.process.send_signal(signal.SIGTERM)
        assert idle.is_hung_up()  # so the first was heard
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(GIVE_UP_S) == 0


def is_refused(port: int) -> bool:
    """Whether nobody listens there any more."""
    try:
        with line_to(port):
            return False
    except ConnectionRefusedError:
        return True


def refused(store: str, *words: str, **variables: str) -> str:
    """The one line on stderr of a server that does not begin."""
    ended = subprocess.run(  # noqa: S603 - its own program
        [word for word in command(store, *words) if word != "--json"],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=GIVE_UP_S,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    [line] = ended.stderr.splitlines()
    return line


def test_a_port_that_is_taken_is_one_clear_line(store: str, credentials: dict[str, str]) -> None:
    """With what to do."""
    with listen(HOST, 0) as taken:
        port = str(taken.getsockname()[1])
        told = refused(store, "--port", port)
    assert told == f"quantleap: cannot listen on port {port} of 127.0.0.1: Address already in use; try another --port"


def test_a_host_that_is_not_here_is_one_clear_line(store: str, credentials: dict[str, str]) -> None:
    """Refused by the system."""
    assert refused(store, "--host", "192.0.2.1", "--port", "0").startswith(
        "quantleap: cannot listen on port 0 of 192.0.2.1"
    )


def test_a_store_that_is_missing_is_one_clear_line(tmp_path: Path) -> None:
    """Nothing is made."""
    path = tmp_path / "missing.db"
    assert refused(f"sqlite:///{path}") == f"quantleap: {path} does not exist: create it with `quantleap init`"
    assert not path.exists()


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("QUANTLEAP_THREADS", "0", "Input should be greater than or equal to 1"),
        ("QUANTLEAP_ORIGINS", "*", "must be origins apart by commas, each such as https://app.example.com"),
    ],
    ids=["no thread", "every origin"],
)
def test_a_setting_that_is_wrong_is_one_clear_line(
    store: str, credentials: dict[str, str], variable: str, value: str, reason: str
) -> None:
    """It names the variable."""
    assert refused(store, **{variable: value}) == f"quantleap: {variable}: {reason}"


def test_keys_that_are_not_the_stores_are_told_before_anything_is_served(
    store: str, credentials: dict[str, str], tmp_path: Path
) -> None:
    """And not at the first request."""
    with House.over(store).app as app:
        app.claiming.claim()
    with House.over(f"sqlite:///{tmp_path}/other.db").app:
        (tmp_path / "other.db.keys").replace(tmp_path / "store.db.keys")
    assert "the keys are not those that the store was made with" in refused(store)


def test_the_development_issuer_refuses_to_start_beside_a_real_store() -> None:
    """Before anything is asked of the store."""
    told = refused("dynamodb://TradingConfigurations?region=ap-south-1")
    assert told.startswith("quantleap: the development issuer of tokens refuses to start beside a real store:")


def test_people_are_shown_a_table_of_routes_and_where_they_are(store: str, credentials: dict[str, str]) -> None:
    """The last line is the one to go on with."""
    words = [word for word in command(store, "--port", "0") if word != "--json"]
    with subprocess.Popen(  # noqa: S603 - its own program
        words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        shown = list(iter_until("Serving on", process.stdout))
        process.terminate()
        process.communicate(timeout=GIVE_UP_S)
    assert len(shown) == len(ROUTES) + 3
    assert all(route.path in line for route, line in zip(ROUTES, shown[1:], strict=False))
    assert re.fullmatch(r"Serving on (http://127\.0\.0\.1:\d+), described at \1/docs\. Ctrl-C stops it\.\n", shown[-1])


def iter_until(start: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines up to the one that starts so."""
    for line in lines:
        yield line
        if line.startswith(start):
            return
