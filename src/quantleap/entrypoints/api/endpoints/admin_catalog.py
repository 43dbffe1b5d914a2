"""Template baskets, their strategies and listings, as an admin authors them."""

from typing import TYPE_CHECKING

from quantleap.domain.errors import InvalidInputError
from quantleap.entrypoints.api.listing import Listed, list_request
from quantleap.entrypoints.api.request import Call
from quantleap.entrypoints.api.routes.filters import OfferedStatus

if TYPE_CHECKING:
    from quantleap.application.authoring import AuthoredStrategy
    from quantleap.application.previewing import EditPreview
    from quantleap.composition import Application
    from quantleap.domain.marketplace.basket import Basket
    from quantleap.domain.marketplace.template import TemplateOverview


def create(call: Call, app: "Application") -> "Basket":
    """A new basket, not listed yet."""
    return app.authoring.create(call.principal, call.body.content, request_id=call.request_id)


def listed(call: Call, app: "Application") -> "Listed[TemplateOverview]":
    """A page of every basket there is."""
    request = list_request(call)
    return Listed(app.authoring.overviews(call.principal, request), request)


def shown(call: Call, app: "Application") -> "Basket":
    """One basket, strategies and all."""
    return app.authoring.get(call.principal, call.path["basket_id"])


def edit(call: Call, app: "Application") -> "Basket":
    """A basket with new content."""
    _require_named(call, "basket_id", call.body.content.basket_id)
    return app.authoring.edit(call.principal, call.body.content, version=call.body.version, request_id=call.request_id)


def delete(call: Call, app: "Application") -> "Basket":
    """A basket that was never listed is gone."""
    return app.authoring.delete(call.principal, call.path["basket_id"], request_id=call.request_id)


def preview(call: Call, app: "Application") -> "EditPreview":
    """What an edit would do; nothing is written."""
    _require_named(call, "basket_id", call.body.content.basket_id)
    return app.previews.edit(call.principal, call.body.content)


# Strategies


def strategy(call: Call, app: "Application") -> "AuthoredStrategy":
    """One strategy of a basket."""
    return app.authoring.strategy(call.principal, call.path["basket_id"], call.path["strategy_id"])


def add_strategy(call: Call, app: "Application") -> "AuthoredStrategy":
    """A basket with one strategy more."""
    body = call.body
    return app.authoring.add_strategy(
        call.principal, call.path["basket_id"], body.strategy, version=body.version, request_id=call.request_id
    )


def replace_strategy(call: Call, app: "Application") -> "AuthoredStrategy":
    """A strategy in the place of that of the same id."""
    body = call.body
    _require_named(call, "strategy_id", body.strategy.strategy_id)
    return app.authoring.replace_strategy(
        call.principal, call.path["basket_id"], body.strategy, version=body.version, request_id=call.request_id
    )


def remove_strategy(call: Call, app: "Application") -> "AuthoredStrategy":
    """A basket without that strategy."""
    return app.authoring.remove_strategy(
        call.principal, call.path["basket_id"], call.path["strategy_id"], request_id=call.request_id
    )


# Listings


def listings(call: Call, app: "Application") -> "Listed[TemplateOverview]":
    """A page of what is or was on the marketplace."""
    status, request = call.query["status"], list_request(call)
    active = None if status is None else status is OfferedStatus.ACTIVE
    return Listed(app.authoring.listings(call.principal, request, active=active), request)


def enable(call: Call, app: "Application") -> "Basket":
    """On the marketplace."""
    return app.authoring.enable(call.principal, call.path["basket_id"], request_id=call.request_id)


def revise_listing(call: Call, app: "Application") -> "Basket":
    """What the marketplace shows is another."""
    body = call.body
    return app.authoring.revise_listing(
        call.principal, call.path["basket_id"], body.changes, version=body.version, request_id=call.request_id
    )


def disable(call: Call, app: "Application") -> "Basket":
    """Off the marketplace."""
    return app.authoring.take_off(call.principal, call.path["basket_id"], request_id=call.request_id)


def _require_named(call: Call, name: str, given: str) -> None:
    if given != call.path[name]:
        raise InvalidInputError(name, "must be the one in the path")
