"""Re-derives what the store keeps twice, and names every difference."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from attrs import Factory, define, frozen

from quantleap.application.counting import Counting
from quantleap.domain.commissions.ledger import AccountKind, LedgerTransaction, TransactionKind
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.principals import Principal, require_admin
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.subscriptions import SubscriptionLocation
from quantleap.ports.verification import (
    BasketCount,
    LiveHolder,
    LiveMarker,
    PartnerCount,
    Record,
    StoredCharge,
    Unreadable,
    WholeStore,
)


@frozen
class Difference:
    """One thing that is not as it must be: of what, and in which way."""

    subject: str
    problem: str


@frozen
class Verdict:
    """How much was checked, and what differs."""

    subscriptions: int
    charges: int
    transactions: int
    differences: tuple[Difference, ...]


@define
class _Posted:
    """What the ledger says of one subscription's period, in minor units."""

    charged: int = 0
    commission: int = 0
    refunded: int = 0
    clawed_back: int = 0


@define
class _Books:
    """Everything that a pass over the store found, keyed for comparing."""

    subscriptions: dict[str, Subscription] = Factory(dict)
    holders: dict[str, list[str]] = Factory(lambda: defaultdict(list))
    locations: dict[str, SubscriptionLocation] = Factory(dict)
    markers: dict[str, str] = Factory(dict)
    charges: dict[tuple[str, int], StoredCharge] = Factory(dict)
    posted: dict[tuple[str, int], _Posted] = Factory(lambda: defaultdict(_Posted))
    transactions: int = 0
    sums: Counter[str] = Factory(Counter)
    partner_counts: dict[PartnerId, int] = Factory(dict)
    basket_counts: dict[str, int] = Factory(dict)
    unreadable: list[Difference] = Factory(list)

    def add(self, record: Record) -> None:  # noqa: C901 - one case a kind of record
        """Take one record in."""
        match record:
            case LiveHolder(holder=holder, subscription=subscription):
                self.subscriptions[subscription.terms.subscription_id] = subscription
                if subscription.life.status.is_live:
                    self.holders[holder].append(subscription.terms.subscription_id)
            case SubscriptionLocation(address=address):
                self.locations[address.subscription_id] = record
            case LiveMarker(holder=holder, subscription_id=subscription_id):
                self.markers[holder] = subscription_id
            case StoredCharge(charge=charge):
                self.charges[charge.subscription_id, charge.period.index] = record
            case LedgerTransaction():
                self._post(record)
            case PartnerCount(partner_id=partner_id, live=live):
                self.partner_counts[partner_id] = live
            case BasketCount(basket_id=basket_id, live=live):
                self.basket_counts[basket_id] = live
            case Unreadable(error=error):
                self.unreadable.append(Difference("record", str(error)))

    def _post(self, transaction: LedgerTransaction) -> None:
        self.transactions += 1
        self.sums[transaction.currency] += sum(entry.amount_minor for entry in transaction.entries)
        if transaction.subscription_id is None or transaction.period_index is None:
            return
        posted = self.posted[transaction.subscription_id, transaction.period_index]
        debits = sum(entry.amount_minor for entry in transaction.entries if entry.amount_minor > 0)
        commission = transaction.amount_on(AccountKind.PARTNER_COMMISSION)
        if transaction.kind is TransactionKind.CHARGE:
            posted.charged += debits
            posted.commission -= commission
        else:
            posted.refunded += debits
            posted.clawed_back += commission


class Verifying:
    """Checks ledger, charges, live markers, locations and counters against each other."""

    def __init__(self, store: WholeStore, counting: Counting) -> None:
        self._store = store
        self._counting = counting

    def is_empty(self, by: Principal) -> bool:
        """Whether there is nothing to verify: no template, subscription, charge or posting, whoever owns it."""
        require_admin(by)
        return next(iter(self._store.records()), None) is None

    def verify(self, by: Principal) -> Verdict:
        """A verdict over the whole store as it is now, the counters brought up to date first.

        Best read while nothing is written: what changes meanwhile may be told as a difference.
        """
        require_admin(by)
        books = _Books()
        try:
            self._counting.follow()
        except CorruptDataError as error:
            books.unreadable.append(Difference("change feed", str(error)))
        for record in self._store.records():
            books.add(record)
        differences = (
            *books.unreadable,
            *_money_differences(books),
            *_marker_differences(books),
            *_location_differences(books),
            *_counter_differences(books),
        )
        return Verdict(len(books.subscriptions), len(books.charges), books.transactions, differences)


def _money_differences(books: _Books) -> Iterator[Difference]:
    for currency, total in books.sums.items():
        if total:
            yield Difference(f"ledger {currency}", f"sums to {total} minor units, not zero")
    for key in sorted(books.charges.keys() | books.posted.keys()):
        subject = f"period {key[1]} of {key[0]}"
        stored, posted = books.charges.get(key), books.posted.get(key)
        if stored is None or posted is None:
            yield Difference(
                subject, "is in the ledger and has no charge" if stored is None else "is not in the ledger"
            )
            continue
        charge = stored.charge
        expected = _Posted(
            charge.amount.minor, charge.commission.minor, charge.refunded_minor, charge.clawed_back_minor
        )
        if posted != expected:
            yield Difference(subject, f"the ledger has {posted}, the charge {expected}")
    for subscription_id, subscription in books.subscriptions.items():
        charged = subscription.billing.periods_charged
        indexes = [index for index in range(charged) if (subscription_id, index) not in books.charges]
        if indexes or (subscription_id, charged) in books.charges:
            yield Difference(subscription_id, f"says {charged} periods were charged, its charges differ")


def _marker_differences(books: _Books) -> Iterator[Difference]:
    for holder, live in books.holders.items():
        if len(live) > 1:
            yield Difference(live[0], f"is one of {len(live)} live subscriptions of one user and template")
        if books.markers.get(holder) not in live:
            yield Difference(live[0], "is live and its marker is missing or names another")
    for holder, subscription_id in books.markers.items():
        if holder not in books.holders:
            yield Difference(subscription_id, "has a marker of a live subscription and is not live")


def _location_differences(books: _Books) -> Iterator[Difference]:
    for subscription_id in sorted(books.subscriptions.keys() ^ books.locations.keys()):
        missing = "where it lives is not recorded" if subscription_id in books.subscriptions else "does not exist"
        yield Difference(subscription_id, missing)
    for subscription_id, location in books.locations.items():
        subscription = books.subscriptions.get(subscription_id)
        if subscription is None:
            continue
        terms = subscription.terms
        if (terms.user, terms.basket_id, terms.partner_id) != (
            location.address.user,
            location.basket_id,
            location.partner_id,
        ):
            yield Difference(subscription_id, "lives elsewhere than recorded")


def _counter_differences(books: _Books) -> Iterator[Difference]:
    live = [subscription.terms for subscription in books.subscriptions.values() if subscription.life.status.is_live]
    by_partner = Counter(terms.partner_id for terms in live if terms.partner_id is not None)
    for partner_id in by_partner.keys() | books.partner_counts.keys():
        counted, counter = by_partner[partner_id], books.partner_counts.get(partner_id, 0)
        if counted != counter:
            yield Difference(str(partner_id), f"has {counted} live subscriptions, its counter says {counter}")
    by_basket = Counter(terms.basket_id for terms in live if terms.mode is Mode.LIVE)
    for basket_id in by_basket.keys() | books.basket_counts.keys():
        counted, counter = by_basket[basket_id], books.basket_counts.get(basket_id, 0)
        if counted != counter:
            yield Difference(basket_id, f"has {counted} live subscriptions, its counter says {counter}")
