"""Template baskets, strategies and schedule entries as items.

A basket's and a strategy's content is kept as the text of its catalog document: one schema, read whole or not at all.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from attrs import evolve

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import (
    Reading,
    instant_text,
    keyed,
    maybe_instant_text,
    well_formed,
)
from quantleap.adapters.store.seam import Item
from quantleap.domain.canonical import canonical_json
from quantleap.domain.identifiers import Email
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.document import basket_document, read_basket, read_strategy, strategy_document
from quantleap.domain.marketplace.listing import Listing, ListingStatus
from quantleap.domain.marketplace.schedule import ScheduleEntry
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.marketplace.template import StrategyTemplate

SUBSCRIBER_COUNT = "subscriber_count"
"""Follows the change feed; saving a basket never writes it."""


def basket_item(basket: Basket) -> Item:
    """The basket without its strategies' content. It is in the marketplace's index once it was ever listed."""
    content, listing = basket.content, basket.listing
    shelved = listing.marketplace_enabled_at is not None and listing.status is not ListingStatus.RETIRED
    category = keys.marketplace_category(content.category, active=listing.is_enabled)
    return keyed(
        keys.basket(basket.owner, content.basket_id),
        "BASKET",
        {
            "version": basket.version,
            "document": canonical_json(basket_document(evolve(content, strategies=()))),
            "strategy_ids": [strategy.strategy_id for strategy in content.strategies],
            "listing_status": listing.status.value,
            "marketplace_category": category if shelved else None,
            "marketplace_enabled_at": maybe_instant_text(listing.marketplace_enabled_at),
            "retired_reason": listing.retired_reason,
            "created_at": instant_text(basket.created_at),
            "updated_at": instant_text(basket.updated_at),
        },
    )


def strategy_ids(item: Item) -> list[str]:
    """The ids of a basket item's strategies, in the author's order."""
    return [str(value) for value in Reading(item).values("strategy_ids")]


def read_basket_item(item: Item, strategies: Sequence[Strategy]) -> Basket:
    """The basket of an item and its strategies. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return Basket(
            owner=Email.trusted(reading.text("user_id")),
            content=evolve(_content(reading), strategies=tuple(strategies)),
            created_at=reading.instant("created_at"),
            updated_at=reading.instant("updated_at"),
            listing=_read_listing(reading),
            version=reading.number("version"),
        )


def read_template(item: Item) -> StrategyTemplate:
    """What the marketplace shows, without reading the strategies: only how many there are. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return StrategyTemplate.described(
            _content(reading),
            _read_listing(reading),
            strategies_count=len(reading.values("strategy_ids")),
            subscriber_count=reading.number(SUBSCRIBER_COUNT),
            created_at=reading.instant("created_at"),
            updated_at=reading.instant("updated_at"),
        )


def _read_listing(reading: Reading) -> Listing:
    return Listing(
        status=ListingStatus(reading.text("listing_status")),
        marketplace_enabled_at=reading.maybe_instant("marketplace_enabled_at"),
        retired_reason=reading.maybe_text("retired_reason"),
    )


def _content(reading: Reading) -> BasketContent:
    return read_basket(_parsed(reading.text("document")))


def strategy_item(owner: Email, basket: Basket, strategy: Strategy) -> Item:
    """A strategy, and the version of its basket that wrote it."""
    return keyed(
        keys.strategy(owner, strategy.strategy_id),
        "STRATEGY",
        {
            "version": basket.version,
            "template_basket": basket.basket_id,
            "document": canonical_json(strategy_document(strategy)),
        },
    )


def read_strategy_item(item: Item) -> Strategy:
    """The strategy of an item. Raises CorruptDataError."""
    with well_formed(item):
        return read_strategy(_parsed(Reading(item).text("document")))


def strategy_basket(item: Item) -> str:
    """The id of the basket that a strategy's item belongs to."""
    return Reading(item).text("template_basket")


def schedule_item(owner: Email, basket_id: str, strategy: Strategy, entry: ScheduleEntry) -> Item:
    """One entry of a strategy's schedule, found by owner, weekday and minute."""
    key = keys.schedule_entry(owner, entry)
    return keyed(
        key,
        "SCHEDULE",
        {
            "version": 1,
            "schedule_key": key.sort,
            "strategy_id": strategy.strategy_id,
            "template_basket": basket_id,
            "status": strategy.status.value,
        },
    )


def _parsed(document: str) -> Any:
    return json.loads(document, parse_float=Decimal)
