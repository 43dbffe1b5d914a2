"""The platform's own keys."""

from collections.abc import Mapping
from typing import Protocol

from attrs import field, frozen


@frozen
class HashKey:
    """A versioned key of at least 32 bytes. Its bytes never show in a repr."""

    version: str
    key: bytes = field(repr=False)


@frozen
class KeysFingerprint:
    """Tells keys from others, and nothing else of them: the pseudonym key's, and the hash keys' by their versions."""

    pseudonym: str
    hash_keys: Mapping[str, str]

    def agrees_with(self, other: "KeysFingerprint") -> bool:
        """Whether both may be of one platform: hash keys come and go, so that the versions both have count."""
        return self.pseudonym == other.pseudonym and all(
            self.hash_keys[version] == other.hash_keys[version]
            for version in self.hash_keys.keys() & other.hash_keys.keys()
        )


class Secrets(Protocol):
    """Where the platform's keys are kept. Answers may be cached in the process for as long as it runs."""

    def hash_key(self) -> HashKey:
        """The newest key that API secrets are hashed with. Made on first use where the adapter may do that.

        Raises MisconfiguredError when the place that keeps it is unreadable or readable by others.
        """

    def hash_key_of(self, version: str) -> HashKey:
        """An older one, which verifies while keys hashed with it live. Raises MisconfiguredError when it is gone."""

    def pseudonym_key(self) -> HashKey:
        """The key that turns an email into a pseudonym. Never rotated: a pseudonym must stay the same for years."""

    def cursor_key(self) -> HashKey:
        """The key that cursors are sealed with, of 64 bytes: the same in every process, derived from a kept one."""

    def fingerprint(self) -> KeysFingerprint:
        """Of all kept keys. Raises MisconfiguredError as `hash_key` does."""
