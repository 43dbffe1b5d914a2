"""Who asks. A use case takes a principal first, and what it may see and do follows from the principal's kind."""

from collections.abc import Iterable
from typing import TypeAlias, assert_never

from attrs import field, frozen

from quantleap.domain.errors import PermissionDeniedError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission

MAX_CHANGED_BY_BYTES = 64
"""Bound of the pseudonymous text that histories and postings keep of a principal."""


@frozen
class Admin:
    """Authors templates, manages partners and money."""

    email: Email


@frozen
class User:
    """A subscriber acting on what is theirs, always on live data."""

    email: Email


def _as_set(permissions: Iterable[Permission]) -> frozenset[Permission]:
    return frozenset(permissions)


@frozen
class PartnerBackend:
    """A partner's server, on that partner's data in the key's mode."""

    partner_id: PartnerId
    permissions: frozenset[Permission] = field(default=ALL_PERMISSIONS, converter=_as_set)


@frozen
class System:
    """The platform's own work (`billing`, `retirement`), in one mode's data."""

    task: str
    mode: Mode = Mode.LIVE


Principal: TypeAlias = Admin | User | PartnerBackend | System


def mode_of(principal: Principal) -> Mode:
    """The data a principal may touch: live, but for a test key and for the platform's work on test data."""
    match principal:
        case PartnerBackend(partner_id=partner_id):
            return partner_id.mode
        case System(mode=mode):
            return mode
        case Admin() | User():
            return Mode.LIVE
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
