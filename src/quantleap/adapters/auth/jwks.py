"""An issuer's public keys (JSON Web Key Set, RFC 7517): fetched when they are needed, and kept for an hour."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeAlias

from attrs import frozen
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from quantleap.ports.errors import MisconfiguredError, UnavailableError
from quantleap.ports.system import Clock

_log = logging.getLogger("quantleap.authentication")

Fetch: TypeAlias = Callable[[], bytes]
"""Gives the text of the key set. Raises UnavailableError, MisconfiguredError."""

FRESH_FOR = timedelta(hours=1)
"""A key that the issuer withdrew is refused from then on."""

HONOURED_FOR = timedelta(days=1)
"""For so long the kept keys serve where the issuer cannot be reached."""

FETCHED_EVERY = timedelta(seconds=30)
"""Tokens that name unknown keys, and an issuer that cannot be reached, cost no more fetches than that."""

MIN_KEY_BITS = 2048
"""RFC 7518, section 3.3."""


_FOR_US = {"kty": "RSA", "use": "sig", "alg": "RS256"}
"""What a key says of itself that RS256 is verified with; of `use` and `alg` it may say nothing."""


@frozen
class _Kept:
    keys: Mapping[str, RSAKey]
    since: datetime

    def is_younger(self, than: timedelta, now: datetime) -> bool:
        return now - self.since < than


class FetchedKeys:
    """See `quantleap.adapters.auth.jwt.IssuerKeys`. Safe to share between threads: one fetches, the others wait."""

    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._kept: _Kept | None = None
        self._tried_at: datetime | None = None
        self._failure: UnavailableError | MisconfiguredError | None = None

    def prepare(self) -> None:
        """Have keys. Raises UnavailableError, MisconfiguredError."""
        self._keys_now(None)

    def key(self, kid: str) -> RSAKey | None:
        """A kept one, else one fetched now, unless it was tried a moment ago. Raises UnavailableError."""
        try:
            return self._keys_now(kid).get(kid)
        except MisconfiguredError as failure:  # whoever started was told; who calls now is to try again
            raise UnavailableError(failure.reason) from None

    def _keys_now(self, kid: str | None) -> Mapping[str, RSAKey]:
        found = self._good_for(kid)
        if found is None:
            with self._lock:
                found = self._good_for(kid)  # another thread may have fetched meanwhile
                if found is None:
                    found = self._refreshed(kid)
        return found

    def _good_for(self, kid: str | None) -> Mapping[str, RSAKey] | None:
        """The kept keys, where they are fresh and hold that one."""
        kept = self._kept
        if kept is None or not kept.is_younger(FRESH_FOR, self._clock.now()):
            return None
        return kept.keys if kid is None or kid in kept.keys else None

    def _refreshed(self, kid: str | None) -> Mapping[str, RSAKey]:
        now = self._clock.now()
        if self._tried_at is None or now - self._tried_at >= FETCHED_EVERY:
            self._tried_at = now
            self._try_to_fetch(now)
        kept = self._kept if self._kept is not None and self._kept.is_younger(HONOURED_FOR, now) else None
        if self._failure is not None and (kept is None or kid not in kept.keys):
            raise type(self._failure)(self._failure.reason)
        return {} if kept is None else kept.keys

    def _try_to_fetch(self, now: datetime) -> None:
        try:
            self._kept = _Kept(read_keys(self._fetch()), now)
            self._failure = None
        except (UnavailableError, MisconfiguredError) as failure:
            self._failure = failure
            _log.warning("keys of tokens could not be fetched: %s", failure.reason)


def read_keys(text: bytes) -> Mapping[str, RSAKey]:
    """The keys of a set that RS256 may be verified with, by their ids; others are passed over.

    Raises UnavailableError where the text is no key set.
    """
    try:
        found = json.loads(text)["keys"]
        keys = [_read_key(each) for each in found]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise UnavailableError("the issuer of tokens gave no set of keys") from None
    return {key.kid: key for key in keys if key is not None and key.kid is not None}


def _read_key(given: Any) -> RSAKey | None:
    if not isinstance(given, dict) or not _FOR_US.items() <= {**_FOR_US, **given}.items():
        return None
    try:
        key = RSAKey.import_key({name: given[name] for name in ("kty", "n", "e", "kid")})
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if key.raw_value.key_size >= MIN_KEY_BITS else None
