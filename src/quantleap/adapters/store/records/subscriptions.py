"""Subscriptions and their markers as items."""

from typing import TYPE_CHECKING

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import (
    Reading,
    instant_text,
    keyed,
    maybe_instant_text,
    money_text,
    well_formed,
    without_absent,
)
from quantleap.adapters.store.seam import Item, Value
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.periods import kolkata_date
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.history import HistoryEntry, Stamp
from quantleap.domain.subscriptions.metadata import read_metadata
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Billing, Life, Subscription, SubscriptionSummary
from quantleap.domain.subscriptions.terms import Options, Terms
from quantleap.ports.subscriptions import SubscriptionAddress, SubscriptionLocation

if TYPE_CHECKING:
    from quantleap.domain.lots.allocation import Allocation


def subscription_item(subscription: Subscription, allocation: "Allocation | None") -> Item:
    """The whole subscription, with a copy of the allocation it trades by."""
    from quantleap.adapters.store.records.allocations import allocation_map  # noqa: PLC0415 - of new ones alone

    terms, options, life, billing = subscription.terms, subscription.options, subscription.life, subscription.billing
    return keyed(
        keys.subscription(terms.mode, terms.user, terms.subscription_id),
        "SUBSCRIPTION",
        {
            "version": subscription.version,
            "subscription_id": terms.subscription_id,
            "template_basket_id": keys.in_mode(terms.mode, terms.basket_id),
            "template_name": terms.basket_name,
            "template_owner_id": terms.owner.address,
            "partner_id": None if terms.partner_id is None else str(terms.partner_id),
            "price": money_text(terms.price),
            "commission_bps": terms.commission_rate.bps,
            "subscribed_at": instant_text(terms.subscribed_at),
            "started_on": terms.started_on.isoformat(),
            "multiplier_micros": options.multiplier.micros,
            "broker_account_id": options.broker_account_id,
            "auto_renew": options.auto_renew,
            "metadata": dict(options.metadata) if options.metadata else None,
            "periods_charged": billing.periods_charged,
            "charged_at": maybe_instant_text(billing.charged_at),
            "ends_on": None if billing.ends_on is None else billing.ends_on.isoformat(),
            "parked": billing.parked,
            "status_history": [history_map(entry) for entry in subscription.history],
            "allocation": None if allocation is None else allocation_map(allocation),
            **life_attributes(life),
        },
    )


def life_attributes(life: Life) -> dict[str, Value]:
    """The status and its instants, and the sort value of the subscription indexes."""
    return {
        "status": life.status.value,
        "subscription_status_date": keys.status_since(life.status, kolkata_date(life.changed_at)),
        "last_status_change_at": instant_text(life.changed_at),
        "paused_at": maybe_instant_text(life.paused_at),
        "resumed_at": maybe_instant_text(life.resumed_at),
        "cancelled_at": maybe_instant_text(life.cancelled_at),
    }


def history_map(entry: HistoryEntry) -> dict[str, Value]:
    """One history entry."""
    return without_absent(
        {
            "status": entry.status.value,
            "timestamp": instant_text(entry.stamp.at),
            "changed_by": entry.stamp.changed_by,
            "request_id": entry.stamp.request_id,
            "reason": entry.stamp.reason,
        }
    )


def read_subscription(item: Item) -> Subscription:
    """The subscription of an item. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return Subscription(
            _read_terms(reading),
            _read_options(reading),
            _read_life(reading),
            Billing(
                periods_charged=reading.number("periods_charged"),
                charged_at=reading.maybe_instant("charged_at"),
                ends_on=reading.maybe_day("ends_on"),
                parked=reading.maybe_text("parked"),
            ),
            tuple(_read_history_entry(entry) for entry in reading.readings("status_history")),
            reading.number("version"),
        )


def read_summary(item: Item) -> SubscriptionSummary:
    """What an index projects of a subscription. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return SubscriptionSummary(
            terms=_read_terms(reading),
            options=_read_options(reading),
            life=_read_life(reading),
            periods_charged=reading.number("periods_charged"),
            version=reading.number("version"),
        )


def _read_terms(reading: Reading) -> Terms:
    return Terms(
        subscription_id=reading.text("subscription_id"),
        user=Email.trusted(keys.without_mode(reading.text("user_id"))),
        basket_id=keys.without_mode(reading.text("template_basket_id")),
        basket_name=reading.text("template_name"),
        owner=Email.trusted(reading.text("template_owner_id")),
        partner_id=read_partner_id(reading),
        price=reading.money("price"),
        commission_rate=Rate(reading.number("commission_bps")),
        subscribed_at=reading.instant("subscribed_at"),
        started_on=reading.day("started_on"),
    )


def read_partner_id(reading: Reading) -> PartnerId | None:
    return PartnerId.parse(reading.text("partner_id")) if reading.has("partner_id") else None


def _read_options(reading: Reading) -> Options:
    return Options(
        multiplier=Multiplier(reading.number("multiplier_micros")),
        broker_account_id=reading.maybe_text("broker_account_id"),
        auto_renew=reading.flag("auto_renew"),
        metadata=read_metadata(reading.mapping("metadata")) if reading.has("metadata") else (),
    )


def _read_life(reading: Reading) -> Life:
    return Life(
        SubscriptionStatus(reading.text("status")),
        reading.instant("last_status_change_at"),
        reading.maybe_instant("paused_at"),
        reading.maybe_instant("resumed_at"),
        reading.maybe_instant("cancelled_at"),
    )


def _read_history_entry(reading: Reading) -> HistoryEntry:
    stamp = Stamp(
        at=reading.instant("timestamp"),
        changed_by=reading.text("changed_by"),
        request_id=reading.text("request_id"),
        reason=reading.maybe_text("reason"),
    )
    return HistoryEntry(SubscriptionStatus(reading.text("status")), stamp)


# Where it lives, and the marker of the live one


def location_item(location: SubscriptionLocation) -> Item:
    """Where a subscription lives."""
    address = location.address
    return keyed(
        keys.subscription_location(address.mode, address.subscription_id),
        "SUBSCRIPTION_LOCATION",
        {
            "version": 1,
            "subscriber": address.user.address,
            "basket": location.basket_id,
            "partner": None if location.partner_id is None else str(location.partner_id),
        },
    )


def read_location(mode: Mode, subscription_id: str, item: Item) -> SubscriptionLocation:
    """The location in such an item. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        partner = reading.maybe_text("partner")
        return SubscriptionLocation(
            SubscriptionAddress(mode, Email.trusted(reading.text("subscriber")), subscription_id),
            reading.text("basket"),
            None if partner is None else PartnerId.parse(partner),
        )


def marker_item(location: SubscriptionLocation) -> Item:
    """The marker that this is the live one. Its attributes are no index's keys, so that it is in none."""
    address = location.address
    return keyed(
        keys.live_marker(address.mode, address.user, location.basket_id),
        "LIVE_SUBSCRIPTION",
        {
            "version": 1,
            "live_subscription": address.subscription_id,
            "live_partner": None if location.partner_id is None else str(location.partner_id),
        },
    )
