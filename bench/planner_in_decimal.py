"""The peer of the planner: the same plans, with every leg's lots by Decimal."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_FLOOR, Decimal
from itertools import starmap

from quantleap.domain.execution.frame import EntryFrame
from quantleap.domain.execution.order_intent import MAX_INTENTS_PER_CLAIM
from quantleap.domain.execution.plan import AccountPlan, LegTerms, PlanRow, Share, SubscriberPlan
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.lots.allocation import AllocationMode
from quantleap.domain.lots.scaling import BaseLots, LotRounding, LotWarning
from quantleap.domain.lots.slicing import cut_each, largest_order

_MULTIPLY = AllocationMode.MULTIPLY
_RATIOS_CHANGED = (LotWarning.RATIOS_CHANGED,)
_ONE = Decimal(1)


class DecimalPlanner:
    """Plans rows of mode multiply under `per_leg_floor`: the same values as our planner, after the same checks.

    The checks are who is out for the day, an account's own multiplier and order limit, legs at zero, changed ratios and
    the orders of one claim. What no multiplier touches is ours: the leg's terms are shared, orders cut by the same
    function. It scales straight into a share, without our step between. Multipliers are Decimals before the clock runs.
    Lots are rounded by their rule's name, ROUND_FLOOR; `int` alone comes to the same here, a tenth faster.
    `memo_entries` bounds the shares it remembers, by multiplier and order limit as ours does. With 0 it remembers none
    and spends nothing on it, which is best where no multiplier comes twice.
    """

    def __init__(self, frame: EntryFrame, memo_entries: int) -> None:
        assert frame.rounding is LotRounding.PER_LEG_FLOOR
        legs = frame.strategy.legs
        whole = BaseLots([leg.lots for leg in legs])
        self._frame = frame
        self._terms = tuple(LegTerms(leg.leg_id, leg.action, frame.lot_size, frame.expiry) for leg in legs)
        self._largest_order = largest_order(lot_size=frame.lot_size, max_order_quantity=frame.max_order_quantity)
        self._base = tuple(Decimal(leg.lots) for leg in legs)
        self._units, self._largest_leg = Decimal(whole.unit_count), Decimal(max(whole.primitive))
        self._memo: dict[tuple[Decimal, int | None], Share] = {}
        self._memo_entries = memo_entries

    def plan_all(self, subscribers: Iterable[tuple[PlanRow, Decimal]]) -> Iterator[SubscriberPlan]:
        """The plans of rows and their multipliers."""
        return starmap(self._plan, subscribers)

    def _plan(self, row: PlanRow, subscribed: Decimal) -> SubscriberPlan:
        allocation, frame = row.allocation, self._frame
        skip_reason = frame.skip_reason
        if skip_reason is None and row.ends_on is not None and row.ends_on < frame.run.trade_date:
            skip_reason = SkipReason.ENDED
        if skip_reason is not None or allocation is None:
            reason = skip_reason or SkipReason.NO_ALLOCATION
            return SubscriberPlan(row.subscription_id, row.mode, row.partner_id, row.version, reason, (), 0)
        assert allocation.mode is _MULTIPLY
        plans = []
        for account in allocation.accounts:
            own, limit = account.lot_multiplier, account.max_lots_per_order
            multiplier = subscribed if own is None else own.to_decimal()
            share = self._remembered(multiplier, limit) if self._memo_entries else self._share(multiplier, limit)
            plans.append(AccountPlan(account.broker_id, account.broker_account_id, share))
        accounts = tuple(plans)
        return SubscriberPlan(
            row.subscription_id, row.mode, row.partner_id, row.version, _why_nothing(accounts), accounts, 0
        )

    def _remembered(self, multiplier: Decimal, limit: int | None) -> Share:
        key = (multiplier, limit)
        share = self._memo.get(key)
        if share is None:
            share = self._share(multiplier, limit)
            if len(self._memo) >= self._memo_entries:
                self._memo.clear()
            self._memo[key] = share
        return share

    def _share(self, multiplier: Decimal, limit: int | None) -> Share:
        lots = tuple([int((leg * multiplier).to_integral_value(ROUND_FLOOR)) for leg in self._base])
        if not all(lots):
            reason = SkipReason.LEG_AT_ZERO_LOTS if any(lots) else SkipReason.ZERO_LOTS
            return Share(self._terms, (0,) * len(lots), ((),) * len(lots), None, reason, ())
        whole_units = self._units * multiplier % _ONE * self._largest_leg < _ONE
        warnings = () if whole_units else _RATIOS_CHANGED
        slices = cut_each(lots, self._largest_order if limit is None else min(limit, self._largest_order))
        if sum(map(len, slices)) > MAX_INTENTS_PER_CLAIM:
            return Share(self._terms, lots, ((),) * len(lots), None, SkipReason.TOO_MANY_SLICES, warnings)
        return Share(self._terms, lots, slices, None, None, warnings)


def _why_nothing(accounts: tuple[AccountPlan, ...]) -> SkipReason | None:
    for account in accounts:
        if account.share.skip_reason is None:
            return None
    return accounts[0].share.skip_reason
