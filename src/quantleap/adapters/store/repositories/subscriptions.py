"""Subscriptions over any engine."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quantleap.adapters.store import keys, table
from quantleap.adapters.store.records.subscriptions import (
    history_map,
    life_attributes,
    location_item,
    marker_item,
    read_location,
    read_subscription,
    read_summary,
    subscription_item,
)
from quantleap.adapters.store.records.values import Reading, instant_text, maybe_instant_text, stamped, without_absent
from quantleap.adapters.store.repositories.paging import every_item, one_page, walled_page
from quantleap.adapters.store.seam import (
    AllOf,
    Change,
    Condition,
    Delete,
    Engine,
    Equals,
    Item,
    ItemAbsent,
    Missing,
    OneOf,
    Put,
    Query,
    ShorterThan,
    Update,
)
from quantleap.adapters.store.unit_of_work import StagedWrite, never_refused
from quantleap.domain.errors import (
    AlreadyExistsError,
    ConcurrentUpdateError,
    DomainError,
    DuplicateSubscriptionError,
    NotTheOwnerError,
    PeriodNotChargeableError,
    SubscriptionNotFoundError,
)
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.paging import Page, PageRequest
from quantleap.domain.subscriptions.history import MAX_HISTORY_ENTRIES, HistoryEntry, Stamp
from quantleap.domain.subscriptions.status import LIVE_STATUSES, SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Life, Subscription, SubscriptionSummary
from quantleap.domain.subscriptions.terms import Terms
from quantleap.domain.subscriptions.transitions import MOVES, Move, Transition
from quantleap.ports.subscriptions import EventBatch, SubscriptionAddress, SubscriptionLocation
from quantleap.ports.unit_of_work import Write

if TYPE_CHECKING:
    from quantleap.domain.execution.plan import PlanRow
    from quantleap.domain.lots.allocation import Allocation
    from quantleap.domain.subscriptions.events import SubscriptionEvent


class StoredSubscriptions:
    """See `quantleap.ports.subscriptions.Subscriptions`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def locate(self, mode: Mode, subscription_id: str) -> SubscriptionLocation | None:
        """One consistent get."""
        item = self._engine.get(keys.subscription_location(mode, subscription_id), consistent=True)
        return None if item is None else read_location(mode, subscription_id, item)

    def get(self, address: SubscriptionAddress) -> Subscription | None:
        """One consistent get."""
        item = self._engine.get(keys.subscription(address.mode, address.user, address.subscription_id), consistent=True)
        return None if item is None else read_subscription(item)

    def live(self, mode: Mode, user: Email, basket_id: str) -> Subscription | None:
        """A consistent get of the marker, and one of what it names."""
        marker = self._engine.get(keys.live_marker(mode, user, basket_id), consistent=True)
        if marker is None:
            return None
        return self.get(SubscriptionAddress(mode, user, Reading(marker).text("live_subscription")))

    def of_user(
        self, mode: Mode, user: Email, status: SubscriptionStatus | None, page: PageRequest
    ) -> Page[SubscriptionSummary]:
        """One query of the user's index."""
        query = _by_status(table.USER_SUBSCRIPTIONS, keys.in_mode(mode, user.address), status)
        return one_page(self._engine, query, page, read_summary)

    def of_partner_and_user(
        self, partner_id: PartnerId, user: Email, status: SubscriptionStatus | None, page: PageRequest
    ) -> Page[SubscriptionSummary]:
        """Queries of the user's index until the page is full, and one more where it is and something follows."""
        query = _by_status(table.USER_SUBSCRIPTIONS, keys.in_mode(partner_id.mode, user.address), status)
        return walled_page(
            self._engine, query, page, lambda item: item.get("partner_id") == str(partner_id), read_summary
        )

    def of_partner(
        self, partner_id: PartnerId, status: SubscriptionStatus | None, page: PageRequest
    ) -> Page[SubscriptionSummary]:
        """One query of the partner's index."""
        query = _by_status(table.PARTNER_SUBSCRIPTIONS, str(partner_id), status)
        return one_page(self._engine, query, page, read_summary)

    def subscribers(
        self, mode: Mode, basket_id: str, status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    ) -> Iterator["PlanRow"]:
        """The pages of one query of the template's index."""
        from quantleap.adapters.store.records.plan_rows import read_plan_row  # noqa: PLC0415 - planning is for few

        query = _by_status(table.TEMPLATE_SUBSCRIBERS, keys.in_mode(mode, basket_id), status)
        return map(read_plan_row, every_item(self._engine, query))

    def adding(self, subscription: Subscription, allocation: "Allocation | None") -> list[Write]:
        """Three puts that must find nothing, and the allocation, whatever an earlier subscription left."""
        terms = subscription.terms
        location = SubscriptionLocation(
            SubscriptionAddress(terms.mode, terms.user, terms.subscription_id), terms.basket_id, terms.partner_id
        )

        def duplicate(marker: Item | None) -> DomainError:
            return _duplicate(location, marker)

        def taken(_: Item | None) -> DomainError:
            return AlreadyExistsError("subscription", terms.subscription_id)

        writes: list[Write] = [
            StagedWrite(Put(marker_item(location), ItemAbsent()), duplicate),
            StagedWrite(Put(subscription_item(subscription, allocation), ItemAbsent()), taken),
            StagedWrite(Put(location_item(location), ItemAbsent()), taken),
        ]
        return [*writes, _allocation_write(terms, allocation, subscription.history[0].stamp)]

    def moving(
        self, address: SubscriptionAddress, transition: Transition, stamp: Stamp, *, only_of: PartnerId | None
    ) -> list[Write]:
        """One conditional update."""
        move = MOVES[transition]
        assigned = without_absent(life_attributes(Life(move.target, stamp.at)))
        if move.stamps:
            assigned[move.stamps] = instant_text(stamp.at)
        update = Update(
            keys.subscription(address.mode, address.user, address.subscription_id),
            assign=assigned,
            add={"version": 1},
            append={"status_history": [history_map(HistoryEntry(move.target, stamp))]},
            condition=_movable(move, only_of),
        )
        return [StagedWrite(update, lambda old: _why_not_moved(address, transition, stamp, only_of, old))]

    def ending(
        self, location: SubscriptionLocation, transition: Transition, stamp: Stamp, *, only_of: PartnerId | None
    ) -> list[Write]:
        """The conditional update, and the conditional removal of the marker."""
        return [*self.moving(location.address, transition, stamp, only_of=only_of), _marker_removal(location)]

    def charging(self, before: Subscription, after: Subscription) -> list[Write]:
        """One update, conditional on what billing decided by: live, unparked, and that period next."""
        terms, billing = after.terms, after.billing
        condition = AllOf(
            (
                OneOf("status", LIVE_STATUSES),
                Missing("parked"),
                Equals("periods_charged", before.billing.periods_charged),
            )
        )
        update = Update(
            keys.subscription(terms.mode, terms.user, terms.subscription_id),
            assign=without_absent(
                {"periods_charged": billing.periods_charged, "charged_at": maybe_instant_text(billing.charged_at)}
            ),
            add={"version": 1},
            condition=condition,
        )

        def refused(_: Item | None) -> DomainError:
            return PeriodNotChargeableError(
                terms.subscription_id, before.billing.periods_charged, "it was charged, ended or parked meanwhile"
            )

        return [StagedWrite(update, refused)]

    def parking(self, before: Subscription, after: Subscription) -> list[Write]:
        """One update, conditional on the version."""
        terms, parked = after.terms, after.billing.parked
        update = Update(
            keys.subscription(terms.mode, terms.user, terms.subscription_id),
            assign={} if parked is None else {"parked": parked},
            remove=("parked",) if parked is None else (),
            add={"version": 1},
            condition=Equals("version", before.version),
        )

        def changed(_: Item | None) -> DomainError:
            return ConcurrentUpdateError(f"subscription {terms.subscription_id}")

        return [StagedWrite(update, changed)]

    def events(self, after: str | None, limit: int) -> EventBatch:
        """Derived from the images of changed subscription items."""
        from quantleap.adapters.store.repositories.feed import read_feed  # noqa: PLC0415 - of followers alone

        return read_feed(self._engine, after, limit, _events_of)


