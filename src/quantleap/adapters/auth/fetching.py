"""Where a key set comes from: an address, or a file."""

from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from quantleap.adapters.auth.jwks import Fetch
from quantleap.ports.errors import MisconfiguredError, UnavailableError

TIMEOUT_S = 3.0
"""Of connecting, and of each wait for bytes."""

MAX_BYTES = 64 * 1024
"""Of the text. Cognito's has about 1 KB."""

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def fetch_from(place: str) -> Fetch:
    """Fetches from an https address, a http address of this machine, or a file. Raises MisconfiguredError."""
    parts = urlsplit(place)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE):
        return lambda: _from_address(place)
    if "://" in place:
        raise MisconfiguredError("QUANTLEAP_JWKS: must be an https address, or the path of a file")
    return lambda: _from_file(Path(place))


class _NoRedirects(HTTPRedirectHandler):
    """The address is the one that was set, and no other that an answer names."""

    def redirect_request(self, *_: object) -> None:
        """None."""


_OPENER = build_opener(_NoRedirects)


def _from_address(url: str) -> bytes:
    try:
        with _OPENER.open(Request(url, headers={"Accept": "application/json"}), timeout=TIMEOUT_S) as answer:  # noqa: S310 - see fetch_from
            return _bounded(answer.read(MAX_BYTES + 1))
    except HTTPError as error:
        raise UnavailableError(f"the keys of the issuer of tokens: answered {error.code}") from None
    except (URLError, OSError, ValueError) as error:
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
