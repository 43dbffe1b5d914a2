"""Re-derives what the store keeps twice, and names every difference."""

from collections import Counter
from collections.abc import Iterator

from attrs import frozen

from quantleap.application.counting import Counting
from quantleap.application.verification_books import Books, Difference, Posted
from quantleap.domain.identifiers import Mode
from quantleap.domain.principals import Principal, require_admin
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.verification import WholeStore

__all__ = ["Difference", "Verdict", "Verifying"]


@frozen
class Verdict:
    """How much was checked, and what differs."""

    subscriptions: int
    charges: int
    transactions: int
    differences: tuple[Difference, ...]


class Verifying:
    """Checks ledger, charges, markers, allocations, locations and counters against each other."""

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
        books = Books()
        try:
            self._counting.follow()
        except CorruptDataError as error:
            books.unreadable.append(Difference("change feed", str(error)))
        for record in self._store.records():
            books.add(record)
        differences = (
            *books.unreadable,
            *_money_differences(books),
            *_posting_differences(books),
            *_marker_differences(books),
            *_allocation_differences(books),
            *_location_differences(books),
            *_counter_differences(books),
        )
        return Verdict(len(books.subscriptions), len(books.charges), books.transactions.total(), differences)


def _money_differences(books: Books) -> Iterator[Difference]:
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
        expected = Posted(charge.amount.minor, charge.commission.minor, charge.refunded_minor, charge.clawed_back_minor)
        if posted != expected:
            yield Difference(subject, f"the ledger has {posted}, the charge {expected}")
    for subscription_id, held in books.subscriptions.items():
        charged = held.periods_charged
        indexes = [index for index in range(charged) if (subscription_id, index) not in books.charges]
        if indexes or (subscription_id, charged) in books.charges:
            yield Difference(subscription_id, f"says {charged} periods were charged, its charges differ")


def _posting_differences(books: Books) -> Iterator[Difference]:
    for transaction_id, times in books.transactions.items():
        if times > 1:
            yield Difference(transaction_id, f"was posted {times} times")
    for transaction_id in sorted(books.referenced ^ books.posted_markers):
        posted = transaction_id in books.referenced
        yield Difference(transaction_id, "could be posted again" if posted else "is marked as posted and is not")


def _allocation_differences(books: Books) -> Iterator[Difference]:
    for holder, live in books.holders.items():
        for subscription_id in live:
            if books.subscriptions[subscription_id].allocation != books.allocations.get(holder):
                yield Difference(subscription_id, "trades by another allocation than its user's")


def _marker_differences(books: Books) -> Iterator[Difference]:
    for holder, live in books.holders.items():
        if len(live) > 1:
            yield Difference(live[0], f"is one of {len(live)} live subscriptions of one user and template")
        if books.markers.get(holder) not in live:
            yield Difference(live[0], "is live and its marker is missing or names another")
    for holder, subscription_id in books.markers.items():
        if holder not in books.holders:
            yield Difference(subscription_id, "has a marker of a live subscription and is not live")


def _location_differences(books: Books) -> Iterator[Difference]:
    for subscription_id in sorted(books.subscriptions.keys() ^ books.locations.keys()):
        missing = "where it lives is not recorded" if subscription_id in books.subscriptions else "does not exist"
        yield Difference(subscription_id, missing)
    for subscription_id, location in books.locations.items():
        held = books.subscriptions.get(subscription_id)
        if held is None:
            continue
        terms = held.terms
        if (terms.user, terms.basket_id, terms.partner_id) != (
            location.address.user,
            location.basket_id,
            location.partner_id,
        ):
            yield Difference(subscription_id, "lives elsewhere than recorded")


def _counter_differences(books: Books) -> Iterator[Difference]:
    live = [held.terms for held in books.subscriptions.values() if held.is_live]
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