def _allocation_write(terms: Terms, allocation: "Allocation | None", stamp: Stamp) -> StagedWrite:
    """What an earlier subscription left is replaced, or removed."""
    if allocation is None:
        return StagedWrite(Delete(keys.allocation(terms.mode, terms.user, terms.basket_id)), never_refused)
    from quantleap.adapters.store.records.allocations import allocation_item  # noqa: PLC0415 - of few

    item = stamped(allocation_item(terms.mode, terms.user, terms.basket_id, allocation), stamp)
    return StagedWrite(Put(item), never_refused)


def _by_status(index: table.Index, partition: str, status: SubscriptionStatus | None) -> Query:
    prefix = None if status is None else f"{status}#"
    return Query(partition, index=index.name, begins_with=prefix, descending=True)


def _movable(move: Move, only_of: PartnerId | None) -> Condition:
    """What `Subscription.move` asks, asked of the item at the commit; and that it is the partner's who asks."""
    conditions: list[Condition] = [OneOf("status", move.sources)]
    if only_of is not None:
        conditions.append(Equals("partner_id", str(only_of)))
    if move.bounded:
        conditions.append(ShorterThan("status_history", MAX_HISTORY_ENTRIES))
    return AllOf(tuple(conditions))


def _why_not_moved(
    address: SubscriptionAddress, transition: Transition, stamp: Stamp, only_of: PartnerId | None, old: Item | None
) -> DomainError | None:
    """The refusal that the domain gives for the item as it was; None when this very request moved it before."""
    if old is None:
        return SubscriptionNotFoundError(address.subscription_id)
    subscription = read_subscription(old)
    if only_of is not None and subscription.terms.partner_id != only_of:
        return NotTheOwnerError()
    if subscription.was_last_changed_by(stamp.request_id) and subscription.life.status is MOVES[transition].target:
        return None
    try:
        subscription.move(transition, stamp)
    except DomainError as error:
        return error
    return ConcurrentUpdateError(f"subscription {address.subscription_id}")


def _marker_removal(location: SubscriptionLocation) -> StagedWrite:
    """Only the marker that names it is removed; where it is missing or another's, the move passes without it."""
    address = location.address
    return StagedWrite(
        Delete(
            keys.live_marker(address.mode, address.user, location.basket_id),
            Equals("live_subscription", address.subscription_id),
        ),
        never_refused,
        drift=f"basket {location.basket_id}: no live marker names {address.subscription_id}",
    )


def _duplicate(location: SubscriptionLocation, marker: Item | None) -> DomainError:
    """The live one is named to the partner that made it, and to the user, whose own it is."""
    reading = Reading(marker or {})
    asked_by = location.partner_id
    if asked_by is not None and reading.maybe_text("live_partner") != str(asked_by):
        return DuplicateSubscriptionError()
    return DuplicateSubscriptionError(reading.maybe_text("live_subscription"))


def _events_of(change: Change) -> Iterator["SubscriptionEvent"]:
    from quantleap.domain.subscriptions.events import events_between  # noqa: PLC0415 - of followers alone

    if change.new is None or change.new.get("entity_type") != "SUBSCRIPTION":
        return iter(())
    before = None if change.old is None else read_subscription(change.old)
    return events_between(before, read_subscription(change.new))
