"""A run summed up while its plans stream by: none but the first few are kept."""

from collections import Counter
from collections.abc import Iterable

from attrs import Factory, define

from quantleap.domain.execution.frame import EntryFrame
from quantleap.domain.execution.plan import AccountPlan, SubscriberPlan


@define
class LegTotals:
    """One leg over all subscribers and accounts that trade."""

    lots: int = 0
    quantity: int = 0
    orders: int = 0


@define
class RunSummary:
    """Counts over a run's subscribers; `shown` are the plans of the first of them.

    `accounts_skipped` counts accounts of their own reason in allocations that trade in others.
    """

    frame: EntryFrame
    legs: list[LegTotals]
    planned: int = 0
    skipped: Counter[str] = Factory(Counter)
    accounts_skipped: Counter[str] = Factory(Counter)
    warnings: Counter[str] = Factory(Counter)
    shown: list[SubscriberPlan] = Factory(list)

    @classmethod
    def of(cls, frame: EntryFrame, plans: Iterable[SubscriberPlan], *, shown: int = 0) -> "RunSummary":
        """The summary of a run, with the first `shown` of its plans."""
        summary = cls(frame, [LegTotals() for _ in frame.strategy.legs])
        for plan in plans:
            summary._add(plan)
            if len(summary.shown) < shown:
                summary.shown.append(plan)
        return summary

    @property
    def subscribers(self) -> int:
        """How many were asked."""
        return self.planned + self.skipped.total()

    @property
    def has_more(self) -> bool:
        """Whether there are plans that are not shown."""
        return self.subscribers > len(self.shown)

    @property
    def orders(self) -> int:
        """Orders of all legs."""
        return sum(leg.orders for leg in self.legs)

    def _add(self, plan: SubscriberPlan) -> None:
        if plan.skip_reason is not None:
            self.skipped[plan.skip_reason] += 1
            return
        self.planned += 1
        for account in plan.accounts:
            self._add_account(account)

    def _add_account(self, account: AccountPlan) -> None:
        share = account.share
        self.warnings.update(share.warnings)
        if share.skip_reason is not None:
            self.accounts_skipped[share.skip_reason] += 1
            return
        for totals, leg in zip(self.legs, share.legs, strict=True):
            totals.lots += leg.lots
            totals.quantity += leg.quantity
            totals.orders += len(leg.slices)
