"""Who asks. A use case takes a principal first, and what it may see and do follows from the principal's kind."""

import re
from collections.abc import Iterable
from typing import TypeAlias, assert_never

from attrs import field, frozen
from attrs.validators import optional

from quantleap.domain import identifiers
from quantleap.domain.errors import PermissionDeniedError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission
from quantleap.domain.partners.token_bucket import DEFAULT_LIMIT, MAX_LIMIT
from quantleap.domain.validation import checked_by, checked_match, instance_of, whole_number

MAX_CHANGED_BY_BYTES = 64
"""Bound of the pseudonymous text that histories and postings keep of a principal."""

MAX_REASON_BYTES = 120
"""Bound of the reason that they keep beside it."""


_TASK = re.compile(r"[a-z][a-z-]{0,31}")


def _task(value: object, name: str) -> None:
    checked_match(value, name, _TASK, "1 to 32 lower-case letters or -")


@frozen
class Admin:
    """Authors templates, manages partners and money, in one mode's data: live unless said."""

    email: Email = field(validator=instance_of(Email))
    mode: Mode = field(default=Mode.LIVE, validator=instance_of(Mode))


@frozen
class User:
    """A subscriber acting on what is theirs, always on live data."""

    email: Email = field(validator=instance_of(Email))


def _as_set(permissions: Iterable[Permission]) -> frozenset[Permission]:
    return frozenset(permissions)


@frozen
class PartnerBackend:
    """A partner's server, on that partner's data in the key's mode.

    `api_key_id` names the key pair that proved it (None where it was proved otherwise), `rate_limit` is how many
    requests a minute the partner may make, `shows_performance` whether it may show past and expected returns (None:
    that is for its record to say).
    """

    partner_id: PartnerId = field(validator=instance_of(PartnerId))
    permissions: frozenset[Permission] = field(default=ALL_PERMISSIONS, converter=_as_set)
    api_key_id: str | None = field(default=None, validator=optional(checked_by(identifiers.api_key_id)))
    rate_limit: int = field(default=DEFAULT_LIMIT, validator=whole_number(1, MAX_LIMIT))
    shows_performance: bool | None = field(default=None, validator=optional(instance_of(bool)))


@frozen
class System:
    """The platform's own work (`billing`, `retirement`), in one mode's data."""

    task: str = field(validator=checked_by(_task))
    mode: Mode = field(default=Mode.LIVE, validator=instance_of(Mode))


Principal: TypeAlias = Admin | User | PartnerBackend | System


def mode_of(principal: Principal) -> Mode:
    """The data a principal may touch: live, but for a test key, and where an admin or the platform says test."""
    match principal:
        case PartnerBackend(partner_id=partner_id):
            return partner_id.mode
        case Admin(mode=mode) | System(mode=mode):
            return mode
        case User():
            return Mode.LIVE
        case _:
            assert_never(principal)


def caller_of(principal: Principal) -> tuple[str, str]:
    """Its kind and its name, which together tell it from every other (of a partner's key pairs: the partner)."""
    match principal:
        case Admin(email=email):
            return "admin", email.address
        case User(email=email):
            return "user", email.address
        case PartnerBackend(partner_id=partner_id):
            return "partner", str(partner_id)
        case System(task=task):
            return "system", task
        case _:
            assert_never(principal)


def require_permission(principal: Principal, permission: Permission) -> None:
    """Raise PermissionDeniedError when a partner's key lacks the permission; other principals have none to lack."""
    if isinstance(principal, PartnerBackend) and permission not in principal.permissions:
        raise PermissionDeniedError(permission.value)


def require_admin(principal: Principal) -> None:
    """Raise PermissionDeniedError unless an admin, or the platform itself, asks."""
    if not isinstance(principal, Admin | System):
        raise PermissionDeniedError("admin")
