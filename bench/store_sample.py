"""What the store's benches write and read: subscribers of one template, through one partner, as records."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from attrs import frozen

from quantleap.adapters.store.records.allocations import allocation_item
from quantleap.adapters.store.records.subscriptions import location_item, marker_item, subscription_item
from quantleap.adapters.store.seam import Engine, Item, Key, Put
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.terms import Options, Terms
from quantleap.ports.subscriptions import SubscriptionAddress, SubscriptionLocation

PARTNER = PartnerId("zebu", Mode.LIVE)
BASKET_ID = "basket-iron-condor"
SINCE = datetime(2026, 1, 30, 4, tzinfo=UTC)

_LOADED_AT_ONCE = 100


@frozen
class Subscribed:
    """What one subscribing writes, in the order of its transaction."""

    marker: Item
    subscription: Item
    location: Item
    allocation: Item

    @property
    def key(self) -> Key:
        """Where the subscription is."""
        return key_of(self.subscription)

    @property
    def items(self) -> tuple[Item, Item, Item, Item]:
        """All four."""
        return self.marker, self.subscription, self.location, self.allocation


def key_of(item: Item) -> Key:
    """Where an item is."""
    return Key(str(item[PARTITION_KEY]), str(item[SORT_KEY]))


def subscribed(name: str) -> Subscribed:
    """A subscriber of that name, with one broker account. The subscription's id is as long as those in use."""
    user, allocation = Email(f"{name}@example.com"), Allocation.single("zebu", f"ZB{name.upper()}")
    terms = Terms(
        subscription_id=f"sub_zebu_{name:0>32}",
        user=user,
        basket_id=BASKET_ID,
        basket_name="Iron condor",
        owner=Email("admin@quantleap.in"),
        partner_id=PARTNER,
        price=Money(99_900, "INR"),
        commission_rate=Rate(3000),
        subscribed_at=SINCE,
        started_on=date(2026, 1, 30),
    )
    stamp = Stamp(SINCE, "user_7f3a", "req_0190a3f2c4d5")
    location = SubscriptionLocation(
        SubscriptionAddress(Mode.LIVE, user, terms.subscription_id), BASKET_ID, terms.partner_id
    )
    return Subscribed(
        marker_item(location),
        subscription_item(Subscription.begin(terms, Options(), stamp), allocation),
        location_item(location),
        allocation_item(Mode.LIVE, user, BASKET_ID, allocation),
    )


def many_subscribed(prefix: str, count: int) -> Iterator[Subscribed]:
    """That many, whose names begin alike and are of one length."""
    return (subscribed(f"{prefix}{number:06d}") for number in range(count))


def load(engine: Engine, items: list[Item]) -> None:
    """Write items that are not there yet."""
    for begin in range(0, len(items), _LOADED_AT_ONCE):
        engine.transact([Put(item) for item in items[begin : begin + _LOADED_AT_ONCE]])
