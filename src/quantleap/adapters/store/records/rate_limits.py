"""Buckets of tokens and alerts as items."""

from datetime import UTC, datetime

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading, instant_text, keyed, unix_s_after, well_formed
from quantleap.adapters.store.seam import Item
from quantleap.adapters.store.table import TTL_ATTRIBUTE
from quantleap.domain.identifiers import PartnerId
from quantleap.ports.rate_limits import RateLimitAlert

FULL_AT = "full_at_ns"
"""When the bucket is full again, in nanoseconds of Unix time. It never goes back."""


USES_PREFIX = "uses_"


def uses_of(api_key_id: str) -> str:
    """The attribute that counts how often a key pair was used."""
    return USES_PREFIX + api_key_id


def read_uses(item: Item) -> dict[str, int]:
    """How often each key pair was used, by its id. Raises CorruptDataError."""
    reading = Reading(item)
    return {name.removeprefix(USES_PREFIX): reading.number(name) for name in item if name.startswith(USES_PREFIX)}


def read_bucket_partner(item: Item) -> PartnerId:
    """Whose bucket, or whose alert, it is. Raises CorruptDataError."""
    with well_formed(item):
        return PartnerId.parse(Reading(item).text("partner"))


def alert_item(alert: RateLimitAlert) -> Item:
    """An alert, which the table's own expiry removes."""
    return keyed(
        keys.rate_limit_alert(alert.partner_id, alert.at),
        "RATE_LIMIT_ALERT",
        {
            "version": 1,
            "partner": str(alert.partner_id),
            "alerted_at": instant_text(alert.at),
            "rate_limit": alert.limit,
            "refused": alert.refused,
            "api_key_id": alert.api_key_id,
            TTL_ATTRIBUTE: unix_s_after(alert.expires_at),
        },
    )


def read_alert(item: Item) -> RateLimitAlert:
    """The alert of an item. Raises CorruptDataError."""
    reading = Reading(item)
    return RateLimitAlert(
        partner_id=read_bucket_partner(item),
        at=reading.instant("alerted_at"),
        limit=reading.number("rate_limit"),
        refused=reading.number("refused"),
        api_key_id=reading.maybe_text("api_key_id"),
        expires_at=datetime.fromtimestamp(reading.number(TTL_ATTRIBUTE), UTC),
    )
