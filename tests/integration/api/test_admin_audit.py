"""An admin reads who changed what: newest first, by partner, actor and time, page by page."""

from datetime import timedelta
from typing import Any

import pytest
from tests.integration.api.asking import Asking, invalid, refusal_of
from tests.integration.api.faces import Face, partner_headers
from tests.integration.application.house import ADMIN, ANITA, NOON, ZEBU, House

from quantleap.application.stamping import Stamping

ROUTE = "adminListAudit"


@pytest.fixture
def admin(face: Face, house: House) -> Asking:
    """All that furnished the house is told."""
    house.app.auditing.follow()
    return Asking.admin(face, house)


def test_a_pause_by_a_partner_s_server_is_told_with_its_request(face: Face, admin: Asking, house: House) -> None:
    made = house.subscribed(ANITA)
    house.clock.move_to(NOON + timedelta(minutes=1))
    paused = Asking.partner(face, house).ask("partnerPauseSubscription", subscription_id=made.terms.subscription_id)
    assert paused.status == 200
    house.app.auditing.follow()
    newest = admin.good(ROUTE, query={"actor": str(ZEBU)})["entries"][0]
    assert newest == {
        "entry_id": newest["entry_id"],
        "timestamp": "2026-11-24T06:31:00Z",
        "action": "subscription.paused",
        "subject_kind": "subscription",
        "subject_id": made.terms.subscription_id,
        "mode": "live",
        "partner_id": str(ZEBU),
        "actor": str(ZEBU),
        "request_id": paused.headers["x-request-id"],
        "changed_fields": ["status"],
    }


def test_the_trail_is_narrowed_by_partner_actor_and_time(admin: Asking, house: House) -> None:
    by_admin = house.app._wiring.get(Stamping).changed_by(ADMIN)
    whole = admin.good(ROUTE, query={"limit": "100"})
    assert whole["limit"] == 100
    assert whole["next_cursor"] is None
    of_zebu = [each for each in whole["entries"] if each["partner_id"] == str(ZEBU)]
    for query, wanted in (
        ({"partner_id": str(ZEBU)}, of_zebu),
        ({"actor": by_admin}, whole["entries"]),
        ({"actor": "system:billing"}, []),
        ({"partner_id": str(ZEBU), "actor": by_admin}, of_zebu),
        ({"from": "2026-11-24T06:30:00Z"}, whole["entries"]),
        ({"from": "2026-11-24T12:00:00+05:30", "to": "2026-11-24T06:30:00.000001Z"}, whole["entries"]),
        ({"to": "2026-11-24T06:30:00Z"}, []),
    ):
        assert admin.good(ROUTE, query=query)["entries"] == wanted, query
    assert len(of_zebu) == 2


def test_pages_lead_on_by_their_cursor(admin: Asking) -> None:
    whole = admin.good(ROUTE, query={"limit": "100"})["entries"]
    walked: list[Any] = []
    query = {"limit": "3"}
    while True:
        page = admin.good(ROUTE, query=query)
        walked += page["entries"]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert walked == whole
    other = admin.ask(ROUTE, query={"cursor": query["cursor"], "partner_id": str(ZEBU)})
    assert refusal_of(other) == invalid("cursor", "is not a position of this list")


_NO_INSTANT = "must be an instant such as 2026-11-24T06:30:00Z"


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"from": "yesterday"}, invalid("from", _NO_INSTANT)),
        ({"from": "2026-11-24"}, invalid("from", _NO_INSTANT)),
        ({"from": "2026-11-24T06:30:00"}, invalid("from", _NO_INSTANT)),
        ({"to": "2026-02-30T06:30:00Z"}, invalid("to", _NO_INSTANT)),
        ({"to": "0001-01-01T00:00:00+05:30"}, invalid("to", _NO_INSTANT)),
        ({"to": "9999-12-31T23:59:59Z"}, invalid("to", _NO_INSTANT)),
        ({"from": "2026-11-24T06:30:00Z", "to": "2026-11-24T06:30:00Z"}, invalid("from", "must be before `to`")),
        ({"from": "2025-01-01T00:00:00Z"}, invalid("from", "must be at most 400 days before `to`")),
        ({"partner_id": "zebu"}, invalid("partner_id", "must be a partner id such as partner_zebu_live")),
        (
            {"actor": "anita@example.com"},
            invalid("actor", "must be a partner's id, or system:, user: or admin: and what follows it"),
        ),
        ({"limit": "101"}, invalid("limit", "must be from 1 to 100")),
        (
            {"offset": "1"},
            invalid("query", "has a parameter that is not one of partner_id, actor, from, to, limit, cursor"),
        ),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(admin: Asking, query: dict[str, str], refused: Any) -> None:
    assert refusal_of(admin.ask(ROUTE, query=query)) == refused


@pytest.mark.parametrize("when", ["2000-01-01T00:00:00Z", "2099-12-31T23:59:59.999999Z", "2099-12-31T23:59:59-23:59"])
def test_the_ends_of_time_are_answered_or_refused_and_no_fault(admin: Asking, when: str) -> None:
    for query in ({"from": when}, {"to": when}):
        assert admin.ask(ROUTE, query=query).status in (200, 400)


def test_nobody_but_an_admin_reads_it(face: Face, house: House) -> None:
    for headers, status in (
        ({}, 401),
        (partner_headers(house), 401),
        (Asking.user(face, house, ANITA).headers, 403),
    ):
        assert Asking(face, headers).ask(ROUTE).status == status
