"""Plain values to vary: one subscription, one basket, one partner, and numbered stamps."""

from datetime import UTC, date, datetime, timedelta

from attrs import evolve
from tests.integration.contracts.stores import OWNER, Store
from tests.unit.domain.marketplace.conftest import make_content, make_strategy

from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.agreement import CommissionAgreement
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.money import Money
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.credentials import SecretHash, build_api_key
from quantleap.domain.partners.partner import Partner
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.terms import Options, Terms
from quantleap.ports.subscriptions import SubscriptionAddress, SubscriptionLocation

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
ZEBU, ZEBU_TEST, KITE = PartnerId("zebu", Mode.LIVE), PartnerId("zebu", Mode.TEST), PartnerId("kite", Mode.LIVE)
ANITA, BALA = Email("anita@example.com"), Email("bala@example.com")
ONE_ACCOUNT = Allocation.single("zebu", "AB1234")


def stamp(number: int) -> Stamp:
    """The n-th request: n minutes after noon."""
    return Stamp(NOON + timedelta(minutes=number), "user:7f3a", f"req_{number:012x}")


def subscription(
    number: int = 1,
    *,
    user: Email = ANITA,
    partner_id: PartnerId | None = ZEBU,
    basket_id: str = "basket_1",
    at: datetime = NOON,
) -> Subscription:
    """The n-th, begun at that instant."""
    terms = Terms(
        subscription_id=f"sub_{'direct' if partner_id is None else partner_id.slug}_{number}",
        user=user,
        basket_id=basket_id,
        basket_name="A basket",
        owner=OWNER,
        partner_id=partner_id,
        price=Money(99_900, "INR"),
        commission_rate=Rate(0 if partner_id is None else 3000),
        subscribed_at=at,
        started_on=date(2026, 11, 24),
    )
    return Subscription.begin(terms, Options(), evolve(stamp(0), at=at))


def address_of(subscription: Subscription) -> SubscriptionAddress:
    """Where it lives."""
    terms = subscription.terms
    return SubscriptionAddress(terms.mode, terms.user, terms.subscription_id)


def location_of(subscription: Subscription) -> SubscriptionLocation:
    """Where it lives, its basket and its partner."""
    return SubscriptionLocation(address_of(subscription), subscription.terms.basket_id, subscription.terms.partner_id)


def added(store: Store, subscription: Subscription, allocation: Allocation | None = None) -> Subscription:
    """The subscription, once it is stored."""
    store.units.commit(*store.subscriptions.adding(subscription, allocation))
    return subscription


def found(store: Store, subscription: Subscription) -> Subscription:
    """The subscription as it is stored now."""
    stored = store.subscriptions.get(address_of(subscription))
    assert stored is not None
    return stored


def basket(basket_id: str = "basket_1", *strategy_ids: str) -> Basket:
    """A draft with those strategies (one of its own name unless said), each due on Mondays and Fridays at 09:20."""
    names = strategy_ids or (f"{basket_id}_strategy",)
    strategies = tuple(make_strategy(strategy_id=name) for name in names)
    return Basket.new(OWNER, make_content(basket_id=basket_id, strategies=strategies), NOON)


def edited(before: Basket, *strategy_ids: str, **changes: object) -> Basket:
    """The basket with these strategies instead, each with those changes."""
    strategies = tuple(make_strategy(strategy_id=name, **changes) for name in strategy_ids)
    return before.edited(evolve(before.content, strategies=strategies), LATER)


def saved(store: Store, basket: Basket, before: Basket | None = None) -> Basket:
    """The basket, once it is stored, by the request that has its version's number."""
    store.units.commit(*store.templates.saving(basket, before, stamp(basket.version)))
    return basket


def partner(partner_id: PartnerId = ZEBU) -> Partner:
    """One with a flat agreement."""
    return Partner(
        partner_id=partner_id,
        display_name=partner_id.slug,
        broker_id=partner_id.slug,
        agreement=CommissionAgreement.flat(Rate(3000), date(2026, 1, 1)),
        created_at=NOON,
    )


def api_key(number: int = 1, partner_id: PartnerId = ZEBU) -> ApiKey:
    """The partner's n-th key pair."""
    return ApiKey.issue(
        api_key_id=f"key_{number}",
        partner_id=partner_id,
        api_key=build_api_key(partner_id, f"{number:032d}"),
        secret_hash=SecretHash("1", "0" * 64),
        at=NOON,
    )


def charge(subscription: Subscription) -> Charge:
    """Of its next period, posted at noon."""
    terms = subscription.terms
    return Charge.of_period(
        subscription_id=terms.subscription_id,
        partner_id=terms.partner_id,
        basket_id=terms.basket_id,
        period=subscription.next_period(),
        amount=terms.price,
        rate=terms.commission_rate,
        posted_at=NOON,
    )
