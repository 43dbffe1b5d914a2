"""The same story, told to each face over a house of its own, is answered alike: status, body and contract headers."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
from attrs import frozen
from tests.integration.api.faces import FACES, Answered, Face, partner_headers, token_headers
from tests.integration.application.house import ADMIN, ANITA, CONDOR, KITE, STRADDLE, ZEBU, House

PARTNER = "/partner/subscriptions"
USER = "/options/user/subscriptions"
SUBSCRIBE = "/partner/marketplace/subscribe"


@frozen
class Told:
    """A face over a house."""

    house: House
    face: Face

    def ask(self, headers: dict[str, str], method: str, path: str, json: object = None, **more: str) -> Answered:
        """The answer; `more` are further headers, `_` in their names for `-`."""
        further = {name.replace("_", "-"): value for name, value in more.items()}
        return self.face.ask(method, path, headers={**headers, **further}, json=json)

    def later(self, span: timedelta) -> None:
        """Time passes."""
        self.house.clock.move_to(self.house.clock.now() + span)


Story = Callable[[Told], Iterator[Answered]]


def told_by(name: str, story: Story, folder: Path) -> list[tuple[int, str, dict[str, str]]]:
    """All that the face answers. Stores in one folder have the same keys, so that the pseudonyms in them are alike."""
    for kept in [*folder.glob("*.keys")][:1]:
        copy(kept, folder / f"{name}.db.keys")
    house = House.furnished(f"sqlite:///{folder}/{name}.db")
    with house.app, closing(FACES[name](house.app)) as face:
        return [(each.status, each.text, each.contract_headers) for each in story(Told(house, face))]


def a_partner_s(told: Told) -> Iterator[Answered]:
    """Subscribe, look, pause, be refused, resume, cancel."""
    zebu, kite = partner_headers(told.house), partner_headers(told.house, KITE)
    body = {"user_email": "anita@example.com", "basket_id": CONDOR, "broker_account_id": "ZB1"}
    yield told.ask(zebu, "GET", "/partner/marketplace/templates?category=neutral")
    made = told.ask(zebu, "POST", SUBSCRIBE, body, Idempotency_Key="first")
    yield made
    yield told.ask(zebu, "POST", SUBSCRIBE, body, Idempotency_Key="first")
    yield told.ask(zebu, "POST", SUBSCRIBE, {**body, "broker_account_id": "ZB2"}, Idempotency_Key="first")
    yield told.ask(zebu, "POST", SUBSCRIBE, body)
    yield told.ask(kite, "POST", SUBSCRIBE, body)
    mine = f"{PARTNER}/{made.json['subscription_id']}"
    for path in ("/pause", "/pause", "/resume", "/resume"):
        told.later(timedelta(seconds=1))
        yield told.ask(zebu, "PUT", f"{mine}{path}")
    yield told.ask(kite, "GET", mine)
    yield told.ask(zebu, "GET", mine)
    yield told.ask(zebu, "GET", f"{PARTNER}?user_email=anita%40example.com&limit=1")
    yield told.ask(zebu, "DELETE", f"{mine}?at_period_end=true")
    yield told.ask(zebu, "DELETE", mine)
    yield told.ask(zebu, "DELETE", mine)
    yield told.ask(zebu, "GET", f"{PARTNER}/sub_zebu_%2e%2e%2f")
    yield told.ask(zebu, "GET", f"{PARTNER}/%ff")


def a_user_s(told: Told) -> Iterator[Answered]:
    """The same with a token, which is of no use on other routes."""
    anita = token_headers(told.house, ANITA.email)
    yield told.ask(anita, "GET", "/options/marketplace/templates")
    made = told.ask(anita, "POST", f"/options/marketplace/subscribe/{STRADDLE}")
    yield made
    mine = f"{USER}/{made.json['subscription']['subscription_id']}"
    yield told.ask(anita, "GET", mine)
    yield told.ask(anita, "PUT", f"{mine}/pause", Idempotency_Key="again")
    yield told.ask(anita, "PUT", f"{mine}/pause", Idempotency_Key="again")
    yield told.ask(anita, "GET", f"{USER}?status=PAUSED")
    yield told.ask(anita, "GET", PARTNER, X_Partner_Secret="sk_zebu_live_nothing")
    yield told.ask(anita, "GET", "/admin/audit")
    yield told.ask(token_headers(told.house, ADMIN.email, is_admin=True), "GET", "/admin/audit")


def a_stranger_s(told: Told) -> Iterator[Answered]:
    """Whatever is presented, it is refused, and so is what once was good."""
    zebu = partner_headers(told.house)
    user = token_headers(told.house, ANITA.email)
    for path in ("/partner/marketplace/templates", "/options/marketplace/templates", "/admin/audit"):
        yield told.ask({}, "GET", path)
        yield told.ask({"Authorization": "Bearer nonsense"}, "GET", path)
        yield told.ask({"Authorization": "Basic nonsense", "X-Partner-Secret": "nonsense"}, "GET", path)
        yield told.ask({**zebu, "X-Partner-Secret": partner_headers(told.house)["X-Partner-Secret"]}, "GET", path)
        yield told.ask({"Authorization": user["Authorization"][:-4] + "AAAA"}, "GET", path)
    issued = told.house.app.partners.issue(ADMIN, ZEBU)
    revoked = {"Authorization": f"Bearer {issued.key.api_key}", "X-Partner-Secret": issued.secret}
    told.house.app.partners.revoke(ADMIN, issued.key.api_key_id)
    yield told.ask(revoked, "GET", PARTNER)
    told.later(timedelta(days=200))
    yield told.ask(zebu, "GET", PARTNER)
    yield told.ask(user, "GET", USER)


def a_busy_partner_s(told: Told) -> Iterator[Answered]:
    """More than a minute's worth at one instant."""
    zebu = partner_headers(told.house)
    for _ in range(62):
        yield told.ask(zebu, "GET", f"{PARTNER}/sub_zebu_00000099")
    told.later(timedelta(seconds=1))
    yield told.ask(zebu, "PUT", f"{PARTNER}/sub_zebu_00000099/pause", {"not": "taken"})


STORIES: dict[str, Story] = {
    "partner": a_partner_s,
    "user": a_user_s,
    "stranger": a_stranger_s,
    "busy partner": a_busy_partner_s,
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_both_faces_answer_alike(story: Story, tmp_path: Path) -> None:
    first, *others = (told_by(name, story, tmp_path) for name in FACES)
    for other in others:
        for position, (mine, theirs) in enumerate(zip(first, other, strict=True)):
            assert mine == theirs, f"answer {position}"


STATUSES = {
    "partner": [200, 201, 201, 400, 409, 409, 200, 400, 200, 400, 403, 200, 200, 400, 200, 400, 404, 404],
    "user": [200, 201, 200, 200, 200, 200, 401, 403, 200],
    "stranger": [401] * 18,
    "busy partner": [404] * 60 + [429, 429, 400],
}


@pytest.mark.parametrize("name", STORIES)
def test_the_stories_go_as_they_should(name: str, tmp_path: Path) -> None:
    """So that they are not alike because nothing works."""
    assert [status for status, _, _ in told_by("server", STORIES[name], tmp_path)] == STATUSES[name]
