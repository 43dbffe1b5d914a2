"""Partners and API keys as items."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import (
    Reading,
    instant_text,
    keyed,
    maybe_instant_text,
    well_formed,
    without_absent,
)
from quantleap.adapters.store.seam import Item, Value
from quantleap.domain.commissions.agreement import AgreementTerm, CommissionAgreement, CommissionTier, TemplateRate
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.credentials import SecretHash
from quantleap.domain.partners.partner import Partner
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.rates import Rate


def partner_item(partner: Partner) -> Item:
    """A partner. Its id stands under a name that is no index's key."""
    return keyed(
        keys.partner(partner.partner_id),
        "PARTNER",
        {
            "version": partner.version,
            "partner": str(partner.partner_id),
            "display_name": partner.display_name,
            "broker": partner.broker_id,
            "agreement": [_term_map(term) for term in partner.agreement.terms],
            "rate_limit": partner.rate_limit,
            "show_performance": partner.show_performance,
            "created_at": instant_text(partner.created_at),
        },
    )


def read_partner(item: Item) -> Partner:
    """The partner of an item. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return Partner(
            partner_id=PartnerId.parse(reading.text("partner")),
            display_name=reading.text("display_name"),
            broker_id=reading.text("broker"),
            agreement=CommissionAgreement(_read_term(term) for term in reading.readings("agreement")),
            created_at=reading.instant("created_at"),
            rate_limit=reading.number("rate_limit"),
            show_performance=reading.flag("show_performance"),
            version=reading.number("version"),
        )


def _term_map(term: AgreementTerm) -> dict[str, Value]:
    return without_absent(
        {
            "base_bps": term.base.bps,
            "from": term.effective_from.isoformat(),
            "to": None if term.effective_to is None else term.effective_to.isoformat(),
            "tiers": [{"from": tier.from_subscribers, "bps": tier.rate.bps} for tier in term.tiers],
            "overrides": [{"basket": override.basket_id, "bps": override.rate.bps} for override in term.overrides],
        }
    )


def _read_term(reading: Reading) -> AgreementTerm:
    return AgreementTerm(
        base=Rate(reading.number("base_bps")),
        effective_from=reading.day("from"),
        effective_to=reading.maybe_day("to"),
        tiers=[CommissionTier(tier.number("from"), Rate(tier.number("bps"))) for tier in reading.readings("tiers")],
        overrides=[
            TemplateRate(override.text("basket"), Rate(override.number("bps")))
            for override in reading.readings("overrides")
        ],
    )


def api_key_item(key: ApiKey) -> Item:
    """A key pair's record, without its secret."""
    return keyed(
        keys.api_key(key.api_key),
        "API_KEY",
        {
            "version": key.version,
            "api_key_id": key.api_key_id,
            "partner": str(key.partner_id),
            "api_key": key.api_key,
            "hash_key_version": key.secret_hash.hash_key_version,
            "secret_digest": key.secret_hash.digest,
            "permissions": [*sorted(permission.value for permission in key.permissions)],
            "created_at": instant_text(key.created_at),
            "expires_at_instant": instant_text(key.expires_at),
            "overlap_until": maybe_instant_text(key.overlap_until),
            "revoked_at": maybe_instant_text(key.revoked_at),
            "successor_id": key.successor_id,
        },
    )


def read_api_key(item: Item) -> ApiKey:
    """The key pair of an item. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return ApiKey(
            api_key_id=reading.text("api_key_id"),
            partner_id=PartnerId.parse(reading.text("partner")),
            api_key=reading.text("api_key"),
            secret_hash=SecretHash(reading.text("hash_key_version"), reading.text("secret_digest")),
            permissions=[Permission(str(value)) for value in reading.values("permissions")],
            created_at=reading.instant("created_at"),
            expires_at=reading.instant("expires_at_instant"),
            overlap_until=reading.maybe_instant("overlap_until"),
            revoked_at=reading.maybe_instant("revoked_at"),
            successor_id=reading.maybe_text("successor_id"),
            version=reading.number("version"),
        )


def partner_key_item(key: ApiKey) -> Item:
    """A line in a partner's list of keys: which record is its."""
    return keyed(
        keys.partner_key(key.partner_id, key.api_key_id), "PARTNER_KEY", {"version": 1, "api_key": key.api_key}
    )


def api_key_id_item(key: ApiKey) -> Item:
    """Which record an id names."""
    return keyed(keys.api_key_id(key.api_key_id), "API_KEY_ID", {"version": 1, "api_key": key.api_key})


def partner_line_item(partner: Partner) -> Item:
    """A line in the list of all partners."""
    return keyed(keys.partner_line(partner.partner_id), "PARTNER_LINE", {"version": 1})
