"""A basket's item as the marketplace shows it: read without its strategies, and without what reads those."""

import json
from decimal import Decimal
from typing import Any

from quantleap.adapters.store.records.values import Reading, well_formed
from quantleap.adapters.store.seam import Item
from quantleap.adapters.store.table import SUBSCRIBER_COUNT
from quantleap.domain.marketplace.listing import Listing, ListingStatus
from quantleap.domain.marketplace.shown import read_shown
from quantleap.domain.marketplace.template import StrategyTemplate

LISTING_STATUS = "listing_status"


def read_template(item: Item) -> StrategyTemplate:
    """What the marketplace shows: of the strategies only how many there are. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return StrategyTemplate.described(
            read_shown(parsed(reading.text("document"))),
            read_listing(reading),
            strategies_count=len(reading.values("strategy_ids")),
            subscriber_count=reading.number(SUBSCRIBER_COUNT),
            created_at=reading.instant("created_at"),
            updated_at=reading.instant("updated_at"),
        )


def read_listing(reading: Reading) -> Listing:
    """Where the template stands."""
    return Listing(
        status=ListingStatus(reading.text(LISTING_STATUS)),
        marketplace_enabled_at=reading.maybe_instant("marketplace_enabled_at"),
        retired_reason=reading.maybe_text("retired_reason"),
    )


def parsed(document: str) -> Any:
    """A document's text, its numbers exact."""
    return json.loads(document, parse_float=Decimal)
