"""Partners' key pairs, as an admin keeps them."""

from datetime import timedelta
from typing import TYPE_CHECKING

from quantleap.domain.partners.permissions import ALL_PERMISSIONS
from quantleap.entrypoints.api.listing import Listed, list_request
from quantleap.entrypoints.api.request import Call

if TYPE_CHECKING:
    from quantleap.application.partnering import IssuedKey, KeyUse
    from quantleap.composition import Application
    from quantleap.domain.partners.api_key import ApiKey


def create(call: Call, app: "Application") -> "IssuedKey":
    """A further key pair of a partner."""
    body = call.body
    return app.partners.issue(
        call.principal,
        body.partner_id,
        permissions=ALL_PERMISSIONS if body.permissions is None else body.permissions,
        lifetime=timedelta(days=body.lifetime_days),
        request_id=call.request_id,
    )


def listed(call: Call, app: "Application") -> "Listed[KeyUse]":
    """A page of a partner's key pairs, and how often each was used."""
    request = list_request(call)
    return Listed(app.partners.key_list(call.principal, call.query["partner_id"], request), request)


def shown(call: Call, app: "Application") -> "KeyUse":
    """One key pair, and how often it was used."""
    return app.partners.key_use(call.principal, call.path["api_key_id"])


def permit(call: Call, app: "Application") -> "ApiKey":
    """A key pair with other permissions."""
    body = call.body
    return app.partners.permit(
        call.principal,
        call.path["api_key_id"],
        body.permissions,
        version=body.version,
        request_id=call.request_id,
    )


def revoke(call: Call, app: "Application") -> "ApiKey":
    """A key pair that is useless from now on."""
    return app.partners.revoke(call.principal, call.path["api_key_id"], request_id=call.request_id)


def rotate(call: Call, app: "Application") -> "IssuedKey":
    """A key pair's successor."""
    body = call.body
    return app.partners.rotate(
        call.principal,
        call.path["api_key_id"],
        overlap=timedelta(days=body.overlap_days),
        lifetime=timedelta(days=body.lifetime_days),
        request_id=call.request_id,
    )
