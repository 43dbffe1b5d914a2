"""The platform's keys as one JSON document, wherever it is kept: `{"hash": {"1": HEX}, "pseudonym": {"1": HEX}}`."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping
from threading import Lock
from typing import Any

from attrs import field, frozen

from quantleap.adapters.secrets.derived import cursor_key_of, fingerprint_of
from quantleap.ports.errors import MisconfiguredError
from quantleap.ports.secrets import HashKey, KeysFingerprint

KEY_BYTES = 32
_PSEUDONYM = "pseudonym"
_HASH = "hash"


def new_keys() -> dict[str, dict[str, str]]:
    """A document of random keys, the first of their versions."""
    return {purpose: {"1": secrets.token_hex(KEY_BYTES)} for purpose in (_HASH, _PSEUDONYM)}


@frozen
class KeptKeys:
    """See `quantleap.ports.secrets.Secrets`. `place` names in errors where the document is kept."""

    place: str
    _keys: Mapping[str, Mapping[str, str]] = field(repr=False)

    @classmethod
    def read(cls, place: str, document: Any) -> "KeptKeys":
        """The keys of a document. Raises MisconfiguredError, which repeats nothing of it."""
        if not _well_formed(document):
            raise MisconfiguredError(f"{place} holds no keys of this library's")
        return cls(place, {purpose: dict(document[purpose]) for purpose in (_HASH, _PSEUDONYM)})

    def has_hash_key(self, version: str) -> bool:
        """Whether there is one of that version."""
        return version in self._keys[_HASH]

    def hash_key(self) -> HashKey:
        """The newest: versions are `1`, `2`, and so on."""
        return self.hash_key_of(max(self._keys[_HASH], key=int))

    def hash_key_of(self, version: str) -> HashKey:
        """The key of that version. Raises MisconfiguredError where there is none such."""
        return self._key(_HASH, version)

    def pseudonym_key(self) -> HashKey:
        """The one there is."""
        return self._key(_PSEUDONYM, "1")

    def cursor_key(self) -> HashKey:
        """Derived from the pseudonym key."""
        return cursor_key_of(self.pseudonym_key())

    def fingerprint(self) -> KeysFingerprint:
        """Of every key."""
        return fingerprint_of(self.pseudonym_key(), map(self.hash_key_of, self._keys[_HASH]))

    def _key(self, purpose: str, version: str) -> HashKey:
        spelled = self._keys[purpose].get(version)
        if spelled is None:
            raise MisconfiguredError(f"{self.place} holds no {purpose} key of version {version}")
        return HashKey(version, bytes.fromhex(spelled))


class LoadedKeys(ABC):
    """See `quantleap.ports.secrets.Secrets`. The document is loaded once a process, when a key is first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: KeptKeys | None = None

    @abstractmethod
    def _load(self) -> KeptKeys:
        """Read the document. Raises MisconfiguredError, UnavailableError."""

    def hash_key(self) -> HashKey:
        """The newest: versions are `1`, `2`, and so on."""
        return self._loaded().hash_key()

    def hash_key_of(self, version: str) -> HashKey:
        """The key of that version."""
        return self._loaded().hash_key_of(version)

    def pseudonym_key(self) -> HashKey:
        """The one there is."""
        return self._loaded().pseudonym_key()

    def cursor_key(self) -> HashKey:
        """Derived from the pseudonym key."""
        return self._loaded().cursor_key()

    def fingerprint(self) -> KeysFingerprint:
        """Of every key."""
        return self._loaded().fingerprint()

    def _loaded(self) -> KeptKeys:
        with self._lock:
            if self._kept is None:
                self._kept = self._load()
            return self._kept


def _well_formed(document: Any) -> bool:
    return isinstance(document, dict) and all(
        isinstance(keys, dict)
        and keys
        and all(version.isdecimal() and _is_key(spelled) for version, spelled in keys.items())
        for keys in (document.get(_HASH), document.get(_PSEUDONYM))
    )


def _is_key(spelled: object) -> bool:
    try:
        return isinstance(spelled, str) and len(bytes.fromhex(spelled)) >= KEY_BYTES
    except ValueError:
        return False
