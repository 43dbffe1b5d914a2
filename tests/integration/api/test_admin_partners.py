"""An admin's partners and their key pairs: made, read, changed, revoked, rotated. A secret is shown once."""

from datetime import timedelta
from typing import Any

import pytest
from tests.integration.api.asking import Asking, invalid, refusal_of
from tests.integration.api.faces import Face
from tests.integration.application.house import ADMIN, CONDOR, ZEBU, House, refusal

from quantleap.domain.errors import KeyExpiredError, KeyRevokedError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.partners.permissions import Permission

DHAN = "partner_dhan_live"
NO_HALVES = {"api_key", "api_secret"}


@pytest.fixture
def admin(face: Face, house: House) -> Asking:
    return Asking.admin(face, house)


def proved(house: House, issued: Any) -> Any:
    return house.app.authentication.partner(issued["api_key"], issued["api_secret"])


def test_a_partner_is_made_with_a_key_pair_that_works(admin: Asking, house: House) -> None:
    made = admin.good("adminCreatePartner", json={"partner": "dhan", "rate_limit": 5, "commission_bps": 2500})
    assert made["partner"] == admin.good("adminGetPartner", partner_id=DHAN)
    assert made["partner"] == {
        "partner_id": DHAN,
        "mode": "live",
        "display_name": "dhan",
        "broker_id": "dhan",
        "agreement": [
            {
                "commission_bps": 2500,
                "effective_from": "2026-11-24",
                "effective_to": None,
                "tiers": [],
                "overrides": [],
            }
        ],
        "rate_limit": 5,
        "show_performance": False,
        "created_at": "2026-11-24T06:30:00Z",
        "version": 1,
    }
    by = proved(house, made)
    assert (str(by.partner_id), by.rate_limit, by.api_key_id) == (DHAN, 5, made["api_key_id"])


def test_a_partner_is_one_in_each_mode_and_there_once(admin: Asking) -> None:
    for mode in ("live", "test"):
        admin.good("adminCreatePartner", json={"partner": "dhan", "mode": mode})
    again = refusal_of(admin.ask("adminCreatePartner", json={"partner": "dhan"}))
    assert again[:3] == (409, "ALREADY_EXISTS", f"Partner {DHAN} already exists")
    listed = admin.good("adminListPartners", query={"limit": "2"})
    assert [each["partner_id"] for each in listed["partners"]] == [DHAN, "partner_dhan_test"]
    assert listed["total"] == 5


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"partner": "direct"}, invalid("partner", "must not be the reserved name direct")),
        ({"partner": "dhan", "mode": "paper"}, invalid("mode", "must be one of live, test")),
        ({"partner": "dhan", "rate_limit": 0}, invalid("rate_limit", "must be from 1 to 100000")),
        ({"partner": "dhan", "commission_bps": 10_001}, invalid("commission_bps", "must be from 0 to 10000")),
        ({"partner": "dhan", "show_performance": 1}, invalid("show_performance", "must be true or false")),
        ({"partner": "dhan", "display_name": ""}, invalid("display_name", "must have 1 to 120 characters")),
    ],
    ids=lambda value: next(reversed(value)) if isinstance(value, dict) else "",
)
def test_a_partner_that_cannot_be_is_refused(admin: Asking, body: dict[str, Any], refused: Any) -> None:
    assert refusal_of(admin.ask("adminCreatePartner", json=body)) == refused


def test_a_revision_changes_what_it_names_and_is_heeded_when_a_call_is_authenticated(
    admin: Asking, house: House
) -> None:
    issued = house.app.partners.issue(ADMIN, ZEBU)
    revised = admin.good(
        "adminRevisePartner",
        partner_id=str(ZEBU),
        json={"rate_limit": 7, "show_performance": True, "display_name": "Zebu & sons", "version": 1},
    )
    assert (revised["rate_limit"], revised["show_performance"], revised["version"]) == (7, True, 2)
    assert revised["broker_id"] == "zebu"
    assert house.app.authentication.partner(issued.key.api_key, issued.secret).rate_limit == 7


def test_a_new_rate_holds_from_today_on_for_new_subscriptions(admin: Asking, house: House) -> None:
    before = house.subscribed()
    house.clock.move_to(house.clock.now() + timedelta(days=1))
    revised = Asking.admin(admin.face, house).good(
        "adminRevisePartner", partner_id=str(ZEBU), json={"commission_bps": 1000}
    )
    assert [
        (term["commission_bps"], term["effective_from"], term["effective_to"]) for term in revised["agreement"]
    ] == [
        (3000, "2026-11-24", "2026-11-24"),
        (1000, "2026-11-25", None),
    ]
    assert before.terms.commission_rate.bps == 3000
    after = house.subscribed(basket_id="basket_admin_2c91d7e4")
    assert after.terms.commission_rate.bps == 1000


