"""The two credentials of a partner's key pair: their formats, the secret's checksum, and its keyed hash.

`pk_{partner}_{live or test}_{32 alphanumerics}` and `sk_{partner}_{live or test}_{48 alphanumerics}` (published Partner
API v1.0). The secret's last six characters are the CRC-32 of all before them in base 62, as in GitHub's tokens, so that
a mistyped or invented secret is refused without a read.
"""

import hashlib
import hmac
import re
import zlib

from attrs import field, frozen

from quantleap.domain.errors import InvalidCredentialsError, InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.validation import checked_match, require

API_KEY_RANDOM_CHARS = 32
SECRET_RANDOM_CHARS = 42
CHECKSUM_CHARS = 6
MIN_HASH_KEY_BYTES = 32
"""As many as the digest has (RFC 2104, section 3)."""

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_OF_KEY = re.compile(rf"[0-9A-Za-z]{{{API_KEY_RANDOM_CHARS}}}")
_RANDOM_OF_SECRET = re.compile(rf"[0-9A-Za-z]{{{SECRET_RANDOM_CHARS}}}")
_API_KEY = re.compile(r"pk_([a-z][a-z0-9]{1,30})_(live|test)_[0-9A-Za-z]{32}")
_SECRET = re.compile(r"sk_([a-z][a-z0-9]{1,30})_(live|test)_[0-9A-Za-z]{48}")
_KEY_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@frozen(eq=False)
class ApiSecret:
    """A secret of the right form and checksum. It is in no representation; compare it by its hash only."""

    partner_id: PartnerId
    text: str = field(repr=False)

    @classmethod
    def build(cls, partner_id: PartnerId, random_chars: str) -> "ApiSecret":
        """The secret of 42 random letters and digits."""
        checked_match(random_chars, "random_chars", _RANDOM_OF_SECRET, f"{SECRET_RANDOM_CHARS} letters or digits")
        body = f"sk_{partner_id.slug}_{partner_id.mode}_{random_chars}"
        return cls(partner_id, body + checksum(body))

    @classmethod
    def parse(cls, spelled: object) -> "ApiSecret":
        """Read a presented secret. Raises InvalidCredentialsError, which does not repeat it."""
        partner_id, text = _read(spelled, _SECRET)
        if not hmac.compare_digest(checksum(text[:-CHECKSUM_CHARS]), text[-CHECKSUM_CHARS:]):
            raise InvalidCredentialsError
        return cls(partner_id, text)


@frozen
class Credentials:
    """What a partner's server presented: well formed, of one partner and mode, and not yet proved."""

    partner_id: PartnerId
    api_key: str = field(repr=False)
    secret: ApiSecret

    @classmethod
    def parse(cls, api_key: object, secret: object) -> "Credentials":
        """Read both, before any read of the store. Raises InvalidCredentialsError, which repeats neither."""
        partner_id, key_text = _read(api_key, _API_KEY)
        parsed = ApiSecret.parse(secret)
        if parsed.partner_id != partner_id:
            raise InvalidCredentialsError
        return cls(partner_id, key_text, parsed)


@frozen
class SecretHash:
    """The HMAC-SHA-256 of a secret, in hex, and the version of the key it was made with."""

    hash_key_version: str = field()
    digest: str = field(repr=False)

    @hash_key_version.validator
    def _named(self, _: object, value: object) -> None:
        checked_match(value, "hash_key_version", _KEY_VERSION, "1 to 64 letters, digits, _ or -")

    @digest.validator
    def _hexadecimal(self, _: object, value: object) -> None:
        checked_match(value, "digest", _DIGEST, "64 hexadecimal digits")

    def verify(self, secret: ApiSecret, hash_key: bytes) -> bool:
        """Whether it is the hash of that secret; `hash_key` is that of this hash's version. Takes constant time."""
        return hmac.compare_digest(self.digest, _hmac(secret, hash_key))


def build_api_key(partner_id: PartnerId, random_chars: str) -> str:
    """The public half of a pair, of 32 random letters and digits."""
    checked_match(random_chars, "random_chars", _RANDOM_OF_KEY, f"{API_KEY_RANDOM_CHARS} letters or digits")
    return f"pk_{partner_id.slug}_{partner_id.mode}_{random_chars}"


def parse_api_key(spelled: object) -> PartnerId:
    """The partner and mode an API key names. Raises InvalidCredentialsError, which does not repeat the key."""
    return _read(spelled, _API_KEY)[0]


def hash_secret(secret: ApiSecret, hash_key: bytes, hash_key_version: str) -> SecretHash:
    """What is stored of a secret. `hash_key` has at least 32 bytes."""
    require(len(hash_key) >= MIN_HASH_KEY_BYTES, "hash_key", f"must have at least {MIN_HASH_KEY_BYTES} bytes")
    return SecretHash(hash_key_version, _hmac(secret, hash_key))


def checksum(body: str) -> str:
    """CRC-32 in six base 62 digits, 0-9 then A-Z then a-z, padded with zeros."""
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECKSUM_CHARS):
        rest, digit = divmod(rest, len(_BASE62))
        digits = _BASE62[digit] + digits
    return digits


def _hmac(secret: ApiSecret, hash_key: bytes) -> str:
    return hmac.new(hash_key, secret.text.encode(), hashlib.sha256).hexdigest()


def _read(spelled: object, form: re.Pattern[str]) -> tuple[PartnerId, str]:
    match = form.fullmatch(spelled) if isinstance(spelled, str) else None
    if match is None:
        raise InvalidCredentialsError
    try:
        return PartnerId(match[1], Mode(match[2])), match[0]
    except InvalidInputError:  # the reserved name
        raise InvalidCredentialsError from None
