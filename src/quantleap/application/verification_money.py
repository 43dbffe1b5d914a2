"""What differs between subscriptions, their charges and the ledger."""

from collections.abc import Iterator

from quantleap.application.verification_books import Books, Difference, Held, Posted
from quantleap.domain.billing.charge import Charge
from quantleap.ports.verification import StoredCharge


def money_differences(books: Books) -> Iterator[Difference]:
    """Every difference of this kind."""
    yield from _ledger_differences(books)
    yield from _period_differences(books)
    yield from _subscription_differences(books)
    yield from _marker_differences(books)


def _ledger_differences(books: Books) -> Iterator[Difference]:
    for currency, total in books.sums.items():
        if total:
            yield Difference(f"ledger {currency}", f"sums to {total} minor units, not zero")
    for transaction_id, times in books.transactions.items():
        if times > 1:
            yield Difference(transaction_id, f"was posted {times} times")


def _period_differences(books: Books) -> Iterator[Difference]:
    for key in sorted(books.charges.keys() | books.posted.keys()):
        subject = f"period {key[1]} of {key[0]}"
        stored, posted = books.charges.get(key), books.posted.get(key)
        if stored is None or posted is None:
            yield Difference(
                subject, "is in the ledger and has no charge" if stored is None else "is not in the ledger"
            )
            continue
        expected = _posted_for(stored.charge)
        if posted != expected:
            yield Difference(subject, f"the ledger has {posted}, the charge {expected}")


def _posted_for(charge: Charge) -> Posted:
    partner = None if charge.partner_id is None else str(charge.partner_id)
    return Posted(
        charge.amount.minor, charge.commission.minor, charge.refunded_minor, charge.clawed_back_minor, {partner}
    )


def _subscription_differences(books: Books) -> Iterator[Difference]:
    for subscription_id, held in books.subscriptions.items():
        charged = held.periods_charged
        indexes = [index for index in range(charged) if (subscription_id, index) not in books.charges]
        if indexes or (subscription_id, charged) in books.charges:
            yield Difference(subscription_id, f"says {charged} periods were charged, its charges differ")
            continue
        last = books.charges.get((subscription_id, charged - 1))
        if held.charged_at != (None if last is None else last.charge.posted_at):
            yield Difference(subscription_id, "was last charged at another instant than its last charge")
    for (subscription_id, index), stored in books.charges.items():
        held_by = books.subscriptions.get(subscription_id)
        subject = f"period {index} of {subscription_id}"
        if held_by is None:
            yield Difference(subject, "has a charge and the subscription does not exist")
        elif not _is_of(stored, held_by):
            yield Difference(subject, "was charged on other terms than its subscription's")


def _is_of(stored: StoredCharge, held: Held) -> bool:
    charge, terms = stored.charge, held.terms
    of_charge = (charge.partner_id, charge.basket_id, charge.rate, charge.amount, charge.period.anchor, stored.mode)
    of_terms = (terms.partner_id, terms.basket_id, terms.commission_rate, terms.price, terms.started_on, terms.mode)
    return of_charge == of_terms


def _marker_differences(books: Books) -> Iterator[Difference]:
    for transaction_id in sorted(books.referenced.keys() | books.posted_markers.keys()):
        place, marked = books.referenced.get(transaction_id), books.posted_markers.get(transaction_id)
        if place is None or marked is None:
            yield Difference(
                transaction_id, "is marked as posted and is not" if place is None else "could be posted again"
            )
        elif place != marked and books.transactions[transaction_id] == 1:
            yield Difference(transaction_id, "is marked as posted elsewhere than it is")
