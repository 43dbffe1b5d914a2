"""Partners, as an admin keeps them."""

from typing import TYPE_CHECKING

from quantleap.domain.identifiers import PartnerId
from quantleap.domain.rates import Rate
from quantleap.entrypoints.api.listing import Listed, list_request
from quantleap.entrypoints.api.request import Call

if TYPE_CHECKING:
    from quantleap.application.partnering import NewPartner
    from quantleap.composition import Application
    from quantleap.domain.partners.partner import Partner


def create(call: Call, app: "Application") -> "NewPartner":
    """A partner and its first key pair."""
    body = call.body
    return app.partners.create(
        call.principal,
        PartnerId(body.partner, body.mode),
        commission=Rate(body.commission_bps),
        broker_id=body.broker_id,
        display_name=body.display_name,
        rate_limit=body.rate_limit,
        show_performance=body.show_performance,
        request_id=call.request_id,
    )


def listed(call: Call, app: "Application") -> "Listed[Partner]":
    """A page of every partner there is."""
    request = list_request(call)
    return Listed(app.partners.all(call.principal, request), request)


def shown(call: Call, app: "Application") -> "Partner":
    """One partner."""
    return app.partners.get(call.principal, PartnerId.parse(call.path["partner_id"]))


def revise(call: Call, app: "Application") -> "Partner":
    """A partner with what the body names."""
    body = call.body
    return app.partners.revise(
        call.principal,
        PartnerId.parse(call.path["partner_id"]),
        display_name=body.display_name,
        broker_id=body.broker_id,
        commission=None if body.commission_bps is None else Rate(body.commission_bps),
        rate_limit=body.rate_limit,
        show_performance=body.show_performance,
        version=body.version,
        request_id=call.request_id,
    )
