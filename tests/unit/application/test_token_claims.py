"""Which claims name an admin: the group as it is spelled in a token, and as API Gateway hands it on."""

import pytest

from quantleap.application.token_claims import admin_of
from quantleap.domain.errors import PermissionDeniedError
from quantleap.domain.identifiers import Email
from quantleap.domain.principals import Admin
from quantleap.ports.tokens import Claims


def claims_with(groups: object) -> Claims:
    claims = {"token_use": "id", "email": "asha@example.com", "email_verified": True}
    return claims if groups is None else {**claims, "cognito:groups": groups}


@pytest.mark.parametrize(
    "groups", [["Admins"], ["Others", "Admins"], "Admins", "Admins,Others", "Others,Admins"], ids=repr
)
def test_a_member_of_the_group_is_an_admin(groups: object) -> None:
    assert admin_of(claims_with(groups)) == Admin(Email("asha@example.com"))


@pytest.mark.parametrize(
    "groups",
    [
        None,
        [],
        ["Others"],
        ["admins"],
        ["Not Admins"],
        ["x,Admins"],
        ["[Admins]"],
        [["Admins"]],
        "",
        "Others",
        "admins",
        "Not Admins",
        "Admins Others",
        "[Admins]",
        {"Admins": True},
        5,
    ],
    ids=repr,
)
def test_whoever_has_a_group_of_another_name_is_none(groups: object) -> None:
    with pytest.raises(PermissionDeniedError):
        admin_of(claims_with(groups))
