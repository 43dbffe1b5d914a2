"""The operations by PynamoDB: a model for each of the records, with every attribute typed."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pynamodb.attributes import BooleanAttribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from bench.store_operations import CHARGED_AT, PAGE, PARTITION, STATUS_PREFIX, TABLE
from bench.store_sample import Subscribed
from quantleap.adapters.store.seam import Item
from quantleap.adapters.store.table import PARTNER_SUBSCRIPTIONS
from quantleap.domain.subscriptions.status import LIVE_STATUSES

T = TypeVar("T")


class _Place:
    """The table that all models are in. Its region and endpoint are set before the first request."""

    table_name = TABLE
    region: str
    host: str


class HistoryEntry(MapAttribute[str, Any]):
    """One entry of a subscription's history."""

    status = UnicodeAttribute()
    timestamp = UnicodeAttribute()
    changed_by = UnicodeAttribute()
    request_id = UnicodeAttribute()


class Account(MapAttribute[str, Any]):
    """One broker account."""

    broker = UnicodeAttribute()
    account = UnicodeAttribute()
    priority = NumberAttribute()


class AllocationMap(MapAttribute[str, Any]):
    """The accounts a subscription trades by."""

    mode = UnicodeAttribute()
    accounts = ListAttribute(of=Account)


class PartnerSubscriptions(GlobalSecondaryIndex["Subscription"]):  # type: ignore[no-untyped-call] # as below
    """A partner's subscriptions, by status."""

    class Meta:
        index_name = PARTNER_SUBSCRIPTIONS.name
        projection = IncludeProjection(list(PARTNER_SUBSCRIPTIONS.include or ()))

    partner_id = UnicodeAttribute(hash_key=True)
    subscription_status_date = UnicodeAttribute(range_key=True)


class Record(Model):
    """What every item has."""

    user_id = UnicodeAttribute(hash_key=True)
    sort_key = UnicodeAttribute(range_key=True)
    entity_type = UnicodeAttribute()
    version = NumberAttribute()


class Subscription(Record):
    """A subscription."""

    class Meta(_Place):
        pass

    subscription_id = UnicodeAttribute()
    template_basket_id = UnicodeAttribute()
    template_name = UnicodeAttribute()
    template_owner_id = UnicodeAttribute()
    partner_id = UnicodeAttribute()
    price = UnicodeAttribute()
    commission_bps = NumberAttribute()
    subscribed_at = UnicodeAttribute()
    started_on = UnicodeAttribute()
    multiplier_micros = NumberAttribute()
    auto_renew = BooleanAttribute()
    periods_charged = NumberAttribute()
    charged_at = UnicodeAttribute(null=True)
    parked = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    subscription_status_date = UnicodeAttribute()
    last_status_change_at = UnicodeAttribute()
    status_history = ListAttribute(of=HistoryEntry)
    allocation = AllocationMap()  # type: ignore[no-untyped-call] # PynamoDB leaves it untyped
    of_partner = PartnerSubscriptions()


class Marker(Record):
    """The marker of the live one."""

    class Meta(_Place):
        pass

    live_subscription = UnicodeAttribute()
    live_partner = UnicodeAttribute()


class Location(Record):
    """Where a subscription lives."""

    class Meta(_Place):
        pass

    subscriber = UnicodeAttribute()
    basket = UnicodeAttribute()
    partner = UnicodeAttribute()


class Allocation(Record):
    """A user's accounts for a basket."""

    class Meta(_Place):
        pass

    basket_id = UnicodeAttribute()
    entity_type_priority = UnicodeAttribute()
    allocation = AllocationMap()  # type: ignore[no-untyped-call] # PynamoDB leaves it untyped


class PynamoOperations:
    """Through models: a record is read into one, and made as one to be written."""

    def __init__(self, region: str, endpoint: str, own: Subscribed, to_write: Sequence[Subscribed]) -> None:
        places: tuple[type[_Place], ...] = (Subscription.Meta, Marker.Meta, Location.Meta, Allocation.Meta)
        for place in places:
            place.region, place.host = region, endpoint
        self._connection = Connection(region=region, host=endpoint)
        self._own = own.key
        self._subscription = _made(Subscription, own.subscription)
        self._charged = 0
        self._to_write = iter(to_write)

    def get(self) -> Subscription:
        """See `Operations.get`."""
        return Subscription.get(self._own.partition, self._own.sort, consistent_read=True)

    def page(self) -> list[Subscription]:
        """See `Operations.page`."""
        found = Subscription.of_partner.query(
            PARTITION,
            Subscription.subscription_status_date.startswith(STATUS_PREFIX),
            scan_index_forward=False,
            limit=PAGE,
            page_size=PAGE,
        )
        return list(found)

    def update(self) -> Subscription:
        """See `Operations.update`."""
        charged, self._charged = self._charged, self._charged + 1
        self._subscription.update(
            [
                Subscription.periods_charged.set(charged + 1),
                Subscription.charged_at.set(CHARGED_AT),
                Subscription.version.set(Subscription.version + 1),
            ],
            Subscription.status.is_in(*LIVE_STATUSES)
            & Subscription.parked.does_not_exist()
            & (Subscription.periods_charged == charged),
        )
        return self._subscription

    def transact(self) -> None:
        """See `Operations.transact`."""
        new = next(self._to_write)
        with TransactWrite(connection=self._connection) as transaction:
            for record in (
                _made(Marker, new.marker),
                _made(Subscription, new.subscription),
                _made(Location, new.location),
            ):
                transaction.save(record, Record.user_id.does_not_exist(), return_values="ALL_OLD")
            transaction.save(_made(Allocation, new.allocation))

    def plain(self, record: object) -> Item:
        """The model's own plain form."""
        assert isinstance(record, Model)
        return record.to_simple_dict()


def _made(kind: Callable[..., T], item: Item) -> T:
    """A record's plain values are what its model takes by name."""
    return kind(**item)
