"""What differs between subscriptions and what follows from them: markers, allocations, locations, counters."""

from collections import Counter
from collections.abc import Iterator

from quantleap.application.following import counted_by
from quantleap.application.verification_books import Books, Difference
from quantleap.ports.counters import Counted, StatusCount

REPAIR = "`quantleap recount` repairs it"


def subscription_differences(books: Books) -> Iterator[Difference]:
    """Every difference of this kind."""
    yield from _marker_differences(books)
    yield from _allocation_differences(books)
    yield from _location_differences(books)
    yield from _counter_differences(books)


def _marker_differences(books: Books) -> Iterator[Difference]:
    for holder, live in books.holders.items():
        if len(live) > 1:
            yield Difference(live[0], f"is one of {len(live)} live subscriptions of one user and template")
        marker = books.markers.get(holder)
        if marker is None or marker.subscription_id not in live:
            yield Difference(live[0], "is live and its marker is missing or names another")
        elif marker.partner_id != books.subscriptions[marker.subscription_id].terms.partner_id:
            yield Difference(marker.subscription_id, "has a marker that names another partner")
    for holder, marker in books.markers.items():
        if holder not in books.holders:
            yield Difference(marker.subscription_id, "has a marker of a live subscription and is not live")


def _allocation_differences(books: Books) -> Iterator[Difference]:
    for holder, live in books.holders.items():
        for subscription_id in live:
            if books.subscriptions[subscription_id].allocation != books.allocations.get(holder):
                yield Difference(subscription_id, "trades by another allocation than its user's")


def _location_differences(books: Books) -> Iterator[Difference]:
    for subscription_id in sorted(books.subscriptions.keys() ^ books.locations.keys()):
        missing = "where it lives is not recorded" if subscription_id in books.subscriptions else "does not exist"
        yield Difference(subscription_id, missing)
    for subscription_id, location in books.locations.items():
        held = books.subscriptions.get(subscription_id)
        if held is None:
            continue
        terms, address = held.terms, location.address
        recorded = (address.mode, address.user, location.basket_id, location.partner_id)
        if (terms.mode, terms.user, terms.basket_id, terms.partner_id) != recorded:
            yield Difference(subscription_id, "lives elsewhere than recorded")


def _counter_differences(books: Books) -> Iterator[Difference]:
    counted = Counter(
        counter for held in books.subscriptions.values() for counter in counted_by(held.terms, held.status)
    )
    for of in sorted(counted.keys() | books.counts.keys(), key=str):
        says, there_are = books.counts.get(of, 0), _spelled(of, counted[of])
        if of not in books.counts and not isinstance(of, StatusCount):
            yield Difference(of, f"{there_are} and does not exist")
        elif says is None:
            yield Difference(_subject(of), f"{there_are} and no counter that can be read: {REPAIR}")
        elif says != counted[of]:
            yield Difference(_subject(of), f"{there_are}, its counter says {says}: {REPAIR}")


def _subject(of: Counted) -> str:
    return str(of.partner_id) if isinstance(of, StatusCount) else of


def _spelled(of: Counted, count: int) -> str:
    return f"has {count} {of.status if isinstance(of, StatusCount) else 'live'} subscriptions"
