"""What each subscriber trades in an ENTRY run: lots and slices for every account and leg, or why nothing."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from attrs import frozen

from quantleap.domain.execution.frame import EntryFrame
from quantleap.domain.execution.order_intent import MAX_INTENTS_PER_CLAIM
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import RunKind
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.lots.allocation import AccountLots, Allocation, AllocationMode, BrokerAccount, allocate
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.lots.scaling import BaseLots, LotSkipReason, LotWarning, ScaledLots, scale_lots
from quantleap.domain.lots.slicing import cut_each, largest_order
from quantleap.domain.marketplace.leg import Action

MEMO_ENTRIES = 1024
"""Different multipliers and order limits a planner remembers at once: every hundredth from 0.1 to 10 is 991 of them.
Where few come twice, every entry more costs memory and garbage collection, and saves nothing."""

_SPLIT = AllocationMode.SPLIT  # read once: looking a member up costs as much as cutting a leg into orders
_REASONS = {reason: SkipReason(reason) for reason in LotSkipReason}


class PlanOutcome(StrEnum):
    """Whether anything is traded for a subscriber."""

    PLANNED = "PLANNED"
    SKIPPED = "SKIPPED"


class ExitWarning(StrEnum):
    """What somebody reading an exit's plan should know."""

    EXIT_CONTINUES = "EXIT_CONTINUES"
    """Not everything could be left at once: the rest needs a further exit."""


@frozen(kw_only=True)
class PlanRow:
    """What one ACTIVE subscription contributes to an ENTRY. `ends_on` is its last day, `version` its own version."""

    subscription_id: str
    mode: Mode
    partner_id: PartnerId | None
    multiplier: Multiplier
    ends_on: date | None
    allocation: Allocation | None
    version: int


@frozen
class LegPlan:
    """`lots` of one leg in one account, and the lots of each order, none where the account is skipped.

    `action` is the strategy's: an exit's orders do the opposite. `instrument` is the contract held; an entry has none
    until its strike is chosen.
    """

    leg_id: str
    action: Action
    lots: int
    lot_size: int
    expiry: date
    slices: tuple[int, ...]
    instrument: str | None = None

    @property
    def quantity(self) -> int:
        """Units of the contract."""
        return self.lots * self.lot_size


def in_order(legs: Iterable[LegPlan], kind: RunKind) -> list[LegPlan]:
    """The legs as orders are sent: an entry buys before it sells, so that none is naked; an exit is the reverse."""
    entry = sorted(legs, key=lambda leg: leg.action is Action.SELL)
    return entry if kind is RunKind.ENTRY else entry[::-1]


@frozen
class LegTerms:
    """What is the same of a leg for every account; LegPlan explains it."""

    leg_id: str
    action: Action
    lot_size: int
    expiry: date
    instrument: str | None = None


# Share, AccountPlan and SubscriberPlan are made for every subscriber: a named tuple takes half the time of attrs.


class Share(NamedTuple):
    """What an account trades: its legs in the strategy's order, and when `skip_reason` is set, why none of it.

    Held in columns, an item a leg: `terms` are everybody's, `lots` and the `slices` they are cut into the account's.
    `units` of the primitive vector, None where each leg was rounded by itself or positions are left.
    """

    terms: tuple[LegTerms, ...]
    lots: tuple[int, ...]
    slices: tuple[tuple[int, ...], ...]
    units: int | None
    skip_reason: SkipReason | None
    warnings: tuple[LotWarning | ExitWarning, ...]

    @property
    def legs(self) -> tuple[LegPlan, ...]:
        """The columns leg by leg, put together at each reading."""
        columns = zip(self.terms, self.lots, self.slices, strict=True)
        return tuple([_leg_plan(terms, lots, slices) for terms, lots, slices in columns])


def _leg_plan(terms: LegTerms, lots: int, slices: tuple[int, ...]) -> LegPlan:
    return LegPlan(terms.leg_id, terms.action, lots, terms.lot_size, terms.expiry, slices, terms.instrument)


class AccountPlan(NamedTuple):
    """One broker account and its share. Accounts that trade alike by a multiplier mostly hold the same value."""

    broker_id: str
    broker_account_id: str
    share: Share


class SubscriberPlan(NamedTuple):
    """The answer for one subscription. SKIPPED: `skip_reason` is its own, or that of its first account.

    `shortfall_units` are the whole units that no account could take.
    """

    subscription_id: str
    mode: Mode
    partner_id: PartnerId | None
    subscription_version: int
    skip_reason: SkipReason | None
    accounts: tuple[AccountPlan, ...]
    shortfall_units: int

    @property
    def outcome(self) -> PlanOutcome:
        """PLANNED when at least one account trades."""
        return PlanOutcome.PLANNED if self.skip_reason is None else PlanOutcome.SKIPPED


