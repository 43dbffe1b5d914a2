"""The Lambda functions in processes of their own, as Lambda starts them, over a table of DynamoDB Local."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen
from tests.integration.api.functions import BY_ZEBU, by_user, event
from tests.integration.application.house import ADMIN, CONDOR, STRADDLE, ZEBU, sample_catalog
from tests.integration.dynamodb_local import REGION, endpoint, use_dummy_credentials

from quantleap.composition import Application, compose
from quantleap.domain.identifiers import Email
from quantleap.domain.principals import PartnerBackend, User

CHILD = Path(__file__).with_name("cold_child.py")
OF_PARTNER, OF_USER = "/partner/subscriptions/{}", "/options/user/subscriptions/{}"


@frozen
class Asked:
    """A first request of a function: what it is called here, and its event."""

    name: str
    module: str
    event: dict[str, Any]


@frozen
class Table:
    """A table with the sample's marketplace, and subscriptions that nobody has moved yet."""

    url: str
    keys: Path
    subscriptions: Sequence[str]
    own: Sequence[str]

    @classmethod
    def furnished(cls, name: str, folder: Path, subscriptions: int) -> "Table":
        """A new one of that name on DynamoDB Local: by so many users one subscription through zebu and one directly."""
        use_dummy_credentials()
        url, keys = f"dynamodb://{name}?region={REGION}&endpoint={endpoint()}", folder / "keys"
        with compose(url, keys=keys) as app:
            app.authoring.load_catalog(ADMIN, sample_catalog(app))
            app.partners.create(ADMIN, ZEBU)
            made = [_subscribed(app, number) for number in range(subscriptions)]
            own = [_subscribed_directly(app, number) for number in range(subscriptions)]
        return cls(url, keys, made, own)

    @property
    def environment(self) -> dict[str, str]:
        """What the functions are given."""
        return {"QUANTLEAP_STORE": self.url, "QUANTLEAP_KEYS": str(self.keys)}

    def first_requests(self, number: int) -> list[Asked]:
        """A GET and, where the function has one, a pause, of what the user of that number has."""
        partners = OF_PARTNER.format(self.subscriptions[number])
        own = OF_USER.format(self.own[number])
        user, template = by_user(_user(number)), f"/options/marketplace/templates/{CONDOR}"
        return [
            Asked("partner GET", "partner_api_manager", event("GET", partners, BY_ZEBU)),
            Asked("partner pause", "partner_api_manager", event("PUT", f"{partners}/pause", BY_ZEBU)),
            Asked("user GET", "subscription_manager", event("GET", own, user)),
            Asked("user pause", "subscription_manager", event("PUT", f"{own}/pause", user)),
            Asked(
                "marketplace GET",
                "marketplace_manager",
                event("GET", template, user),
            ),
        ]


def _user(number: int) -> User:
    return User(Email(f"user{number}@example.com"))


def _subscribed_directly(app: Application, number: int) -> str:
    return app.subscribing.directly(_user(number), basket_id=STRADDLE).summary.terms.subscription_id


def _subscribed(app: Application, number: int) -> str:
    by = PartnerBackend(ZEBU)
    made = app.subscribing.for_partner(by, user=_user(number).email, basket_id=CONDOR, broker_account_id="AB1234")
    return made.summary.terms.subscription_id


def run(
    module: str,
    events: Sequence[Mapping[str, Any]],
    environment: Mapping[str, str],
    *,
    options: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """A new process that imports that module's `handler` and hands it the events. Its last line is what it tells."""
    ran = subprocess.run(  # noqa: S603 - ours
        [sys.executable, *options, str(CHILD), module],
        input=json.dumps(events),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran


def told(ran: subprocess.CompletedProcess[str]) -> Any:
    """What the process told of itself."""
    return json.loads(ran.stdout.splitlines()[-1])
