"""Who may see which mode's data, and which permission a partner's key must have."""

from collections.abc import Callable
from typing import Any

import pytest

from quantleap.domain.errors import InvalidInputError, PermissionDeniedError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission
from quantleap.domain.principals import (
    Admin,
    PartnerBackend,
    Principal,
    System,
    User,
    caller_of,
    mode_of,
    require_admin,
    require_permission,
)

EMAIL = Email("someone@example.com")


def wrong(value: object) -> Any:
    """What the types refuse and an untyped caller may still pass."""
    return value


LIVE, TEST = PartnerId("zebu", Mode.LIVE), PartnerId("zebu", Mode.TEST)


@pytest.mark.parametrize(
    ("principal", "mode"),
    [
        (Admin(EMAIL), Mode.LIVE),
        (Admin(EMAIL, Mode.TEST), Mode.TEST),
        (User(EMAIL), Mode.LIVE),
        (PartnerBackend(LIVE), Mode.LIVE),
        (PartnerBackend(TEST), Mode.TEST),
        (System("billing"), Mode.LIVE),
        (System("billing", Mode.TEST), Mode.TEST),
    ],
)
def test_only_a_test_key_an_admin_or_the_platform_on_test_data_touch_test_data(
    principal: Principal, mode: Mode
) -> None:
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


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: Admin(wrong("admin@quantleap.in")), "email"),
        (lambda: User(wrong(None)), "email"),
        (lambda: Admin(EMAIL, wrong("live")), "mode"),
        (lambda: PartnerBackend(wrong("partner_zebu_live")), "partner_id"),
        (lambda: System(wrong(None)), "task"),
        (lambda: System("Billing 2"), "task"),
        (lambda: System("billing", wrong("test")), "mode"),
    ],
)
def test_a_principal_of_wrong_parts_cannot_be_built(build: Callable[[], Principal], field: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        build()
    assert refusal.value.field == field


@pytest.mark.parametrize("principal", [Admin(EMAIL), User(EMAIL)])
def test_no_representation_shows_a_mailbox(principal: Principal) -> None:
    assert "someone" not in repr(principal)
    assert "s***@example.com" in repr(principal)


@pytest.mark.parametrize(
    ("principal", "caller"),
    [
        (Admin(EMAIL), ("admin", "someone@example.com")),
        (User(EMAIL), ("user", "someone@example.com")),
        (PartnerBackend(LIVE, api_key_id="key_1"), ("partner", "partner_zebu_live")),
        (PartnerBackend(LIVE, api_key_id="key_2"), ("partner", "partner_zebu_live")),
        (System("billing"), ("system", "billing")),
    ],
)
def test_a_caller_is_told_from_others_by_kind_and_name_and_a_partners_key_pairs_are_one(
    principal: Principal, caller: tuple[str, str]
) -> None:
    assert caller_of(principal) == caller
