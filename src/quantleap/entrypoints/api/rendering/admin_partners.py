"""Partners and their key pairs as an admin sees them. A secret is shown once, with the pair it is of; no hash ever."""

from typing import Any

from quantleap.application.partnering import IssuedKey, KeyUse, NewPartner
from quantleap.domain.commissions.agreement import AgreementTerm
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.partner import Partner
from quantleap.entrypoints.api.listing import Listed


def partner(found: Partner) -> dict[str, Any]:
    """A partner and what was agreed with it."""
    return {
        "partner_id": str(found.partner_id),
        "mode": found.partner_id.mode,
        "display_name": found.display_name,
        "broker_id": found.broker_id,
        "agreement": [_term_document(term) for term in found.agreement.terms],
        "rate_limit": found.rate_limit,
        "show_performance": found.show_performance,
        "created_at": found.created_at,
        "version": found.version,
    }


def new_partner(made: NewPartner) -> dict[str, Any]:
    """A partner, and its first key pair with the secret."""
    return {**issued(made.issued), "partner": partner(made.partner)}


def partners(listed: Listed[Partner]) -> dict[str, Any]:
    """A page of partners."""
    return listed.document("partners", [partner(each) for each in listed.page.entries])


def _term_document(term: AgreementTerm) -> dict[str, Any]:
    return {
        "commission_bps": term.base.bps,
        "effective_from": term.effective_from,
        "effective_to": term.effective_to,
        "tiers": [{"from_subscribers": tier.from_subscribers, "commission_bps": tier.rate.bps} for tier in term.tiers],
        "overrides": [{"basket_id": each.basket_id, "commission_bps": each.rate.bps} for each in term.overrides],
    }


# Key pairs


def issued(made: IssuedKey) -> dict[str, Any]:
    """A key pair that was just made, both halves."""
    return {**key(made.key), "api_key": made.key.api_key, "api_secret": made.secret}


def key(found: ApiKey) -> dict[str, Any]:
    """A key pair without its halves. `usable_until` is its expiry, or the end of the overlap beside a successor."""
    return {
        "api_key_id": found.api_key_id,
        "partner_id": str(found.partner_id),
        "permissions": sorted(found.permissions),
        "created_at": found.created_at,
        "expires_at": found.expires_at,
        "usable_until": found.usable_until,
        "overlap_until": found.overlap_until,
        "successor_id": found.successor_id,
        "revoked_at": found.revoked_at,
        "version": found.version,
    }


def key_use(found: KeyUse) -> dict[str, Any]:
    """A key pair, and how many requests it was let through for."""
    return {**key(found.key), "uses": found.uses}


def key_list(listed: Listed[KeyUse]) -> dict[str, Any]:
    """A page of key pairs."""
    return listed.document("api_keys", [key_use(each) for each in listed.page.entries])


def revoked(found: ApiKey) -> dict[str, Any]:
    """That a key pair is useless."""
    return {"message": "API key revoked successfully", **key(found)}
