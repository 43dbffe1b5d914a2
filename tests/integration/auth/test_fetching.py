"""Key sets come from an address or a file, within bounds, and from nowhere else."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from quantleap.adapters.auth import fetching
from quantleap.adapters.auth.fetching import MAX_BYTES, fetch_from
from quantleap.ports.errors import MisconfiguredError, UnavailableError

KEYS = b'{"keys": []}'
BROKEN = {
    "/garbage": b"garbage\r\n\r\n",
    "/cut": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
}
hang = Event()


class Issuer(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    def do_GET(self) -> None:
        """See `BaseHTTPRequestHandler`."""
        if self.path in BROKEN:
            self.wfile.write(BROKEN[self.path])
            return
        if self.path == "/slow":
            hang.wait(10)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/keys")
            self.end_headers()
            return
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        if self.path == "/dripping":
            for _ in range(100):
                self.wfile.write(b" ")
                hang.wait(0.01)
        self.wfile.write(b" " * (MAX_BYTES + 1) if self.path == "/large" else KEYS)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Issuer) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        hang.set()
        server.shutdown()


def test_an_address_is_asked(issuer: str) -> None:
    assert fetch_from(f"{issuer}/keys")() == KEYS


def test_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    fetch = fetch_from(str(file))
    for content in (KEYS, b"{}"):
        file.write_bytes(content)
        assert fetch() == content


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("broken", "answered 500"),
        ("moved", "answered 302"),
        ("large", f"more than {MAX_BYTES} bytes"),
        ("garbage", "BadStatusLine"),
        ("cut", "IncompleteRead"),
    ],
)
def test_an_answer_that_is_none_is_told(issuer: str, path: str, reason: str) -> None:
    with pytest.raises(UnavailableError, match=reason):
        fetch_from(f"{issuer}/{path}")()


def test_an_answer_that_takes_too_long_is_not_waited_for(issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.05)
    with pytest.raises(UnavailableError, match="TimeoutError"):
        fetch_from(f"{issuer}/slow")()


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for_either(
    issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "DEADLINE_S", 0.05)
    with pytest.raises(UnavailableError, match=r"the keys of the issuer of tokens: no answer in 0\.05 s"):
        fetch_from(f"{issuer}/dripping")()


def test_where_nobody_listens_is_told() -> None:
    with pytest.raises(UnavailableError, match="URLError"):
        fetch_from("http://127.0.0.1:9/keys")()


@pytest.mark.parametrize(
    "place",
    ["http://issuer.example/keys", "ftp://issuer.example/keys", "file:///etc/passwd", "http://127.0.0.1.x/keys"],
)
def test_an_address_that_others_can_answer_for_is_none(place: str) -> None:
    with pytest.raises(MisconfiguredError, match="QUANTLEAP_JWKS: must be an https address, or the path of a file"):
        fetch_from(place)


def test_a_file_that_is_missing_or_large_is_told(tmp_path: Path) -> None:
    with pytest.raises(MisconfiguredError, match=r"QUANTLEAP_JWKS: cannot read .*: No such file"):
        fetch_from(str(tmp_path / "none"))()
    (tmp_path / "large").write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(UnavailableError, match="more than"):
        fetch_from(str(tmp_path / "large"))()
