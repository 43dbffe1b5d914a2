"""A story in which every route is asked once: what is sent and answered are the examples of the API's description.

`python -m tests.integration.api.example_story` writes them anew.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import field, frozen
from tests.integration.api.asking import ROUTE, Asking
from tests.integration.api.faces import Face, ServerFace
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    CONDOR,
    NOON,
    ZEBU,
    CountedIdentifiers,
    House,
    Impatience,
    sample_catalog,
)

from quantleap.composition import DrivenClock, World, compose
from quantleap.entrypoints.api.openapi import examples
from quantleap.entrypoints.exact_json import json_text
from quantleap.ports.system import Staleness

FILE = Path(examples.__file__).with_name("examples.json")

DRAFT = "basket_admin_draft"
SUBSCRIBED = {
    "user_email": "asha@example.com",
    "basket_id": CONDOR,
    "broker_account_id": "ZB1001",
    "custom_lot_multiplier": Decimal("1.5"),
    "metadata": {"campaign": "diwali"},
}
DIRECT = {"broker_id": "zebu", "broker_account_id": "ZB2002"}
ACCOUNTS = {
    "mode": "split",
    "accounts": [
        {"broker_id": "zebu", "broker_account_id": "ZB2002", "priority": 0, "weight": 2},
        {"broker_id": "kite", "broker_account_id": "KT3003", "priority": 1, "weight": 1, "cap_units": 4},
    ],
}


@frozen
class PlainChance:
    """See `quantleap.ports.system.Chance`: what nobody takes for a secret."""

    _numbers: "count[int]" = field(factory=lambda: count(1))

    def alphanumerics(self, count: int) -> str:
        """`EXAMPLE0001EXAMPLE0001EX`."""
        return (f"EXAMPLE{next(self._numbers):04d}" * count)[:count]


@frozen
class Story:
    """What was asked so far: by the route's name, `path`, `body` and `answer`."""

    house: House
    face: Face
    told: dict[str, dict[str, Any]] = field(factory=dict)

    def ask(
        self, by: Asking, name: str, *, query: Mapping[str, str] | None = None, body: Any = None, **path: str
    ) -> Any:
        """Ask a route a minute later; gives the answer."""
        self.house.clock.move_to(self.house.clock.now() + timedelta(minutes=1))
        answer = by.good(name, query=query or {}, json=body, **path)
        assert name not in self.told
        parts = {"path": path, "body": body, "answer": answer}
        self.told[name] = {part: value for part, value in parts.items() if value}
        return answer


@contextmanager
def _house() -> Iterator[House]:
    """One whose clock, names, secrets and keys are the same whenever the story is told."""
    clock = DrivenClock(NOON)
    world = World(clock, CountedIdentifiers(), PlainChance(), Impatience(), Staleness(timedelta(0)))
    with TemporaryDirectory() as folder:
        keys = Path(folder, "story.db.keys")
        keys.touch(mode=0o600)
        keys.write_text(json.dumps({purpose: {"1": "0" * 64} for purpose in ("hash", "pseudonym")}), encoding="utf-8")
        with compose(f"sqlite:///{folder}/story.db", world=world) as app:
            yield House(app, clock)


def told() -> dict[str, dict[str, Any]]:
    """The examples, in the order of the routes."""
    with _house() as house, closing(ServerFace(house.app)) as face:
        house.app.authoring.load_catalog(ADMIN, sample_catalog(house.app))
        story = Story(house, face)
        _of_partners(story)
        _of_a_partner(story)
        _of_a_user(story)
        _of_baskets(story)
        _of_listings(story)
        house.app.auditing.follow()
        story.ask(Asking.admin(face, house), "adminListAudit", query={"limit": "3"})
        return {name: story.told[name] for name in ROUTE}


def _of_partners(story: Story) -> None:
    admin = Asking.admin(story.face, story.house)
    new = {"partner": "zebu", "mode": "live", "display_name": "Zebu", "commission_bps": 3000}
    made = story.ask(admin, "adminCreatePartner", body=new)
    partner_id, first = made["partner_id"], made["api_key_id"]
    story.ask(admin, "adminRevisePartner", body={"rate_limit": 120, "version": 1}, partner_id=partner_id)
    story.ask(admin, "adminGetPartner", partner_id=partner_id)
    story.ask(admin, "adminListPartners")
    reading = {"partner_id": partner_id, "permissions": ["marketplace:read", "subscriptions:read"], "lifetime_days": 90}
    further = story.ask(admin, "adminCreateApiKey", body=reading)["api_key_id"]
    story.ask(admin, "adminPermitApiKey", body={"permissions": ["marketplace:read"]}, api_key_id=further)
    story.ask(admin, "adminRevokeApiKey", api_key_id=further)
    story.ask(admin, "adminRotateApiKey", body={"overlap_days": 14}, api_key_id=first)
    story.ask(admin, "adminGetApiKey", api_key_id=first)
    story.ask(admin, "adminListApiKeys", query={"partner_id": partner_id})


