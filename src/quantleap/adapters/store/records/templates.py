"""Template baskets, strategies and schedule entries as items.

A basket's and a strategy's content is kept as the text of its catalog document: one schema, read whole or not at all.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import evolve

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.shown_templates import LISTING_STATUS, parsed, read_listing, read_template
from quantleap.adapters.store.records.values import (
    Reading,
    instant_text,
    keyed,
    maybe_instant_text,
    well_formed,
)
from quantleap.adapters.store.seam import Item, Value
from quantleap.domain.canonical import canonical_json
from quantleap.domain.identifiers import Email
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.document import basket_document, read_basket, read_strategy, strategy_document
from quantleap.domain.marketplace.listing import Listing, ListingStatus
from quantleap.domain.marketplace.schedule import ScheduleEntry
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.marketplace.template import TemplateOverview

if TYPE_CHECKING:
    from quantleap.domain.execution.frame import RunTemplate


def basket_item(basket: Basket) -> Item:
    """The basket without its strategies' content. It is in the marketplace's index once it was ever listed."""
    content, listing = basket.content, basket.listing
    return keyed(
        keys.basket(basket.owner, content.basket_id),
        "BASKET",
        {
            "version": basket.version,
            "document": canonical_json(basket_document(evolve(content, strategies=()))),
            "strategy_ids": [strategy.strategy_id for strategy in content.strategies],
            "strategy_digests": [_digest(_document(strategy)) for strategy in content.strategies],
            LISTING_STATUS: listing.status.value,
            "marketplace_category": _shelf(content, listing),
            "marketplace_enabled_at": maybe_instant_text(listing.marketplace_enabled_at),
            "retired_reason": listing.retired_reason,
            "created_at": instant_text(basket.created_at),
            "updated_at": instant_text(basket.updated_at),
        },
    )


def _shelf(content: BasketContent, listing: Listing) -> str | None:
    """The partition of the marketplace's index that the basket is in."""
    if listing.marketplace_enabled_at is None or listing.status is ListingStatus.RETIRED:
        return None
    return keys.marketplace_category(content.category, active=listing.is_enabled)


def read_basket_filing(item: Item) -> Item:
    """The keys that a basket item must have by its own facts. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        content = _content(reading)
        owner = Email.trusted(reading.text("user_id"))
        shelf = _shelf(content, read_listing(reading))
        return keyed(keys.basket(owner, content.basket_id), "BASKET", {"marketplace_category": shelf})


def strategy_ids(item: Item) -> list[str]:
    """The ids of a basket item's strategies, in the author's order."""
    return [str(value) for value in Reading(item).values("strategy_ids")]


def strategy_digests(item: Item) -> dict[str, Value]:
    """By their ids, what `strategy_digest` gives of the strategies that this version of the basket was written with.

    Raises CorruptDataError.
    """
    with well_formed(item):
        return dict(zip(strategy_ids(item), Reading(item).values("strategy_digests"), strict=True))


def strategy_digest(item: Item | None, basket_id: str) -> str | None:
    """The digest of a strategy's content; None where there is no item, or where it is another basket's."""
    if item is None or strategy_basket(item) != basket_id:
        return None
    return _digest(Reading(item).text("document"))


def read_run_template(item: Item, strategies: Sequence[Strategy]) -> "RunTemplate":
    """What runs need of a basket's item, with these of its strategies. Raises CorruptDataError."""
    from quantleap.domain.execution.frame import RunTemplate  # noqa: PLC0415 - runs are for few

    reading = Reading(item)
    with well_formed(item):
        return RunTemplate.described(
            _content(reading), read_listing(reading).status, reading.number("version"), tuple(strategies)
        )


def read_basket_item(item: Item, strategies: Sequence[Strategy]) -> Basket:
    """The basket of an item and its strategies. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return Basket(
            owner=Email.trusted(reading.text("user_id")),
            content=evolve(_content(reading), strategies=tuple(strategies)),
            created_at=reading.instant("created_at"),
            updated_at=reading.instant("updated_at"),
            listing=read_listing(reading),
            version=reading.number("version"),
        )


def read_overview(item: Item) -> TemplateOverview:
    """A basket as its author lists it. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return TemplateOverview(read_template(item), read_listing(reading), reading.number("version"))


def _content(reading: Reading) -> BasketContent:
    return read_basket(parsed(reading.text("document")))


def strategy_item(owner: Email, basket: Basket, strategy: Strategy) -> Item:
    """A strategy, and the version of its basket that wrote it."""
    return keyed(
        keys.strategy(owner, strategy.strategy_id),
        "STRATEGY",
        {
            "version": basket.version,
            "template_basket": basket.basket_id,
            "document": _document(strategy),
        },
    )


def read_strategy_item(item: Item) -> Strategy:
    """The strategy of an item. Raises CorruptDataError."""
    with well_formed(item):
        return read_strategy(parsed(Reading(item).text("document")))


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


def _document(strategy: Strategy) -> str:
    return canonical_json(strategy_document(strategy))


def _digest(document: str) -> str:
    return sha256(document.encode()).hexdigest()
