"""Whole domain values, at random: whatever the domain admits, the store must give back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from tests.unit.domain.marketplace.test_document_round_trip import contents, ids, names, optional

from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.agreement import AgreementTerm, CommissionAgreement, CommissionTier, TemplateRate
from quantleap.domain.commissions.ledger import LedgerTransaction
from quantleap.domain.commissions.postings import (
    adjustment_transaction,
    charge_transaction,
    payout_transaction,
    refund_transaction,
)
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import MAX_MICROS, MIN_MICROS, Multiplier
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.money import Money
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.credentials import SecretHash, build_api_key
from quantleap.domain.partners.partner import Partner
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.periods import BillingPeriod, kolkata_date, kolkata_midnight
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.metadata import read_metadata
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.terms import Options, Terms
from quantleap.domain.subscriptions.transitions import MOVES, Transition

instants = st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it adds one
days = st.dates(date(2015, 1, 1), date(2040, 1, 1))
emails = st.from_regex(r"[a-z0-9]{1,20}(\+[a-z]{1,5})?@[a-z]{2,10}\.(com|in)", fullmatch=True).map(Email)
partner_ids = st.builds(
    PartnerId,
    st.from_regex(r"[a-z][a-z0-9]{1,30}", fullmatch=True).filter(lambda slug: slug != "direct"),
    st.sampled_from(Mode),
)
subscription_ids = st.from_regex(r"sub_[a-z][a-z0-9]{1,30}_[A-Za-z0-9]{1,64}", fullmatch=True)
references = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", fullmatch=True)
brokers = st.from_regex(r"[a-z][a-z0-9_-]{0,31}", fullmatch=True)
accounts = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", fullmatch=True)
currencies = st.sampled_from(["INR", "USD", "JPY", "KWD"])
rates = st.builds(Rate, st.integers(0, 10_000))
multipliers = st.builds(Multiplier, st.integers(MIN_MICROS, MAX_MICROS))
reasons = names.map(lambda text: text[:25]).filter(lambda text: "@" not in text)
principals = names.map(lambda text: text[:16]).filter(lambda text: "@" not in text)
stamps = st.builds(Stamp, instants, principals, st.from_regex(r"req_[0-9a-f]{12}", fullmatch=True), optional(reasons))


@st.composite
def broker_accounts(draw: st.DrawFn, mode: AllocationMode) -> BrokerAccount:
    split = mode is AllocationMode.SPLIT
    return BrokerAccount(
        broker_id=draw(brokers),
        broker_account_id=draw(accounts),
        priority=draw(st.integers(0, 1000)),
        lot_multiplier=None if split else draw(optional(multipliers)),
        weight=draw(st.integers(1, 1_000_000)) if split else None,
        cap_units=draw(optional(st.integers(0, 100_000))) if split else None,
        max_lots_per_order=draw(optional(st.integers(1, 10_000))),
    )


@st.composite
def allocations(draw: st.DrawFn) -> Allocation:
    mode = draw(st.sampled_from(AllocationMode))
    drawn = draw(
        st.lists(
            broker_accounts(mode),
            min_size=1,
            max_size=4,
            unique_by=lambda account: (account.broker_id, account.broker_account_id),
        )
    )
    return Allocation(mode, drawn)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    partner_id = draw(optional(partner_ids))
    subscribed_at = draw(instants)
    return Terms(
        subscription_id=draw(subscription_ids),
        user=draw(emails),
        basket_id=draw(ids),
        basket_name=draw(names),
        owner=draw(emails),
        partner_id=partner_id,
        price=Money(draw(st.integers(0, 10**15)), draw(currencies)),
        commission_rate=Rate(0) if partner_id is None else draw(rates),
        subscribed_at=subscribed_at,
        started_on=kolkata_date(subscribed_at),
    )


options = st.builds(
    Options,
    multiplier=multipliers,
    broker_account_id=optional(accounts),
    auto_renew=st.booleans(),
    metadata=st.dictionaries(names.map(lambda text: text[:40]), names, max_size=3).map(read_metadata),
)


@st.composite
def subscriptions(draw: st.DrawFn) -> Subscription:
    """Any, with a past: moved and charged as the domain allows."""
    subscription = Subscription.begin(draw(terms()), draw(options), draw(stamps))
    for transition in draw(st.lists(st.sampled_from(Transition), max_size=6)):
        if subscription.life.status.is_live and draw(st.booleans()):
            subscription = subscription.charged(subscription.billing.periods_charged, draw(instants))
        if subscription.life.status in MOVES[transition].sources:
            subscription = subscription.move(transition, draw(stamps))
    billing = evolve(subscription.billing, ends_on=draw(optional(days)), parked=draw(optional(reasons)))
    return evolve(subscription, billing=billing)


def live_subscriptions() -> st.SearchStrategy[Subscription]:
    return subscriptions().filter(lambda subscription: subscription.life.status.is_live)


@st.composite
def baskets(draw: st.DrawFn, owner: Email) -> Basket:
    """Any, edited, listed, taken off and retired as the domain allows."""
    content: BasketContent = draw(contents())
    basket = Basket.new(owner, content, draw(instants))
    if bool(content.strategies) and draw(st.booleans()):
        basket = basket.enabled(draw(instants))
        if draw(st.booleans()):
            basket = basket.taken_off(draw(instants))
    if draw(st.booleans()):
        basket = basket.retired(draw(reasons), draw(instants))
    return basket


@st.composite
def agreements(draw: st.DrawFn) -> CommissionAgreement:
    firsts = sorted(draw(st.sets(days, min_size=1, max_size=3)))
    agreed = []
    for first, following in zip(firsts, [*firsts[1:], None], strict=True):
        latest = None if following is None else following - timedelta(days=1)
        tiers = st.builds(CommissionTier, st.integers(1, 10**9), rates)
        agreed.append(
            AgreementTerm(
                draw(rates),
                first,
                latest,
                draw(st.lists(tiers, max_size=3, unique_by=lambda tier: tier.from_subscribers)),
                draw(st.lists(st.builds(TemplateRate, ids, rates), max_size=3, unique_by=lambda rate: rate.basket_id)),
            )
        )
    return CommissionAgreement(agreed)


partners: st.SearchStrategy[Partner] = st.builds(
    Partner,
    partner_id=partner_ids,
    display_name=names,
    broker_id=brokers,
    agreement=agreements(),
    created_at=instants,
    rate_limit=st.integers(1, 100_000),
    show_performance=st.booleans(),
    version=st.integers(1, 10**9),
)


@st.composite
def api_keys(draw: st.DrawFn) -> ApiKey:
    partner_id = draw(partner_ids)
    key = ApiKey.issue(
        api_key_id=draw(st.from_regex(r"key_[A-Za-z0-9]{1,64}", fullmatch=True)),
        partner_id=partner_id,
        api_key=build_api_key(partner_id, draw(st.from_regex(r"[0-9A-Za-z]{32}", fullmatch=True))),
        secret_hash=SecretHash("1", draw(st.from_regex(r"[0-9a-f]{64}", fullmatch=True))),
        at=draw(instants),
        permissions=draw(st.sets(st.sampled_from(Permission), min_size=1)),
        lifetime=draw(st.timedeltas(timedelta(microseconds=1), timedelta(days=366))),
    )
    return evolve(key, overlap_until=draw(optional(instants)), revoked_at=draw(optional(instants)))


@st.composite
def charges(draw: st.DrawFn) -> Charge:
    """Any, refunded in up to three parts."""
    partner_id = draw(optional(partner_ids))
    period = BillingPeriod(draw(days), draw(st.integers(0, 1200)))
    charge = Charge.of_period(
        subscription_id=draw(subscription_ids),
        partner_id=partner_id,
        basket_id=draw(ids),
        period=period,
        amount=Money(draw(st.integers(0, 10**12)), draw(currencies)),
        rate=Rate(0) if partner_id is None else draw(rates),
        posted_at=kolkata_midnight(period.start) + draw(st.timedeltas(timedelta(0), timedelta(days=40))),
    )
    for _ in range(draw(st.integers(0, 3))):
        if charge.refundable.minor:
            charge, _reversal = charge.refund(
                Money(draw(st.integers(1, charge.refundable.minor)), charge.amount.currency)
            )
    return charge


@st.composite
def transactions(draw: st.DrawFn) -> LedgerTransaction:
    """A posting of any kind."""
    charge = draw(charges().filter(lambda charge: charge.amount.minor > 0))
    posted: dict[str, Any] = {"posted_at": draw(instants), "posted_by": draw(principals)}
    of_period: dict[str, Any] = {
        "subscription_id": charge.subscription_id,
        "period_index": charge.period.index,
        "partner_id": charge.partner_id,
        **posted,
    }
    owed = charge.refundable if charge.refundable.minor else None
    made = [charge_transaction(split=charge.split, **of_period)]
    if owed is not None:
        reference, reason = draw(references), draw(optional(reasons))
        _, reversal = charge.refund(owed)
        made.append(refund_transaction(reversal=reversal, reference=reference, reason=reason, **of_period))
    partner_id, amount = draw(partner_ids), charge.amount
    of_partner: dict[str, Any] = {"partner_id": partner_id, "reference": draw(references), **posted}
    signed = amount if draw(st.booleans()) else -amount
    made.append(adjustment_transaction(amount=signed, reason=draw(reasons), **of_partner))
    made.append(payout_transaction(amount=amount, reason=draw(optional(reasons)), **of_partner))
    return draw(st.sampled_from(made))