def test_a_revision_that_changes_nothing_makes_no_version_and_a_stale_one_is_refused(admin: Asking) -> None:
    same = {"display_name": "zebu", "version": 1}
    assert admin.good("adminRevisePartner", partner_id=str(ZEBU), json=same)["version"] == 1
    for changes in ({"rate_limit": 5}, {"display_name": "zebu"}, {}):
        stale = admin.ask("adminRevisePartner", partner_id=str(ZEBU), json={**changes, "version": 9})
        assert refusal_of(stale)[:2] == (409, "CONCURRENT_UPDATE")


def test_a_partner_that_is_not_there_is_not_found(admin: Asking) -> None:
    nobody = (404, "PARTNER_NOT_FOUND", f"No partner {DHAN}", {"partner_id": DHAN})
    for name, body in (("adminGetPartner", None), ("adminRevisePartner", {"rate_limit": 5})):
        assert refusal_of(admin.ask(name, partner_id=DHAN, json=body)) == nobody
    assert refusal_of(admin.ask("adminCreateApiKey", json={"partner_id": DHAN})) == nobody
    assert refusal_of(admin.ask("adminListApiKeys", query={"partner_id": DHAN})) == nobody
    malformed = invalid("partner_id", "must be a partner id such as partner_zebu_live")
    assert refusal_of(admin.ask("adminListApiKeys", query={"partner_id": "dhan"})) == malformed


# Key pairs


def test_a_further_key_pair_may_do_what_it_is_given_for_as_long(admin: Asking, house: House) -> None:
    body = {"partner_id": str(ZEBU), "permissions": ["marketplace:read"], "lifetime_days": 1}
    issued = admin.good("adminCreateApiKey", json=body)
    assert (issued["permissions"], issued["expires_at"]) == (["marketplace:read"], "2026-11-25T06:30:00Z")
    assert proved(house, issued).permissions == {Permission.MARKETPLACE_READ}
    house.clock.move_to(house.clock.now() + timedelta(days=1))
    assert isinstance(refusal(lambda: proved(house, issued)), KeyExpiredError)


def test_a_key_pair_has_every_permission_and_ninety_days_unless_said(admin: Asking) -> None:
    issued = admin.good("adminCreateApiKey", json={"partner_id": str(ZEBU)})
    assert issued["permissions"] == sorted(Permission)
    assert issued["expires_at"] == "2027-02-22T06:30:00Z"


def test_reads_show_neither_half_nor_a_hash(admin: Asking, house: House) -> None:
    issued = admin.good("adminCreateApiKey", json={"partner_id": str(ZEBU)})
    shown = {**{name: value for name, value in issued.items() if name not in NO_HALVES}, "uses": 0}
    assert admin.good("adminGetApiKey", api_key_id=issued["api_key_id"]) == shown
    listed = admin.ask("adminListApiKeys", query={"partner_id": str(ZEBU)})
    assert shown in listed.json["api_keys"]
    assert (listed.json["total"], len(listed.json["api_keys"])) == (2, 2)
    digest = house.app.partners.key(ADMIN, issued["api_key_id"]).secret_hash.digest
    for hidden in (issued["api_key"], issued["api_secret"], digest):
        assert hidden not in listed.text


def test_uses_are_counted_of_each_key_pair(admin: Asking, house: House, face: Face) -> None:
    issued = admin.good("adminCreateApiKey", json={"partner_id": str(ZEBU)})
    headers = {"Authorization": f"Bearer {issued['api_key']}", "X-Partner-Secret": issued["api_secret"]}
    for _ in range(3):
        Asking(face, headers).good("partnerListTemplates")
    assert admin.good("adminGetApiKey", api_key_id=issued["api_key_id"])["uses"] == 3
    listed = admin.good("adminListApiKeys", query={"partner_id": str(ZEBU)})["api_keys"]
    assert {each["api_key_id"]: each["uses"] for each in listed} == {
        house.first_key().api_key_id: 0,
        issued["api_key_id"]: 3,
    }


def test_permissions_change_and_a_key_pair_is_revoked_at_once(admin: Asking, house: House) -> None:
    issued = admin.good("adminCreateApiKey", json={"partner_id": str(ZEBU)})
    name = issued["api_key_id"]
    body = {"permissions": ["analytics:read"], "version": 1}
    assert admin.good("adminPermitApiKey", api_key_id=name, json=body)["permissions"] == ["analytics:read"]
    assert proved(house, issued).permissions == {Permission.ANALYTICS_READ}
    stale = {"permissions": ["marketplace:read"], "version": 1}
    assert refusal_of(admin.ask("adminPermitApiKey", api_key_id=name, json=stale))[:2] == (409, "CONCURRENT_UPDATE")
    for _ in range(2):
        revoked = admin.good("adminRevokeApiKey", api_key_id=name)
        assert (revoked["message"], revoked["revoked_at"], revoked["version"]) == (
            "API key revoked successfully",
            "2026-11-24T06:30:00Z",
            3,
        )
    assert isinstance(refusal(lambda: proved(house, issued)), KeyRevokedError)


