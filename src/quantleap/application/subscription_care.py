"""Pausing, resuming, cancelling, expiring and reading subscriptions."""

from datetime import datetime
from functools import partial

from attrs import frozen

from quantleap.application.finding import Finding
from quantleap.application.paging import Paging
from quantleap.application.partner_counts import PartnerCounts
from quantleap.application.stamping import Stamping
from quantleap.domain.errors import PermissionDeniedError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.paging import ListPage, ListRequest, Page, PageRequest
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import (
    Admin,
    PartnerBackend,
    Principal,
    System,
    User,
    require_admin,
    require_permission,
)
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary
from quantleap.domain.subscriptions.transitions import MOVES, Transition
from quantleap.ports.subscriptions import Subscriptions
from quantleap.ports.unit_of_work import UnitOfWork


@frozen
class StatusChange:
    """What a move did."""

    subscription_id: str
    transition: Transition
    status: SubscriptionStatus
    at: datetime


class SubscriptionCare:
    """Moves and reads. A partner sees only what is its own, a user only theirs, an admin both."""

    def __init__(
        self,
        *,
        subscriptions: Subscriptions,
        finding: Finding,
        counts: PartnerCounts,
        units: UnitOfWork,
        stamping: Stamping,
        paging: Paging,
    ) -> None:
        self._subscriptions = subscriptions
        self._finding = finding
        self._counts = counts
        self._units = units
        self._stamping = stamping
        self._paging = paging

    def pause(
        self, by: Principal, subscription_id: str, *, reason: str | None = None, request_id: str | None = None
    ) -> StatusChange:
        """ACTIVE to PAUSED: nothing is entered, billing goes on, exits follow open positions.

        Raises SubscriptionNotFoundError, NotTheOwnerError, InvalidStatusTransitionError, HistoryFullError,
        PermissionDeniedError. Repeated under one request id it succeeds again.
        """
        return self._move(by, subscription_id, Transition.PAUSE, reason, request_id)

    def resume(
        self, by: Principal, subscription_id: str, *, reason: str | None = None, request_id: str | None = None
    ) -> StatusChange:
        """PAUSED to ACTIVE. Raises as `pause` does."""
        return self._move(by, subscription_id, Transition.RESUME, reason, request_id)

    def cancel(
        self, by: Principal, subscription_id: str, *, reason: str | None = None, request_id: str | None = None
    ) -> StatusChange:
        """ACTIVE or PAUSED to CANCELLED, for good; the user may subscribe anew. Raises as `pause` does."""
        return self._end(by, subscription_id, Transition.CANCEL, reason, request_id)

    def expire(
        self, by: Principal, subscription_id: str, *, reason: str | None = None, request_id: str | None = None
    ) -> StatusChange:
        """ACTIVE or PAUSED to EXPIRED, by the platform: payment failed, or it ended unrenewed. Raises as `pause`."""
        require_admin(by)
        return self._end(by, subscription_id, Transition.EXPIRE, reason, request_id)

    def get(self, by: Principal, subscription_id: str) -> Subscription:
        """The subscription with its history. Raises SubscriptionNotFoundError, NotTheOwnerError."""
        require_permission(by, Permission.SUBSCRIPTIONS_READ)
        return self._finding.at(self._finding.address(by, subscription_id))

    def of_user(
        self, by: Principal, status: SubscriptionStatus | None, request: ListRequest
    ) -> ListPage[SubscriptionSummary]:
        """The subscriptions of the user who asks, the latest day of a change first within a status.

        Raises PermissionDeniedError, and InvalidInputError for a cursor of another list or principal.
        """
        if not isinstance(by, User):
            raise PermissionDeniedError("user")
        return self._paging.page(
            by,
            request,
            ("subscriptions.of_user", status),
            lambda page: self._subscriptions.of_user(Mode.LIVE, by.email, status, page),
        )

    def of_partner(
        self,
        by: Principal,
        status: SubscriptionStatus | None,
        request: ListRequest,
        *,
        partner_id: PartnerId | None = None,
        user: Email | None = None,
    ) -> ListPage[SubscriptionSummary]:
        """A partner's subscriptions (its own when a partner asks), or those of them that one user has.

        In the order of `of_user`, and raises as that does. The total of all users' is from counters, seconds behind.
        """
        require_permission(by, Permission.SUBSCRIPTIONS_READ)
        of = _partner_asked_for(by, partner_id)

        def read(page: PageRequest) -> Page[SubscriptionSummary]:
            if user is None:
                return self._subscriptions.of_partner(of, status, page)
            return self._subscriptions.of_partner_and_user(of, user, status, page)

        email = None if user is None else user.address
        return self._paging.page(
            by,
            request,
            ("subscriptions.of_partner", str(of), email, status),
            read,
            count=partial(self._count, of, status) if user is None else None,
        )

    def _count(self, partner_id: PartnerId, status: SubscriptionStatus | None) -> int:
        return self._counts.all(partner_id) if status is None else self._counts.of(partner_id, status)

    def _move(
        self, by: Principal, subscription_id: str, transition: Transition, reason: str | None, request_id: str | None
    ) -> StatusChange:
        require_permission(by, Permission.SUBSCRIPTIONS_WRITE)
        stamp = self._stamping.stamp(by, request_id=request_id, reason=reason)
        address = self._finding.address(by, subscription_id)
        change = StatusChange(subscription_id, transition, MOVES[transition].target, stamp.at)
        self._units.commit(*self._subscriptions.moving(address, transition, stamp, only_of=_wall(by)), outcome=change)
        return change

    def _end(
        self, by: Principal, subscription_id: str, transition: Transition, reason: str | None, request_id: str | None
    ) -> StatusChange:
        require_permission(by, Permission.SUBSCRIPTIONS_WRITE)
        stamp = self._stamping.stamp(by, request_id=request_id, reason=reason)
        location = self._finding.location(by, subscription_id)
        change = StatusChange(subscription_id, transition, MOVES[transition].target, stamp.at)
        self._units.commit(*self._subscriptions.ending(location, transition, stamp, only_of=_wall(by)), outcome=change)
        return change


def _wall(by: Principal) -> PartnerId | None:
    """The partner whose subscriptions alone the caller may write: asked again at the commit."""
    return by.partner_id if isinstance(by, PartnerBackend) else None


def _partner_asked_for(by: Principal, partner_id: PartnerId | None) -> PartnerId:
    match by:
        case PartnerBackend(partner_id=own) if partner_id in (None, own):
            return own
        case Admin() | System() if partner_id is not None:
            return partner_id
        case _:
            raise PermissionDeniedError(Permission.SUBSCRIPTIONS_READ.value)
