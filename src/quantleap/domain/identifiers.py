"""Identifiers and their formats. A value that is not of its format is refused before any read.

No format admits `#`, which separates the parts of a store key, nor anything outside ASCII.
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.validation import checked_match, instance_of

MAX_EMAIL_CHARS = 254

_SLUG = re.compile(r"[a-z][a-z0-9]{1,30}")
_PARTNER_ID = re.compile(r"partner_([a-z][a-z0-9]{1,30})_(live|test)")
_TEMPLATE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_ACCOUNT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_BROKER_ID = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_SUBSCRIPTION_ID = re.compile(r"sub_[a-z][a-z0-9]{1,30}_[A-Za-z0-9]{1,64}")
_API_KEY_ID = re.compile(r"key_[A-Za-z0-9]{1,64}")
_REQUEST_ID = re.compile(r"req_[0-9a-f]{12}")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")

_COMMON_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*(?<![^.@]{64})\.)+(?:com|in|net|org)"
)
"""Addresses that email-validator would give back as they are, none of them of a special domain: most there are. A test
compares the two. A Lambda function that meets no other starts sooner by a twentieth.
"""

DIRECT_SLUG = "direct"
"""Reserved: a direct subscription's id is `sub_direct_...`, so no partner may be called that."""


class Mode(StrEnum):
    """Live data and test data never meet."""

    LIVE = "live"
    TEST = "test"


def _normalised_email(value: object) -> str:
    """NFKC and case-folded, one plain ASCII mailbox; the refusal does not repeat the value."""
    if not isinstance(value, str):
        raise InvalidInputError("user_email", "must be text")
    folded = unicodedata.normalize("NFKC", value).casefold()
    if not folded.isascii() or "#" in folded or len(folded) > MAX_EMAIL_CHARS:
        raise InvalidInputError("user_email", "must be one plain mailbox such as name@example.com")
    return folded if _COMMON_EMAIL.fullmatch(folded) else _validated_email(folded)


def _validated_email(folded: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - loading it takes 15 ms

    try:
        checked = validate_email(folded, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise InvalidInputError("user_email", "must be one plain mailbox such as name@example.com") from None
    # The domain in ASCII (RFC 5890): the same mailbox in Unicode would not be taken again, and could look like another.
    return f"{checked.local_part}@{checked.ascii_domain}".casefold()


def _masked(address: str) -> str:
    """Enough to recognise one's own: `a***@example.com`. Representations end up in logs."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


@frozen(order=True)
class Email:
    """A user's id. Two spellings of one mailbox compare equal (NFKC, case-folded). Its repr hides the mailbox."""

    address: str = field(converter=_normalised_email, repr=_masked)

    @classmethod
    def trusted(cls, address: str) -> "Email":
        """An address that this class normalised before, as a store gives it back: not checked again."""
        email = cls.__new__(cls)
        object.__setattr__(email, "address", address)
        return email

    def __str__(self) -> str:
        return self.address


@frozen(order=True)
class PartnerId:
    """`partner_{slug}_{mode}`: one partner in one mode."""

    slug: str = field()
    mode: Mode = field(validator=instance_of(Mode))

    @slug.validator
    def _well_formed(self, _: object, value: object) -> None:
        checked_match(value, "partner", _SLUG, "2 to 31 lower-case letters and digits, a letter first")
        if value == DIRECT_SLUG:
            raise InvalidInputError("partner", f"must not be the reserved name {DIRECT_SLUG}")

    @classmethod
    def parse(cls, spelled: object, *, field: str = "partner_id") -> "PartnerId":
        """Read `partner_zebu_live`."""
        match = _PARTNER_ID.fullmatch(spelled) if isinstance(spelled, str) else None
        if match is None:
            raise InvalidInputError(field, "must be a partner id such as partner_zebu_live")
        return cls(match[1], Mode(match[2]))

    def __str__(self) -> str:
        return f"partner_{self.slug}_{self.mode}"


def template_id(value: object, field: str) -> str:
    """A basket, strategy or leg id: 1 to 64 of lower-case letters, digits, `_`, `-`."""
    return checked_match(value, field, _TEMPLATE_ID, "1 to 64 lower-case letters, digits, _ or -")


def broker_id(value: object, field: str = "broker_id") -> str:
    """A broker's name: 1 to 32 of lower-case letters, digits, `_`, `-`, a letter first."""
    return checked_match(value, field, _BROKER_ID, "1 to 32 lower-case letters, digits, _ or -")


def broker_account_id(value: object, field: str = "broker_account_id") -> str:
    """An account at a broker: 1 to 64 of letters, digits, `_`, `.`, `-`."""
    return checked_match(value, field, _ACCOUNT_ID, "1 to 64 letters, digits, _, . or -")


def subscription_id(value: object, field: str = "subscription_id") -> str:
    """`sub_{partner}_{...}`, a direct one `sub_direct_{...}`."""
    return checked_match(value, field, _SUBSCRIPTION_ID, "a subscription id such as sub_zebu_0190a3f2")


def api_key_id(value: object, field: str = "api_key_id") -> str:
    """`key_` and 1 to 64 letters and digits: names a key pair without being a credential."""
    return checked_match(value, field, _API_KEY_ID, "an API key id such as key_0190a3f2")


def request_id(value: object, field: str = "request_id") -> str:
    """`req_` and 12 hexadecimal digits."""
    return checked_match(value, field, _REQUEST_ID, "a request id such as req_a7f3e2b1c4d5")


def reference(value: object, field: str = "reference") -> str:
    """A caller's own name for a posting, which makes it post once: 1 to 64 of letters, digits, `_.:-`."""
    return checked_match(value, field, _REFERENCE, "1 to 64 letters, digits, _, ., : or -")


FORMS: Mapping[str, str] = MappingProxyType(
    {
        "basket_id": _TEMPLATE_ID.pattern,
        "strategy_id": _TEMPLATE_ID.pattern,
        "broker_id": _BROKER_ID.pattern,
        "broker_account_id": _ACCOUNT_ID.pattern,
        "subscription_id": _SUBSCRIPTION_ID.pattern,
        "partner_id": _PARTNER_ID.pattern.replace("partner_", f"partner_(?!{DIRECT_SLUG}_)"),
        "api_key_id": _API_KEY_ID.pattern,
        "request_id": _REQUEST_ID.pattern,
    }
)
"""The regular expression that each identifier matches whole, by the usual name of its field."""


def has_form(name: str, value: str) -> bool:
    """Whether the text can be an identifier of that usual name."""
    return re.fullmatch(FORMS[name], value) is not None
