"""Who may see which mode's data, and which permission a partner's key must have."""

import pytest

from quantleap.domain.errors import PermissionDeniedError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission
from quantleap.domain.principals import (
    Admin,
    PartnerBackend,
    Principal,
    System,
    User,
    mode_of,
    require_admin,
    require_permission,
)

EMAIL = Email("someone@example.com")
LIVE, TEST = PartnerId("zebu", Mode.LIVE), PartnerId("zebu", Mode.TEST)


@pytest.mark.parametrize(
    ("principal", "mode"),
    [
        (Admin(EMAIL), Mode.LIVE),
        (User(EMAIL), Mode.LIVE),
        (PartnerBackend(LIVE), Mode.LIVE),
        (PartnerBackend(TEST), Mode.TEST),
        (System("billing"), Mode.LIVE),
        (System("billing", Mode.TEST), Mode.TEST),
    ],
)
def test_only_a_test_key_and_the_platforms_own_test_work_touch_test_data(principal: Principal, mode: Mode) -> None:
    assert mode_of(principal) is mode


@pytest.mark.parametrize("permission", Permission)
def test_a_key_has_every_permission_unless_narrowed(permission: Permission) -> None:
    require_permission(PartnerBackend(LIVE), permission)
    assert PartnerBackend(LIVE).permissions == ALL_PERMISSIONS


@pytest.mark.parametrize("held", Permission)
@pytest.mark.parametrize("asked", Permission)
def test_a_narrowed_key_is_refused_what_it_lacks_by_name(held: Permission, asked: Permission) -> None:
    backend = PartnerBackend(LIVE, frozenset({held}))
    if held is asked:
        require_permission(backend, asked)
        return
    with pytest.raises(PermissionDeniedError) as refusal:
        require_permission(backend, asked)
    assert str(refusal.value) == f"This needs the permission {asked.value}"
    assert refusal.value.code == "FORBIDDEN"


@pytest.mark.parametrize("principal", [Admin(EMAIL), User(EMAIL), System("billing")])
@pytest.mark.parametrize("permission", Permission)
def test_permissions_bind_partners_only(principal: Principal, permission: Permission) -> None:
    require_permission(principal, permission)


def test_permissions_are_frozen_whatever_they_came_in() -> None:
    given = [Permission.MARKETPLACE_READ, Permission.MARKETPLACE_READ]
    backend = PartnerBackend(LIVE, given)
    assert backend.permissions == frozenset({Permission.MARKETPLACE_READ})
    assert hash(backend) == hash(PartnerBackend(LIVE, frozenset(given)))


@pytest.mark.parametrize("principal", [Admin(EMAIL), System("billing")])
def test_admins_and_the_platform_may_administer(principal: Principal) -> None:
    require_admin(principal)


@pytest.mark.parametrize("principal", [User(EMAIL), PartnerBackend(LIVE)])
def test_nobody_else_may_administer(principal: Principal) -> None:
    with pytest.raises(PermissionDeniedError) as refusal:
        require_admin(principal)
    assert str(refusal.value) == "This needs the permission admin"
