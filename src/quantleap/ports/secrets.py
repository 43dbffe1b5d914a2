"""The platform's own keys."""

from typing import Protocol

from attrs import field, frozen


@frozen
class HashKey:
    """A versioned key of at least 32 bytes. Its bytes never show in a repr."""

    version: str
    key: bytes = field(repr=False)


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
