"""Where a key set comes from: an address, or a file."""

from concurrent.futures import Future
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from quantleap.adapters.auth.jwks import Fetch
from quantleap.ports.errors import MisconfiguredError, UnavailableError

TIMEOUT_S = 3.0
"""Of connecting, and of each wait for bytes."""

DEADLINE_S = 5.0
"""Of the whole, however slowly the bytes come."""

MAX_BYTES = 64 * 1024
"""Of the text. Cognito's has about 1 KB."""

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def fetch_from(place: str) -> Fetch:
    """Fetches from an https address, a http address of this machine, or a file. Raises MisconfiguredError.

    Whoever fetches waits `DEADLINE_S` at most.
    """
    parts = urlsplit(place)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE):
        return lambda: _in_time(lambda: _from_address(place))
    if "://" in place:
        raise MisconfiguredError("QUANTLEAP_JWKS: must be an https address, or the path of a file")
    return lambda: _from_file(Path(place))


class _NoRedirects(HTTPRedirectHandler):
    """The address is the one that was set, and no other that an answer names."""

    def redirect_request(self, *_: object) -> None:
        """None."""


_OPENER = build_opener(_NoRedirects)


def _in_time(fetch: Fetch) -> bytes:
    """A socket bounds each wait alone, and the look-up of a name not at all: what is late is left to end by itself."""
    fetched: Future[bytes] = Future()

    def run() -> None:
        try:
            fetched.set_result(fetch())
        except Exception as error:
            fetched.set_exception(error)

    Thread(target=run, name="fetch of keys", daemon=True).start()
    try:
        return fetched.result(DEADLINE_S)
    except TimeoutError:
        raise UnavailableError(f"the keys of the issuer of tokens: no answer in {DEADLINE_S} s") from None


def _from_address(url: str) -> bytes:
    try:
        with _OPENER.open(Request(url, headers={"Accept": "application/json"}), timeout=TIMEOUT_S) as answer:  # noqa: S310 - see fetch_from
            return _bounded(answer.read(MAX_BYTES + 1))
    except HTTPError as error:
        error.close()
        raise UnavailableError(f"the keys of the issuer of tokens: answered {error.code}") from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise UnavailableError(f"the keys of the issuer of tokens: {type(error).__name__}") from None


def _from_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return _bounded(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise MisconfiguredError(f"QUANTLEAP_JWKS: cannot read {path}: {error.strerror}") from None


def _bounded(text: bytes) -> bytes:
    if len(text) > MAX_BYTES:
        raise UnavailableError(f"the keys of the issuer of tokens: more than {MAX_BYTES} bytes")
    return text
