"""The platform's keys in one file that only its owner may read: for development and embedding."""

import json
import os
import secrets
import stat
import threading
from collections.abc import Mapping
from pathlib import Path

from quantleap.adapters.secrets.derived import cursor_key_of, fingerprint_of
from quantleap.ports.errors import MisconfiguredError
from quantleap.ports.secrets import HashKey, KeysFingerprint

KEY_BYTES = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PSEUDONYM = "pseudonym"
_HASH = "hash"


class KeyFile:
    """See `quantleap.ports.secrets.Secrets`. The file is read once a process.

    With `may_make` it is made, mode 0600, on first use. Without, a missing file is an error: new keys in the place of
    lost ones would refuse every partner and rename every user.
    """

    def __init__(self, path: Path, *, may_make: bool = True) -> None:
        self._path = path
        self._may_make = may_make
        self._lock = threading.Lock()
        self._content: Mapping[str, Mapping[str, str]] | None = None

    def hash_key(self) -> HashKey:
        """The newest: versions are `1`, `2`, and so on."""
        return self.hash_key_of(max(self._keys(_HASH), key=int))

    def hash_key_of(self, version: str) -> HashKey:
        """The key of that version. Raises MisconfiguredError when the file has none such."""
        return self._key(_HASH, version)

    def pseudonym_key(self) -> HashKey:
        """The one there is."""
        return self._key(_PSEUDONYM, "1")

    def cursor_key(self) -> HashKey:
        """Derived from the pseudonym key."""
        return cursor_key_of(self.pseudonym_key())

    def fingerprint(self) -> KeysFingerprint:
        """Of every key in the file."""
        return fingerprint_of(self.pseudonym_key(), map(self.hash_key_of, self._keys(_HASH)))

    def _key(self, purpose: str, version: str) -> HashKey:
        spelled = self._keys(purpose).get(version)
        if spelled is None:
            raise MisconfiguredError(f"{self._path} holds no {purpose} key of version {version}")
        return HashKey(version, bytes.fromhex(spelled))

    def _keys(self, purpose: str) -> Mapping[str, str]:
        with self._lock:
            if self._content is None:
                self._content = self._read_or_make()
        return self._content.get(purpose, {})

    def _read_or_make(self) -> Mapping[str, Mapping[str, str]]:
        try:
            self._make()
        except FileExistsError:
            pass
        except OSError as error:
            raise MisconfiguredError(f"cannot make the key file {self._path}: {error.strerror}") from error
        return self._read()

    def _make(self) -> None:
        """Written whole under another name and then linked: a reader never sees half a file, and one maker wins."""
        if self._path.exists():
            raise FileExistsError
        if not self._may_make:
            raise MisconfiguredError(
                f"{self._path}, the keys of this store, is missing: restore it from a backup or where it was made"
            )
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = {purpose: {"1": secrets.token_hex(KEY_BYTES)} for purpose in (_HASH, _PSEUDONYM)}
        draft = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, self._path)
        finally:
            draft.unlink(missing_ok=True)

    def _read(self) -> Mapping[str, Mapping[str, str]]:
        try:
            if self._path.stat().st_mode & _OTHERS:
                raise MisconfiguredError(f"{self._path} must be readable by its owner alone: chmod 600 it")
            content = json.loads(self._path.read_text())
        except (OSError, ValueError, RecursionError) as error:
            raise MisconfiguredError(f"cannot read the key file {self._path}: {type(error).__name__}") from error
        if not _well_formed(content):
            raise MisconfiguredError(f"{self._path} is not a key file")
        return {purpose: dict(content[purpose]) for purpose in (_HASH, _PSEUDONYM)}


class KeysInMemory:
    """See `quantleap.ports.secrets.Secrets`. Random keys that die with the process, as its store does."""

    def __init__(self) -> None:
        self._hash_key = HashKey("1", secrets.token_bytes(KEY_BYTES))
        self._pseudonym_key = HashKey("1", secrets.token_bytes(KEY_BYTES))

    def hash_key(self) -> HashKey:
        """The one there is."""
        return self._hash_key

    def hash_key_of(self, version: str) -> HashKey:
        """The one there is, if that is its version."""
        if version != self._hash_key.version:
            raise MisconfiguredError(f"no hash key of version {version}")
        return self._hash_key

    def pseudonym_key(self) -> HashKey:
        """The one there is."""
        return self._pseudonym_key

    def cursor_key(self) -> HashKey:
        """Derived from the pseudonym key."""
        return cursor_key_of(self.pseudonym_key())

    def fingerprint(self) -> KeysFingerprint:
        """Of the two there are."""
        return fingerprint_of(self._pseudonym_key, [self._hash_key])


def _well_formed(content: object) -> bool:
    return isinstance(content, dict) and all(
        isinstance(keys, dict)
        and keys
        and all(version.isdecimal() and _is_key(spelled) for version, spelled in keys.items())
        for keys in (content.get(_HASH), content.get(_PSEUDONYM))
    )


def _is_key(spelled: object) -> bool:
    try:
        return isinstance(spelled, str) and len(bytes.fromhex(spelled)) >= KEY_BYTES
    except ValueError:
        return False
