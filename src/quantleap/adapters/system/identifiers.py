"""Identifiers: UUIDs of version 7, which rise with time; and randomness from the operating system."""

import secrets
import string

import uuid_utils

from quantleap.domain.identifiers import DIRECT_SLUG, PartnerId

_ALPHANUMERICS = string.ascii_uppercase + string.ascii_lowercase + string.digits


class SystemIdentifiers:
    """See `quantleap.ports.system.Identifiers`."""

    def subscription_id(self, partner: PartnerId | None) -> str:
        """`sub_zebu_` and the 32 hexadecimal digits of a UUID 7."""
        return f"sub_{DIRECT_SLUG if partner is None else partner.slug}_{uuid_utils.uuid7().hex}"

    def api_key_id(self) -> str:
        """`key_` and the 32 hexadecimal digits of a UUID 7."""
        return f"key_{uuid_utils.uuid7().hex}"

    def request_id(self) -> str:
        """`req_` and 12 random hexadecimal digits."""
        return f"req_{secrets.token_hex(6)}"


class SystemChance:
    """See `quantleap.ports.system.Chance`."""

    def alphanumerics(self, count: int) -> str:
        """Each drawn by itself from the operating system's source."""
        return "".join(secrets.choice(_ALPHANUMERICS) for _ in range(count))
