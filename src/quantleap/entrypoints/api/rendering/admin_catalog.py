"""Template baskets, their strategies and listings as an admin sees them: whole, and by the catalog's own schema."""

from typing import Any

from quantleap.application.authoring import AuthoredStrategy
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.document import basket_document, strategy_document
from quantleap.domain.marketplace.listing import Listing, ListingStatus
from quantleap.domain.marketplace.shown import LISTING_FIELDS
from quantleap.domain.marketplace.template import TemplateOverview
from quantleap.entrypoints.api.listing import Listed
from quantleap.entrypoints.api.rendering.templates import template_document

_DONE = {
    ListingStatus.LISTED: "Marketplace listing enabled successfully",
    ListingStatus.TAKEN_OFF: "Marketplace listing disabled successfully",
}


def basket(found: Basket) -> dict[str, Any]:
    """The whole basket: its document, its version and where it stands."""
    return {**_content(found), **_standing(found.listing), **_versioned(found)}


def deleted(gone: Basket) -> dict[str, Any]:
    """That a basket is gone."""
    return {"message": "Basket deleted successfully", "basket_id": gone.basket_id}


def overviews(listed: Listed[TemplateOverview]) -> dict[str, Any]:
    """A page of baskets without their strategies."""
    return listed.document("baskets", [_overview(each) for each in listed.page.entries])


# Strategies


def strategies(found: Basket) -> dict[str, Any]:
    """Every strategy of a basket, in the author's order."""
    return {
        "basket_id": found.basket_id,
        "version": found.version,
        "strategies": [strategy_document(strategy) for strategy in found.strategies],
    }


def strategy(found: AuthoredStrategy) -> dict[str, Any]:
    """One strategy, and the basket and version that it is of."""
    return {**strategy_document(found.strategy), "basket_id": found.basket_id, "version": found.version}


def strategy_removed(gone: AuthoredStrategy) -> dict[str, Any]:
    """That a strategy is gone, and the version of the basket without it."""
    return {
        "message": "Strategy removed successfully",
        "basket_id": gone.basket_id,
        "strategy_id": gone.strategy.strategy_id,
        "version": gone.version,
    }


# Listings


def listings(listed: Listed[TemplateOverview]) -> dict[str, Any]:
    """A page of what is or was on the marketplace."""
    return listed.document("templates", [_overview(each) for each in listed.page.entries])


def listing(found: Basket) -> dict[str, Any]:
    """What the marketplace shows of a basket, and where it stands."""
    shown = {name: value for name, value in _content(found).items() if name in LISTING_FIELDS}
    return {"basket_id": found.basket_id, **shown, **_standing(found.listing), **_versioned(found)}


def listing_moved(found: Basket) -> dict[str, Any]:
    """That a listing was enabled or disabled."""
    return {"message": _DONE[found.listing.status], **listing(found)}


def _overview(found: TemplateOverview) -> dict[str, Any]:
    return {**template_document(found.template), **_standing(found.listing), "version": found.version}


def _content(found: Basket) -> dict[str, Any]:
    """The catalog's document, amounts as exact numbers."""
    content = found.content
    document = {**basket_document(content), "subscription_price": content.subscription_price.major_decimal()}
    if content.total_capital_required is not None:
        document["total_capital_required"] = content.total_capital_required.major_decimal()
    return document


def _standing(listing: Listing) -> dict[str, Any]:
    document = {
        "listing_status": listing.status,
        "is_marketplace_enabled": listing.is_enabled,
        "marketplace_enabled_at": listing.marketplace_enabled_at,
        "retired_reason": listing.retired_reason,
    }
    return {name: value for name, value in document.items() if value is not None}


def _versioned(found: Basket) -> dict[str, Any]:
    return {"version": found.version, "created_at": found.created_at, "updated_at": found.updated_at}
