"""What each subscriber trades in an ENTRY run: lots and slices for every account and leg, or why nothing."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from enum import StrEnum

from attrs import frozen

from quantleap.domain.execution.frame import EntryFrame
from quantleap.domain.execution.order_intent import MAX_INTENTS_PER_CLAIM
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import RunKind
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.lots.allocation import AccountLots, Allocation, AllocationMode, allocate
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.lots.scaling import BaseLots, LotWarning
from quantleap.domain.lots.slicing import slice_lots
from quantleap.domain.marketplace.leg import Action

MEMO_ENTRIES = 4096
"""Different combinations of multiplier and account settings a planner remembers at once."""


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
class Share:
    """What an account trades: its legs in the strategy's order, and when `skip_reason` is set, why none of it.

    `units` of the primitive vector, None where each leg was rounded by itself or positions are left.
    """

    legs: tuple[LegPlan, ...]
    units: int | None
    skip_reason: SkipReason | None
    warnings: tuple[LotWarning | ExitWarning, ...]


@frozen
class AccountPlan:
    """One broker account and its share. Accounts that trade alike hold the same value."""

    broker_id: str
    broker_account_id: str
    share: Share


@frozen
class SubscriberPlan:
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


@frozen
class _Trade:
    """What everybody with the same multiplier and account settings trades: the part of a plan that is shared."""

    shares: tuple[Share, ...]
    skip_reason: SkipReason | None
    shortfall_units: int


class Planner:
    """Plans an ENTRY, one subscriber at a time. Same frame and row, same plan: what it remembers only saves time."""

    def __init__(self, frame: EntryFrame) -> None:
        self._frame = frame
        self._base_lots = BaseLots([leg.lots for leg in frame.strategy.legs])
        self._memo: dict[Hashable, _Trade] = {}

    def plan(self, row: PlanRow) -> SubscriberPlan:
        """The subscriber's plan. Never raises for a row whose values are well formed: a refusal is a reason code."""
        allocation = row.allocation
        skip_reason = self._frame.skip_reason
        if skip_reason is None and row.ends_on is not None and row.ends_on < self._frame.run.trade_date:
            skip_reason = SkipReason.ENDED
        if skip_reason is not None or allocation is None:
            return _nothing(row, skip_reason or SkipReason.NO_ALLOCATION)
        trade = self._trade_of(row.multiplier, allocation)
        return SubscriberPlan(
            row.subscription_id,
            row.mode,
            row.partner_id,
            row.version,
            trade.skip_reason,
            tuple(
                [
                    AccountPlan(account.broker_id, account.broker_account_id, share)
                    for account, share in zip(allocation.accounts, trade.shares, strict=True)
                ]
            ),
            trade.shortfall_units,
        )

    def plan_all(self, rows: Iterable[PlanRow]) -> Iterator[SubscriberPlan]:
        """The plans in the rows' order; each row is read when its plan is asked for, and none is kept."""
        return map(self.plan, rows)

    def _trade_of(self, multiplier: Multiplier, allocation: Allocation) -> _Trade:
        key = (multiplier.micros, _settings(allocation))
        trade = self._memo.get(key)
        if trade is None:
            trade = self._traded(multiplier, allocation)
            if len(self._memo) >= MEMO_ENTRIES:
                self._memo.clear()
            self._memo[key] = trade
        return trade

    def _traded(self, multiplier: Multiplier, allocation: Allocation) -> _Trade:
        allocated = allocate(self._base_lots, self._frame.rounding, multiplier, allocation, self._frame.on_shortfall)
        shares = tuple([self._share(entry) for entry in allocated.entries])
        trades = any(share.skip_reason is None for share in shares)
        return _Trade(shares, None if trades else shares[0].skip_reason, allocated.shortfall_units)

    def _share(self, entry: AccountLots) -> Share:
        slices = [self._slices(lots, entry.account.max_lots_per_order) for lots in entry.lots]
        skip_reason = None if entry.skip_reason is None else SkipReason(entry.skip_reason)
        if skip_reason is None and sum(map(len, slices)) > MAX_INTENTS_PER_CLAIM:
            skip_reason = SkipReason.TOO_MANY_SLICES
        frame = self._frame
        legs = [
            LegPlan(leg.leg_id, leg.action, lots, frame.lot_size, frame.expiry, () if skip_reason else cut)
            for leg, lots, cut in zip(frame.strategy.legs, entry.lots, slices, strict=True)
        ]
        return Share(tuple(legs), entry.units, skip_reason, entry.warnings)

    def _slices(self, lots: int, max_lots_per_order: int | None) -> tuple[int, ...]:
        return slice_lots(
            lots,
            lot_size=self._frame.lot_size,
            max_order_quantity=self._frame.max_order_quantity,
            max_lots_per_order=max_lots_per_order,
        )


def _settings(allocation: Allocation) -> Hashable:
    """All of an allocation that its slices depend on. Ids count in a split only, where their order breaks ties."""
    accounts = allocation.accounts
    if allocation.mode is AllocationMode.MULTIPLY:
        return tuple([(a.lot_multiplier.micros if a.lot_multiplier else None, a.max_lots_per_order) for a in accounts])
    by_id = sorted(range(len(accounts)), key=lambda at: (accounts[at].broker_id, accounts[at].broker_account_id))
    return (
        tuple([(a.weight, a.cap_units, a.priority, a.max_lots_per_order) for a in accounts]),
        tuple(by_id),
    )


def _nothing(row: PlanRow, skip_reason: SkipReason) -> SubscriberPlan:
    return SubscriberPlan(row.subscription_id, row.mode, row.partner_id, row.version, skip_reason, (), 0)
