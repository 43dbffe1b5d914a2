"""Cursors sealed with AES-SIV: nobody reads one, changes it, or takes it to another list."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property
from typing import TYPE_CHECKING

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.paging import CURSOR_FORM, MAX_CURSOR_CHARS, NOT_A_POSITION, Bookmark
from quantleap.domain.validation import require
from quantleap.ports.secrets import Secrets

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_FORMAT = b"\x01"
"""Names key and cipher, so that another may follow while cursors of this one are out."""

_FORM = re.compile(CURSOR_FORM)


class SealedCursors:
    """See `quantleap.ports.cursors.Cursors`.

    A cursor is the format's byte and the position in AES-SIV (RFC 5297), in base64 for URLs (RFC 4648, section 5)
    without padding. Positions hold emails, so they are encrypted and not only signed; the cipher is deterministic, so
    no nonce can be used twice. The context is authenticated and not carried. `cryptography` is loaded by the first
    cursor: a process that pages nothing does not pay for it.
    """

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def seal(self, position: Bookmark, context: bytes) -> str:
        """See `Cursors.seal`."""
        plain = json.dumps(dict(position), sort_keys=True, separators=(",", ":")).encode()
        cursor = _spelled(_FORMAT + self._cipher.encrypt(plain, _bound_to(context)))
        require(len(cursor) <= MAX_CURSOR_CHARS, "position", "is too long for a cursor")
        return cursor

    def open(self, cursor: str, context: bytes) -> Bookmark:
        """See `Cursors.open`."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see the class

        sealed = _decoded(cursor)
        try:
            plain = self._cipher.decrypt(sealed.removeprefix(_FORMAT), _bound_to(context))
        except InvalidTag:
            raise _refusal() from None
        position: Bookmark = json.loads(plain)
        return position

    @cached_property
    def _cipher(self) -> "AESSIV":
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # noqa: PLC0415 - see the class

        return AESSIV(self._secrets.cursor_key().key)


def _bound_to(context: bytes) -> list[bytes]:
    """One piece that is never empty: OpenSSL 3.0 and 3.1 did not authenticate an empty one (CVE-2023-2975)."""
    return [_FORMAT + context]


def _spelled(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _decoded(cursor: object) -> bytes:
    """The bytes that this very text spells, of this format. Base64 leaves bits over at its end: one spelling counts."""
    if not isinstance(cursor, str) or _FORM.fullmatch(cursor) is None:
        raise _refusal()
    try:
        sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise _refusal() from None
    if not sealed.startswith(_FORMAT) or _spelled(sealed) != cursor:
        raise _refusal()
    return sealed


def _refusal() -> InvalidInputError:
    return InvalidInputError("cursor", NOT_A_POSITION)
