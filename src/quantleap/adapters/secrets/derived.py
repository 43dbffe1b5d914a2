"""What is derived from kept keys: further ones that need not be kept, and fingerprints."""

from collections.abc import Iterable
from hashlib import sha512
from hmac import digest

from quantleap.ports.secrets import HashKey, KeysFingerprint

_CURSORS = b"quantleap cursors 1"
_FINGERPRINT = b"quantleap fingerprint 1"
_FINGERPRINT_HEX_DIGITS = 32


def cursor_key_of(pseudonym_key: HashKey) -> HashKey:
    """64 bytes: HMAC-SHA-512 of a purpose, where pseudonyms are HMAC-SHA-256, so that neither tells of the other."""
    return HashKey(pseudonym_key.version, digest(pseudonym_key.key, _CURSORS, sha512))


def fingerprint_of(pseudonym_key: HashKey, hash_keys: Iterable[HashKey]) -> KeysFingerprint:
    """HMAC-SHA-512 of another purpose, cut to 128 bits: whoever reads it learns nothing of the key."""
    return KeysFingerprint(_printed(pseudonym_key), {key.version: _printed(key) for key in hash_keys})


def _printed(key: HashKey) -> str:
    return digest(key.key, _FINGERPRINT, sha512).hex()[:_FINGERPRINT_HEX_DIGITS]