def _of_a_partner(story: Story) -> None:
    partner = Asking.partner(story.face, story.house, ZEBU)
    story.ask(partner, "partnerListTemplates", query={"category": "neutral"})
    made = story.ask(partner, "partnerSubscribe", body=SUBSCRIBED)
    subscription_id = made["subscription_id"]
    story.ask(partner, "partnerListSubscriptions", query={"user_email": made["user_email"]})
    story.ask(partner, "partnerPauseSubscription", subscription_id=subscription_id)
    story.ask(partner, "partnerResumeSubscription", subscription_id=subscription_id)
    story.ask(partner, "partnerGetSubscription", subscription_id=subscription_id)
    story.ask(partner, "partnerCancelSubscription", subscription_id=subscription_id)


def _of_a_user(story: Story) -> None:
    anita = Asking.user(story.face, story.house, ANITA)
    story.ask(anita, "userListTemplates", query={"index_symbol": "BANKNIFTY"})
    story.ask(anita, "userGetTemplate", basket_id=CONDOR)
    made = story.ask(anita, "userSubscribe", body=DIRECT, basket_id=CONDOR)["subscription"]
    subscription_id = made["subscription_id"]
    story.ask(anita, "userListSubscriptions")
    story.ask(anita, "putAllocation", body=ACCOUNTS, basket_id=CONDOR)
    story.ask(anita, "getAllocation", basket_id=CONDOR)
    story.ask(anita, "previewAllocation", basket_id=CONDOR)
    story.ask(anita, "deleteAllocation", basket_id=CONDOR)
    story.ask(anita, "userPauseSubscription", subscription_id=subscription_id)
    story.ask(anita, "userResumeSubscription", subscription_id=subscription_id)
    story.ask(anita, "userGetSubscription", subscription_id=subscription_id)
    story.ask(anita, "userCancelSubscription", subscription_id=subscription_id)


def _of_baskets(story: Story) -> None:
    admin = Asking.admin(story.face, story.house)
    [condor] = [each for each in sample_catalog(story.house.app)["templates"] if each["basket_id"] == CONDOR]
    [strategy] = condor["strategies"]
    afternoon = {**strategy, "strategy_id": "strat_afternoon", "strategy_name": "Afternoon", "entry_time": "13:20"}
    story.ask(admin, "adminCreateBasket", body={**condor, "basket_id": DRAFT, "strategies": []})
    story.ask(admin, "adminDeleteBasket", basket_id=DRAFT)
    doubled = {**strategy, "legs": [{**leg, "lots": 2 * leg["lots"]} for leg in strategy["legs"]]}
    story.ask(admin, "adminPreviewEdit", body={**condor, "strategies": [doubled]}, basket_id=CONDOR)
    story.ask(admin, "adminEditBasket", body={**condor, "strategies": [doubled], "version": 2}, basket_id=CONDOR)
    story.ask(admin, "adminGetBasket", basket_id=CONDOR)
    story.ask(admin, "adminListBaskets", query={"limit": "1"})
    of_it = {"basket_id": CONDOR, "strategy_id": afternoon["strategy_id"]}
    story.ask(admin, "adminAddStrategy", body=afternoon, basket_id=CONDOR)
    story.ask(admin, "adminReplaceStrategy", body={**afternoon, "entry_time": "13:30"}, **of_it)
    story.ask(admin, "adminGetStrategy", **of_it)
    story.ask(admin, "adminListStrategies", basket_id=CONDOR)
    story.ask(admin, "adminRemoveStrategy", **of_it)


def _of_listings(story: Story) -> None:
    admin = Asking.admin(story.face, story.house)
    story.ask(admin, "adminReviseListing", body={"subscription_price": "1099.00"}, basket_id=CONDOR)
    story.ask(admin, "adminDisableListing", basket_id=CONDOR)
    story.ask(admin, "adminEnableListing", basket_id=CONDOR)
    story.ask(admin, "adminListTemplates", query={"limit": "1"})


def text() -> str:
    """The file that holds them."""
    return f"{json_text(told())}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