class Planner:
    """Plans an ENTRY, one subscriber at a time. Same frame and row, same plan: what it remembers only saves time."""

    def __init__(self, frame: EntryFrame) -> None:
        legs = frame.strategy.legs
        self._frame = frame
        self._base_lots = BaseLots([leg.lots for leg in legs])
        self._terms = tuple(LegTerms(leg.leg_id, leg.action, frame.lot_size, frame.expiry) for leg in legs)
        self._largest_order = largest_order(lot_size=frame.lot_size, max_order_quantity=frame.max_order_quantity)
        self._memo: dict[tuple[int, int | None], Share] = {}

    def plan(self, row: PlanRow) -> SubscriberPlan:
        """The subscriber's plan. Never raises for a row whose values are well formed: a refusal is a reason code."""
        allocation, frame = row.allocation, self._frame
        skip_reason = frame.skip_reason
        if skip_reason is None and row.ends_on is not None and row.ends_on < frame.run.trade_date:
            skip_reason = SkipReason.ENDED
        if skip_reason is not None or allocation is None:
            return _nothing(row, skip_reason or SkipReason.NO_ALLOCATION)
        if allocation.mode is _SPLIT:
            accounts, shortfall_units = self._split(row.multiplier, allocation)
        else:
            accounts, shortfall_units = self._multiply(row.multiplier, allocation.accounts), 0
        return SubscriberPlan(
            row.subscription_id,
            row.mode,
            row.partner_id,
            row.version,
            _why_nothing(accounts),
            accounts,
            shortfall_units,
        )

    def plan_all(self, rows: Iterable[PlanRow]) -> Iterator[SubscriberPlan]:
        """The plans in the rows' order; each row is read when its plan is asked for, and none is kept."""
        return map(self.plan, rows)

    def _multiply(self, subscribed: Multiplier, accounts: tuple[BrokerAccount, ...]) -> tuple[AccountPlan, ...]:
        """Each account by its own multiplier or else the subscription's: like others with that one and its limit."""
        plans = []
        for account in accounts:
            multiplier, limit = account.lot_multiplier or subscribed, account.max_lots_per_order
            share = self._memo.get((multiplier.micros, limit)) or self._remember(multiplier, limit)
            plans.append(AccountPlan(account.broker_id, account.broker_account_id, share))
        return tuple(plans)

    def _remember(self, multiplier: Multiplier, limit: int | None) -> Share:
        memo = self._memo
        if len(memo) >= MEMO_ENTRIES:
            memo.clear()
        share = self._share(scale_lots(self._base_lots, multiplier, self._frame.rounding), limit)
        memo[multiplier.micros, limit] = share
        return share

    def _split(self, multiplier: Multiplier, allocation: Allocation) -> tuple[tuple[AccountPlan, ...], int]:
        """Each account's part depends on all the others, so nothing of it is remembered."""
        frame = self._frame
        allocated = allocate(self._base_lots, frame.rounding, multiplier, allocation, frame.on_shortfall)
        plans = []
        for entry in allocated.entries:
            account = entry.account
            share = self._share(entry, account.max_lots_per_order)
            plans.append(AccountPlan(account.broker_id, account.broker_account_id, share))
        return tuple(plans), allocated.shortfall_units

    def _share(self, traded: ScaledLots | AccountLots, limit: int | None) -> Share:
        lots, skip_reason = traded.lots, None if traded.skip_reason is None else _REASONS[traded.skip_reason]
        slices = cut_each(lots, self._largest_order if limit is None else min(limit, self._largest_order))
        if sum(map(len, slices)) > MAX_INTENTS_PER_CLAIM:
            slices, skip_reason = ((),) * len(lots), SkipReason.TOO_MANY_SLICES
        return Share(self._terms, lots, slices, traded.units, skip_reason, traded.warnings)


def _why_nothing(accounts: tuple[AccountPlan, ...]) -> SkipReason | None:
    """None when an account trades, else the reason of the first."""
    for account in accounts:
        if account.share.skip_reason is None:
            return None
    return accounts[0].share.skip_reason


def _nothing(row: PlanRow, skip_reason: SkipReason) -> SubscriberPlan:
    return SubscriberPlan(row.subscription_id, row.mode, row.partner_id, row.version, skip_reason, (), 0)
