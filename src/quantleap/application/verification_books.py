"""What a pass over the store found, keyed so that it can be compared."""

from collections import Counter, defaultdict

from attrs import Factory, define, frozen

from quantleap.domain.commissions.ledger import AccountKind, LedgerTransaction, TransactionKind
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.subscriptions.terms import Terms
from quantleap.ports.subscriptions import SubscriptionLocation
from quantleap.ports.verification import (
    BasketCount,
    LiveHolder,
    LiveMarker,
    PartnerCount,
    PostedMarker,
    Record,
    StoredAllocation,
    StoredCharge,
    Unreadable,
)


@frozen
class Difference:
    """One thing that is not as it must be: of what, and in which way."""

    subject: str
    problem: str


@frozen
class Held:
    """What is kept of a subscription: not its history, of which there may be a thousand entries."""

    terms: Terms
    is_live: bool
    periods_charged: int
    allocation: Allocation | None


@define
class Posted:
    """What the ledger says of one subscription's period, in minor units."""

    charged: int = 0
    commission: int = 0
    refunded: int = 0
    clawed_back: int = 0


@define
class Books:
    """Everything that a pass over the store found, keyed for comparing."""

    subscriptions: dict[str, Held] = Factory(dict)
    holders: dict[str, list[str]] = Factory(lambda: defaultdict(list))
    locations: dict[str, SubscriptionLocation] = Factory(dict)
    markers: dict[str, str] = Factory(dict)
    allocations: dict[str, Allocation] = Factory(dict)
    charges: dict[tuple[str, int], StoredCharge] = Factory(dict)
    posted: dict[tuple[str, int], Posted] = Factory(lambda: defaultdict(Posted))
    transactions: Counter[str] = Factory(Counter)
    referenced: set[str] = Factory(set)
    posted_markers: set[str] = Factory(set)
    sums: Counter[str] = Factory(Counter)
    partner_counts: dict[PartnerId, int] = Factory(dict)
    basket_counts: dict[str, int] = Factory(dict)
    unreadable: list[Difference] = Factory(list)

    def add(self, record: Record) -> None:  # noqa: C901 - one case a kind of record
        """Take one record in."""
        match record:
            case LiveHolder():
                self._hold(record)
            case SubscriptionLocation(address=address):
                self.locations[address.subscription_id] = record
            case LiveMarker(holder=holder, subscription_id=subscription_id):
                self.markers[holder] = subscription_id
            case StoredAllocation(holder=holder, allocation=allocation):
                self.allocations[holder] = allocation
            case PostedMarker(transaction_id=transaction_id):
                self.posted_markers.add(transaction_id)
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

    def _hold(self, record: LiveHolder) -> None:
        subscription = record.subscription
        terms, is_live = subscription.terms, subscription.life.status.is_live
        self.subscriptions[terms.subscription_id] = Held(
            terms, is_live, subscription.billing.periods_charged, record.allocation
        )
        if is_live:
            self.holders[record.holder].append(terms.subscription_id)

    def _post(self, transaction: LedgerTransaction) -> None:
        self.transactions[transaction.transaction_id] += 1
        if transaction.reference is not None:
            self.referenced.add(transaction.transaction_id)
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
