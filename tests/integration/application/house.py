"""A whole application in a world that stands still: its clock is driven, its names and secrets are counted."""

import json
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any, TypeVar

from attrs import field, frozen
from tests.integration.contracts.stores import KEYS, everything, store_over

from quantleap.composition import Application, DrivenClock, World, compose
from quantleap.domain.errors import QuantleapError
from quantleap.domain.identifiers import DIRECT_SLUG, Email, Mode, PartnerId
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.principals import Admin, PartnerBackend, System, User
from quantleap.domain.subscriptions.events import SubscriptionEvent
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.system import Staleness

T = TypeVar("T")

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
"""Noon in India on a Tuesday that is a trading day and no expiry."""

ADMIN = Admin(Email("admin@quantleap.in"))
BILLING = System("billing")
TEST_BILLING = System("billing", Mode.TEST)
ANITA, BALA = User(Email("anita@example.com")), User(Email("bala@example.com"))
ZEBU, KITE = PartnerId("zebu", Mode.LIVE), PartnerId("kite", Mode.LIVE)
ZEBU_TEST = PartnerId("zebu", Mode.TEST)

CONDOR = "basket_admin_8f3e2a1b"
"""The sample catalog's iron condor: 999.00 a month, NIFTY, every weekday at 09:20, lots 2, 3, 1, 2."""
STRADDLE = "basket_admin_2c91d7e4"

_ALPHANUMERICS = string.ascii_uppercase + string.ascii_lowercase + string.digits


@frozen
class CountedIdentifiers:
    """See `quantleap.ports.system.Identifiers`: 1, 2, 3."""

    _numbers: "count[int]" = field(factory=lambda: count(1))

    def subscription_id(self, partner: PartnerId | None) -> str:
        """`sub_zebu_00000001`."""
        return f"sub_{DIRECT_SLUG if partner is None else partner.slug}_{next(self._numbers):08d}"

    def api_key_id(self) -> str:
        """`key_00000001`."""
        return f"key_{next(self._numbers):08d}"

    def request_id(self) -> str:
        """`req_000000000001`."""
        return f"req_{next(self._numbers):012x}"


@frozen
class CountedChance:
    """See `quantleap.ports.system.Chance`: the same in every run, and no two alike in one."""

    _numbers: "count[int]" = field(factory=lambda: count(1))

    def alphanumerics(self, count: int) -> str:
        """Characters of the hash of a number."""
        digest = sha256(str(next(self._numbers)).encode()).digest() * 2
        return "".join(_ALPHANUMERICS[byte % len(_ALPHANUMERICS)] for byte in digest[:count])


@frozen
class Impatience:
    """See `quantleap.ports.system.Waiting`: no time passes."""

    def wait(self, span: timedelta) -> None:
        """Return at once."""


def sample_catalog(app: Application) -> dict[str, Any]:
    """A fresh copy of the document that ships with the package."""
    document: dict[str, Any] = json.loads(app.reference_data.sample_catalog(), parse_float=Decimal)
    return document


@frozen
class House:
    """An application, the clock that drives it, and the partners' servers that may call it."""

    app: Application
    clock: DrivenClock

    @classmethod
    def over(cls, url: str, *, start: datetime = NOON, staleness: timedelta = timedelta(0)) -> "House":
        """An empty one. `staleness` is for how long what many share is given again without reading it."""
        clock = DrivenClock(start)
        world = World(clock, CountedIdentifiers(), CountedChance(), Impatience(), Staleness(staleness))
        return cls(compose(url, world=world, keys=KEYS), clock)

    @classmethod
    def furnished(cls, url: str, *, start: datetime = NOON, staleness: timedelta = timedelta(0)) -> "House":
        """With the sample catalog on the marketplace, and the partners zebu (live and test) and kite."""
        house = cls.over(url, start=start, staleness=staleness)
        house.app.authoring.load_catalog(ADMIN, sample_catalog(house.app))
        for partner_id in (ZEBU, KITE, ZEBU_TEST):
            house.app.partners.create(ADMIN, partner_id)
        return house

    def subscribed(
        self, user: User = ANITA, basket_id: str = CONDOR, *, by: PartnerBackend | User | None = None
    ) -> Subscription:
        """A new subscription, by zebu's live server unless said otherwise; a user subscribes directly."""
        by = PartnerBackend(ZEBU) if by is None else by
        if isinstance(by, User):
            return self.app.subscribing.directly(by, basket_id=basket_id)
        return self.app.subscribing.for_partner(by, user=user.email, basket_id=basket_id, broker_account_id="AB1234")

    def items(self) -> list[dict[str, Any]]:
        """All that is stored."""
        return list(everything(self.app._engine))

    def events(self) -> list[SubscriptionEvent]:
        """All that the feed tells, from its beginning."""
        return list(store_over(self.app._engine).subscriptions.events(None, 10**6).events)

    def first_key(self, partner_id: PartnerId = ZEBU) -> ApiKey:
        """The key pair that the partner was created with."""
        return self.app.partners.keys(ADMIN, partner_id)[0]


def refusal(call: Callable[[], object]) -> QuantleapError | None:
    """What the call is refused with, if it is."""
    try:
        call()
    except QuantleapError as error:
        return error
    return None


def outcome(call: Callable[[], T]) -> T | tuple[str, str, object]:
    """What the call answers; a refusal by its name, its sentence and its details."""
    try:
        return call()
    except QuantleapError as error:
        return type(error).__name__, str(error), dict(error.details())
