"""Subscriptions, the marker that keeps one live per user and template, and the allocations they trade by."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, TypeAlias

from attrs import frozen

from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.paging import Page, PageRequest
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary
from quantleap.domain.subscriptions.transitions import Transition
from quantleap.ports.unit_of_work import Write

if TYPE_CHECKING:
    from quantleap.domain.execution.plan import PlanRow
    from quantleap.domain.lots.allocation import Allocation
    from quantleap.domain.subscriptions.events import SubscriptionEvent
    from quantleap.ports.feed import FeedBatch


@frozen
class SubscriptionAddress:
    """Where a subscription lives. It never moves."""

    mode: Mode
    user: Email
    subscription_id: str


@frozen
class SubscriptionLocation:
    """The address, and what never changes of what is there."""

    address: SubscriptionAddress
    basket_id: str
    partner_id: PartnerId | None


EventBatch: TypeAlias = "FeedBatch[SubscriptionEvent]"
"""What changes tell of subscriptions."""


class Subscriptions(Protocol):
    """Every subscription, of one mode at a time."""

    def locate(self, mode: Mode, subscription_id: str) -> SubscriptionLocation | None:
        """Where it lives, seeing every commit that returned before."""

    def get(self, address: SubscriptionAddress) -> Subscription | None:
        """The subscription, seeing every commit that returned before."""

    def live(self, mode: Mode, user: Email, basket_id: str) -> Subscription | None:
        """The user's live subscription of that template. It may end between two reads, and is then given as it is."""

    def of_user(
        self, mode: Mode, user: Email, status: SubscriptionStatus | None, page: PageRequest
    ) -> Page[SubscriptionSummary]:
        """A user's subscriptions, the latest day of a change first within a status. May be stale."""

    def of_partner_and_user(
        self, partner_id: PartnerId, user: Email, status: SubscriptionStatus | None, page: PageRequest
    ) -> Page[SubscriptionSummary]:
        """One user's subscriptions made by that partner, in the order of `of_user`; nothing tells of any other."""

    def of_partner(
        self, partner_id: PartnerId, status: SubscriptionStatus | None, page: PageRequest
    ) -> Page[SubscriptionSummary]:
        """A partner's subscriptions, the latest day of a change first within a status. May be stale."""

    def subscribers(
        self, mode: Mode, basket_id: str, status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    ) -> Iterator["PlanRow"]:
        """What a plan needs of each subscriber of a template in that status, read page by page. May be stale."""

    def adding(self, subscription: Subscription, allocation: "Allocation | None") -> list[Write]:
        """Stage a new subscription, where it lives, its marker and its allocation; a leftover one is replaced, or gone.

        Refused with DuplicateSubscriptionError when the user has a live subscription of that template; it names the
        live one to the partner that made it, and to a user who subscribes directly.
        """

    def moving(
        self, address: SubscriptionAddress, transition: Transition, stamp: Stamp, *, only_of: PartnerId | None
    ) -> list[Write]:
        """Stage a move between live statuses, legal only from those the table of moves names at the commit.

        Reads nothing. Refused as `Subscription.move` refuses; with SubscriptionNotFoundError when there is none; with
        NotTheOwnerError when `only_of` is given and it is not that partner's. A refusal whose newest history entry is
        this very request's counts as done.
        """

    def ending(
        self, location: SubscriptionLocation, transition: Transition, stamp: Stamp, *, only_of: PartnerId | None
    ) -> list[Write]:
        """Stage a terminal move, and the removal of the live marker with it. Refused as `moving` is.

        A marker that is missing, or names another subscription, is drift: it is logged, and keeps nothing from passing.
        """

    def charging(self, before: Subscription, after: Subscription) -> list[Write]:
        """Stage a charged period. Refused with PeriodNotChargeableError when it is no longer live or no longer due."""

    def parking(self, before: Subscription, after: Subscription) -> list[Write]:
        """Stage that a subscription is parked, or no longer. Refused with ConcurrentUpdateError when it changed."""

    def events(self, after: str | None, limit: int) -> EventBatch:
        """The facts among the next `limit` changes after that position (None: from the oldest kept), at least once.

        Each subscription's come in order. A change whose images cannot be read is passed over, and told. Raises
        InvalidInputError for a position that the feed never gave, FeedTrimmedError when some of what follows it is no
        longer kept.
        """


class Allocations(Protocol):
    """A user's broker accounts for a basket."""

    def get(self, mode: Mode, user: Email, basket_id: str) -> "Allocation | None":
        """The allocation, seeing every commit that returned before."""

    def replacing(
        self, mode: Mode, user: Email, basket_id: str, allocation: "Allocation | None", stamp: Stamp
    ) -> list[Write]:
        """Stage the allocation, which keeps the stamp (None: its removal), and its copy on the live subscription.

        Reads which subscription is live; refused with ConcurrentUpdateError when that changes before the commit.
        """
