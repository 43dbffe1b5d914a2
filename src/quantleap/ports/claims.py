"""Whose a store is: which of the platform's keys it is used with."""

from typing import Protocol

from quantleap.ports.secrets import KeysFingerprint
from quantleap.ports.unit_of_work import Write


class Claims(Protocol):
    """The one claim there is on a store. It holds no key, and what it holds tells of none."""

    def fingerprint(self) -> KeysFingerprint | None:
        """Of the keys the store is claimed with, seeing every commit that returned before; None before any claim.

        Raises CorruptDataError.
        """

    def claiming(self, fingerprint: KeysFingerprint) -> list[Write]:
        """Stage the claim. Refused with ConcurrentUpdateError when the store is claimed with other keys."""
