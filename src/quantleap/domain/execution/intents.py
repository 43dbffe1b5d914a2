"""From a plan to the order intents of one attempt."""

from collections import Counter

from quantleap.domain.execution.frame import RunFrame
from quantleap.domain.execution.order_intent import IntentKey, OrderIntent
from quantleap.domain.execution.plan import AccountPlan, LegPlan, SubscriberPlan, in_order
from quantleap.domain.execution.run import RunKind
from quantleap.domain.marketplace.leg import Action

_OPPOSITE = {Action.BUY: Action.SELL, Action.SELL: Action.BUY}


def order_intents(plan: SubscriberPlan, frame: RunFrame, attempt: int = 0) -> tuple[OrderIntent, ...]:
    """The plan's orders, account by account, each account's in the order they are sent: nothing for what is skipped.

    An entry buys before it sells; an exit does the opposite of the strategy's actions in the opposite order, so that it
    too buys first. The same plan, frame and attempt give the same intents with the same ids.
    """
    return tuple(intent for account in plan.accounts for intent in _account_intents(plan, account, frame, attempt))


def _account_intents(plan: SubscriberPlan, account: AccountPlan, frame: RunFrame, attempt: int) -> list[OrderIntent]:
    intents = []
    # A leg may be held in several contracts: its slices are counted through all of them.
    next_slice: Counter[str] = Counter()
    for leg in in_order(account.share.legs, frame.run.kind):
        for lots in leg.slices:
            key = IntentKey(
                subscription_id=plan.subscription_id,
                run=frame.run,
                broker_id=account.broker_id,
                broker_account_id=account.broker_account_id,
                leg_id=leg.leg_id,
                attempt=attempt,
                slice_index=next_slice[leg.leg_id],
            )
            next_slice[leg.leg_id] += 1
            intents.append(_intent(key, leg, lots, plan, frame))
    return intents


def _intent(key: IntentKey, leg: LegPlan, lots: int, plan: SubscriberPlan, frame: RunFrame) -> OrderIntent:
    return OrderIntent(
        key=key,
        side=leg.action if frame.run.kind is RunKind.ENTRY else _OPPOSITE[leg.action],
        lots=lots,
        lot_size=leg.lot_size,
        expiry=leg.expiry,
        instrument=leg.instrument,
        basket_id=frame.basket_id,
        basket_version=frame.basket_version,
        subscription_version=plan.subscription_version,
        algo_id=frame.strategy.algo_id,
    )
