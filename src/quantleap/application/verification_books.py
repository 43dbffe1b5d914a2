"""What a pass over the store found, keyed so that it can be compared."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from attrs import Factory, define, frozen

from quantleap.domain.commissions.ledger import AccountKind, LedgerTransaction, TransactionKind
from quantleap.domain.errors import InvalidStatusTransitionError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.marketplace.schedule import ScheduleEntry, schedule_of
from quantleap.domain.subscriptions.history import HistoryEntry
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Life
from quantleap.domain.subscriptions.terms import Terms
from quantleap.domain.subscriptions.transitions import MOVE_TO
from quantleap.ports.counters import Counted
from quantleap.ports.secrets import KeysFingerprint
from quantleap.ports.subscriptions import SubscriptionLocation
from quantleap.ports.verification import (
    KeyLine,
    KeyName,
    LiveHolder,
    LiveMarker,
    Misfiled,
    PostedMarker,
    Record,
    ScheduleLine,
    StoredAllocation,
    StoredBasket,
    StoredCharge,
    StoredClaim,
    StoredCount,
    StoredKey,
    StoredStrategy,
    StoredTransaction,
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
    status: SubscriptionStatus
    periods_charged: int
    charged_at: datetime | None
    allocation: Allocation | None


@define
class Posted:
    """What the ledger says of one subscription's period, in minor units, and for which partners (None: direct)."""

    charged: int = 0
    commission: int = 0
    refunded: int = 0
    clawed_back: int = 0
    partners: set[str | None] = Factory(set)


@frozen
class Planned:
    """What is kept of a strategy: not its legs."""

    basket_id: str
    basket_version: int
    status: str
    entries: frozenset[ScheduleEntry]


@define
class Books:
    """Everything that a pass over the store found, keyed for comparing. A strategy's key is its owner and id."""

    subscriptions: dict[str, Held] = Factory(dict)
    holders: dict[str, list[str]] = Factory(lambda: defaultdict(list))
    locations: dict[str, SubscriptionLocation] = Factory(dict)
    markers: dict[str, LiveMarker] = Factory(dict)
    allocations: dict[str, Allocation] = Factory(dict)
    counts: dict[Counted, int | None] = Factory(dict)
    charges: dict[tuple[str, int], StoredCharge] = Factory(dict)
    posted: dict[tuple[str, int], Posted] = Factory(lambda: defaultdict(Posted))
    transactions: Counter[str] = Factory(Counter)
    referenced: dict[str, str] = Factory(dict)
    posted_markers: dict[str, str] = Factory(dict)
    sums: Counter[str] = Factory(Counter)
    baskets: list[StoredBasket] = Factory(list)
    strategies: dict[tuple[str, str], Planned] = Factory(dict)
    schedule: list[ScheduleLine] = Factory(list)
    keys: dict[tuple[PartnerId, str], str] = Factory(dict)
    key_lines: dict[tuple[PartnerId, str], str] = Factory(dict)
    key_names: dict[str, str] = Factory(dict)
    claim: KeysFingerprint | None = None
    problems: list[Difference] = Factory(list)
    """What is wrong of one record by itself."""

    def add(self, record: Record) -> None:
        """Take one record in."""
        match record:
            case LiveHolder() | SubscriptionLocation() | LiveMarker() | StoredAllocation() | StoredCount():
                self._add_of_subscriptions(record)
            case StoredCharge() | StoredTransaction() | PostedMarker():
                self._add_of_money(record)
            case StoredBasket() | StoredStrategy() | ScheduleLine():
                self._add_of_templates(record)
            case StoredKey() | KeyLine() | KeyName() | StoredClaim():
                self._add_of_keys(record)
            case Misfiled(subject=subject, attribute=attribute):
                self.problems.append(Difference(subject, f"is filed under a {attribute} that it does not give itself"))
            case Unreadable(error=error):
                self.problems.append(Difference("record", str(error)))

    def _add_of_subscriptions(
        self, record: LiveHolder | SubscriptionLocation | LiveMarker | StoredAllocation | StoredCount
    ) -> None:
        match record:
            case LiveHolder():
                self._hold(record)
            case SubscriptionLocation(address=address):
                self.locations[address.subscription_id] = record
            case LiveMarker(holder=holder):
                self.markers[holder] = record
            case StoredAllocation(holder=holder, allocation=allocation):
                self.allocations[holder] = allocation
            case StoredCount(of=of, count=count):
                self.counts[of] = count

    def _add_of_money(self, record: StoredCharge | StoredTransaction | PostedMarker) -> None:
        match record:
            case StoredCharge(charge=charge):
                self.charges[charge.subscription_id, charge.period.index] = record
            case StoredTransaction(place=place, transaction=transaction):
                self._post(transaction, place)
            case PostedMarker(transaction_id=transaction_id, place=place):
                self.posted_markers[transaction_id] = place

    def _add_of_templates(self, record: StoredBasket | StoredStrategy | ScheduleLine) -> None:
        match record:
            case StoredBasket():
                self.baskets.append(record)
            case StoredStrategy(strategy=strategy):
                self.strategies[record.owner.address, strategy.strategy_id] = Planned(
                    record.basket_id, record.basket_version, strategy.status, frozenset(schedule_of(strategy))
                )
            case ScheduleLine():
                self.schedule.append(record)

    def _add_of_keys(self, record: StoredKey | KeyLine | KeyName | StoredClaim) -> None:
        match record:
            case StoredKey():
                self.keys[record.partner_id, record.api_key_id] = record.api_key
            case KeyLine():
                self.key_lines[record.partner_id, record.api_key_id] = record.api_key
            case KeyName():
                self.key_names[record.api_key_id] = record.api_key
            case StoredClaim(fingerprint=fingerprint):
                self.claim = fingerprint

    def _hold(self, record: LiveHolder) -> None:
        subscription = record.subscription
        terms, billing, status = subscription.terms, subscription.billing, subscription.life.status
        self.subscriptions[terms.subscription_id] = Held(
            terms, status, billing.periods_charged, billing.charged_at, record.allocation
        )
        if status.is_live:
            self.holders[record.holder].append(terms.subscription_id)
        if _life_told_by(subscription.history) != subscription.life:
            self.problems.append(
                Difference(terms.subscription_id, "has a status or an instant of one unlike its history")
            )

    def _post(self, transaction: LedgerTransaction, place: str) -> None:
        self.transactions[transaction.transaction_id] += 1
        if transaction.reference is not None:
            self.referenced[transaction.transaction_id] = place
        self.sums[transaction.currency] += sum(entry.amount_minor for entry in transaction.entries)
        if transaction.subscription_id is None or transaction.period_index is None:
            return
        posted = self.posted[transaction.subscription_id, transaction.period_index]
        posted.partners.add(transaction.partner_id)
        debits = sum(entry.amount_minor for entry in transaction.entries if entry.amount_minor > 0)
        commission = transaction.amount_on(AccountKind.PARTNER_COMMISSION)
        if transaction.kind is TransactionKind.CHARGE:
            posted.charged += debits
            posted.commission -= commission
        else:
            posted.refunded += debits
            posted.clawed_back += commission


def _life_told_by(history: Iterable[HistoryEntry]) -> Life | None:
    """The life that the moves of a history lead to; None when the table of moves has no such moves."""
    begun, *moves = history
    life = Life(SubscriptionStatus.ACTIVE, begun.stamp.at)
    try:
        for entry in moves:
            life = life.after(MOVE_TO[entry.status], entry.stamp.at)
    except InvalidStatusTransitionError:
        return None
    return life if begun.status is SubscriptionStatus.ACTIVE else None
