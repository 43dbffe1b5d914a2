"""A pass over every record, by a scan of the table."""

from collections.abc import Iterator

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.money import read_charge, read_ledger_item
from quantleap.adapters.store.records.subscriptions import (
    read_allocation,
    read_allocation_copy,
    read_location,
    read_subscription,
)
from quantleap.adapters.store.records.templates import SUBSCRIBER_COUNT
from quantleap.adapters.store.records.values import Reading
from quantleap.adapters.store.repositories.counters import LIVE_SUBSCRIPTIONS
from quantleap.adapters.store.seam import Engine, Item
from quantleap.domain.errors import QuantleapError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.ports.verification import (
    BasketCount,
    LiveHolder,
    LiveMarker,
    PartnerCount,
    PostedMarker,
    Record,
    StoredAllocation,
    StoredCharge,
    Unreadable,
)


class ScannedStore:
    """See `quantleap.ports.verification.WholeStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def records(self) -> Iterator[Record]:
        """The pages of a scan."""
        page = self._engine.scan()
        while True:
            for item in page.items:
                record = _read(item)
                if record is not None:
                    yield record
            if page.next is None:
                return
            page = self._engine.scan(page.next)


def _read(item: Item) -> Record | None:
    try:
        return _read_entity(item, Reading(item).text("entity_type"))
    except QuantleapError as error:
        return Unreadable(error)


def _read_entity(item: Item, entity_type: str) -> Record | None:  # noqa: C901, PLR0911 - one case an entity
    reading = Reading(item)
    partition = reading.text("user_id")
    mode = Mode.TEST if partition.startswith(keys.TEST_PREFIX) else Mode.LIVE
    match entity_type:
        case "SUBSCRIPTION":
            subscription = read_subscription(item)
            terms = subscription.terms
            return LiveHolder(
                _holder(terms.mode, terms.user, terms.basket_id), subscription, read_allocation_copy(item)
            )
        case "SUBSCRIPTION_LOCATION":
            subscription_id = keys.without_mode(partition).removeprefix("SUBSCRIPTION_ID#")
            return read_location(mode, subscription_id, item)
        case "LIVE_SUBSCRIPTION":
            return LiveMarker(f"{partition} {reading.text('sort_key')}", reading.text("live_subscription"))
        case "BASKET_ALLOCATION":
            basket_id = reading.text("sort_key").removeprefix("BASKET_ALLOCATION#")
            user = Email.trusted(keys.without_mode(partition))
            return StoredAllocation(_holder(mode, user, basket_id), read_allocation(item))
        case "POSTED_TRANSACTION":
            return PostedMarker(partition.removeprefix("TRANSACTION#"))
        case "CHARGE":
            return StoredCharge(mode, read_charge(item))
        case "LEDGER":
            return read_ledger_item(item)
        case "PARTNER_COUNTERS":
            return PartnerCount(PartnerId.parse(reading.text("partner")), reading.number(LIVE_SUBSCRIPTIONS))
        case "BASKET":
            basket_id = reading.text("sort_key").removeprefix("BASKET#")
            return BasketCount(basket_id, reading.number(SUBSCRIBER_COUNT))
    return None


def _holder(mode: Mode, user: Email, basket_id: str) -> str:
    key = keys.live_marker(mode, user, basket_id)
    return f"{key.partition} {key.sort}"