def test_a_rotated_pair_works_beside_its_successor_for_the_overlap(admin: Asking, house: House) -> None:
    old = admin.good("adminCreateApiKey", json={"partner_id": str(ZEBU), "permissions": ["subscriptions:read"]})
    new = admin.good("adminRotateApiKey", api_key_id=old["api_key_id"], json={"overlap_days": 2, "lifetime_days": 30})
    assert (new["permissions"], new["expires_at"]) == (["subscriptions:read"], "2026-12-24T06:30:00Z")
    outgoing = admin.good("adminGetApiKey", api_key_id=old["api_key_id"])
    assert (outgoing["successor_id"], outgoing["usable_until"]) == (new["api_key_id"], "2026-11-26T06:30:00Z")
    assert proved(house, old).partner_id == proved(house, new).partner_id
    house.clock.move_to(house.clock.now() + timedelta(days=2))
    assert isinstance(refusal(lambda: proved(house, old)), KeyExpiredError)
    assert proved(house, new).api_key_id == new["api_key_id"]


def test_what_was_rotated_or_works_no_more_is_not_rotated(admin: Asking) -> None:
    name = admin.good("adminCreateApiKey", json={"partner_id": str(ZEBU)})["api_key_id"]
    admin.good("adminRotateApiKey", api_key_id=name)
    assert refusal_of(admin.ask("adminRotateApiKey", api_key_id=name))[:2] == (409, "KEY_ALREADY_ROTATED")
    admin.good("adminRevokeApiKey", api_key_id=name)
    assert refusal_of(admin.ask("adminRotateApiKey", api_key_id=name))[:2] == (409, "KEY_NOT_USABLE")


def test_a_key_pair_that_is_not_there_is_not_found(admin: Asking) -> None:
    for name, body in (
        ("adminGetApiKey", None),
        ("adminPermitApiKey", {"permissions": ["analytics:read"]}),
        ("adminRevokeApiKey", None),
        ("adminRotateApiKey", None),
    ):
        refused = refusal_of(admin.ask(name, api_key_id="key_none", json=body))
        assert refused == (404, "API_KEY_NOT_FOUND", "No API key key_none", {"api_key_id": "key_none"})


@pytest.mark.parametrize(
    ("name", "body", "refused"),
    [
        ("adminCreateApiKey", {}, invalid("partner_id", "is required")),
        (
            "adminCreateApiKey",
            {"partner_id": "partner_zebu_live", "permissions": []},
            invalid("permissions", "must be a list of one permission or more"),
        ),
        (
            "adminCreateApiKey",
            {"partner_id": "partner_zebu_live", "lifetime_days": 367},
            invalid("lifetime_days", "must be from 1 to 366"),
        ),
        ("adminRotateApiKey", {"overlap_days": 31}, invalid("overlap_days", "must be from 0 to 30")),
    ],
    ids=["no partner", "no permission", "too long", "overlap"],
)
def test_a_key_pair_that_cannot_be_is_refused(admin: Asking, name: str, body: dict[str, Any], refused: Any) -> None:
    assert refusal_of(admin.ask(name, json=body, api_key_id="key_none")) == refused


def test_keys_are_listed_of_a_partner_that_is_named(admin: Asking) -> None:
    assert refusal_of(admin.ask("adminListApiKeys")) == invalid("partner_id", "is required")


SHOWING = {
    "adminCreatePartner": {"partner": "dhan"},
    "adminCreateApiKey": {"partner_id": "partner_zebu_live"},
    "adminRotateApiKey": {},
}
"""What shows a secret, and the body it is asked with."""


@pytest.mark.parametrize("name", SHOWING)
def test_a_repeat_under_one_idempotency_key_names_the_pair_and_shows_no_secret_again(
    admin: Asking, house: House, name: str
) -> None:
    body = SHOWING[name]
    pair = house.first_key().api_key_id
    first = admin.ask(name, json=body, headers={"Idempotency-Key": "once"}, api_key_id=pair)
    assert first.status == 201, first.text
    stored = house.items()
    again = admin.ask(name, json=body, headers={"Idempotency-Key": "once"}, api_key_id=pair)
    issued = first.json["api_key_id"]
    assert refusal_of(again)[:2] == (409, "SECRET_SHOWN_BEFORE")
    assert again.json["details"] == {"api_key_id": issued}
    assert house.items() == stored
    assert first.json["api_secret"] not in repr(stored)


def test_a_test_partners_key_finds_nothing_live(admin: Asking, house: House, face: Face) -> None:
    made = admin.good("adminCreatePartner", json={"partner": "zebu2", "mode": "test"})
    assert PartnerId.parse(made["partner_id"]).mode is Mode.TEST
    live = house.subscribed(basket_id=CONDOR).terms.subscription_id
    caller = Asking(face, {"Authorization": f"Bearer {made['api_key']}", "X-Partner-Secret": made["api_secret"]})
    assert caller.ask("partnerGetSubscription", subscription_id=live).status == 404
