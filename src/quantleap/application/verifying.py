"""Re-derives what the store keeps twice, and names every difference."""

from collections.abc import Iterator

from attrs import frozen

from quantleap.application.feed_walking import Stop
from quantleap.application.following import Followed, Follower
from quantleap.application.verification_books import Books, Difference
from quantleap.application.verification_catalog import catalog_differences
from quantleap.application.verification_money import money_differences
from quantleap.application.verification_subscriptions import subscription_differences
from quantleap.domain.principals import Principal, require_admin
from quantleap.ports.secrets import Secrets
from quantleap.ports.verification import StoredClaim, WholeStore

__all__ = ["Difference", "Verdict", "Verifying"]


@frozen
class Verdict:
    """How much was checked, and what differs."""

    subscriptions: int
    charges: int
    transactions: int
    differences: tuple[Difference, ...]


class Verifying:
    """Checks against each other what the store keeps more than once.

    Ledger, charges and what subscriptions say of them; live markers, allocations and their copies, locations; counters
    and how they follow the feed; baskets, strategies and schedule; keys and the partners' lists of them; a status and
    its history; the keys of table and indexes, and what the record itself says; the platform's keys, and those that the
    store is claimed with.
    """

    def __init__(self, store: WholeStore, follower: Follower, secrets: Secrets) -> None:
        self._store = store
        self._follower = follower
        self._secrets = secrets

    def is_empty(self, by: Principal) -> bool:
        """Whether there is nothing to verify: no template, key, subscription, charge or posting, whoever owns it.

        A claim on it is none of these.
        """
        require_admin(by)
        return all(isinstance(record, StoredClaim) for record in self._store.records())

    def verify(self, by: Principal) -> Verdict:
        """A verdict over the whole store as it is now, the counters brought up to date first. Repairs nothing.

        Best read while nothing is written: what changes meanwhile may be told as a difference.
        """
        require_admin(by)
        books = Books()
        followed = self._follower.catch_up()
        for record in self._store.records():
            books.add(record)
        differences = (
            *_feed_differences(followed),
            *self._claim_differences(books),
            *books.problems,
            *money_differences(books),
            *subscription_differences(books),
            *catalog_differences(books),
        )
        return Verdict(len(books.subscriptions), len(books.charges), books.transactions.total(), differences)

    def _claim_differences(self, books: Books) -> Iterator[Difference]:
        if books.claim is not None and not books.claim.agrees_with(self._secrets.fingerprint()):
            yield Difference("platform's keys", "are not those that the store was made with: bring its own back")


def _feed_differences(followed: Followed) -> Iterator[Difference]:
    for error in followed.unreadable:
        yield Difference("change feed", f"a change was passed over: {error}")
    if followed.stop is Stop.HELD:
        yield Difference("counters", "a recount is under way or was ended early: run `quantleap recount`")
    if followed.stop is Stop.LOST:
        yield Difference("counters", f"do not follow ({followed.reason}): `quantleap recount` repairs it")
