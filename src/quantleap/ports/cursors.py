"""Positions of lists as text that leaves the platform and comes back."""

from typing import Protocol

from quantleap.domain.paging import Bookmark


class Cursors(Protocol):
    """Seals positions: who holds a cursor can neither read nor change it, nor use it in another context.

    A context is whatever bytes name one list and who asks for it.
    """

    def seal(self, position: Bookmark, context: bytes) -> str:
        """The position as 1 to 4096 letters, digits, `-` and `_`. The same position and context give the same text.

        Raises InvalidInputError when the position is too long for it.
        """

    def open(self, cursor: str, context: bytes) -> Bookmark:
        """The position that was sealed in that context with this platform's keys.

        Raises InvalidInputError, the same for everything else there is.
        """
