"""What each subscriber leaves in an EXIT run: the open positions, whatever became of subscription and template."""

from collections.abc import Iterable
from datetime import date

from attrs import evolve, field, frozen

from quantleap.domain.execution.frame import RunFrame
from quantleap.domain.execution.order_intent import MAX_INTENTS_PER_CLAIM
from quantleap.domain.execution.plan import AccountPlan, ExitWarning, LegPlan, LegTerms, Share, SubscriberPlan, in_order
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import RunKind
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.lots.slicing import slice_lots
from quantleap.domain.marketplace.leg import Action
from quantleap.domain.validation import whole_number

MAX_POSITION_LOTS = 1_000_000
"""Far above what one account can enter; past it a position is a mistake."""


@frozen(kw_only=True)
class OpenPosition:
    """Lots of one contract that an account holds of a leg. `action` and `lot_size` are those it was entered with."""

    leg_id: str
    action: Action
    instrument: str
    expiry: date
    lot_size: int
    lots: int = field(validator=whole_number(1, MAX_POSITION_LOTS))


@frozen(kw_only=True)
class AccountPositions:
    """Everything of the strategy that is open in one account, and the most lots one of its orders takes."""

    broker_id: str
    broker_account_id: str
    max_lots_per_order: int | None
    positions: tuple[OpenPosition, ...]


@frozen(kw_only=True)
class ExitRow:
    """What one subscription contributes to an EXIT; its status does not count. `version` is the subscription's own."""

    subscription_id: str
    mode: Mode
    partner_id: PartnerId | None
    version: int
    accounts: tuple[AccountPositions, ...]


def plan_exit(frame: RunFrame, row: ExitRow) -> SubscriberPlan:
    """Leave every open position, at most MAX_INTENTS_PER_CLAIM orders an account, in the order of an exit.

    Unlike an entry, an exit with more is not skipped: what is left over needs a further exit, and a warning says so.
    """
    accounts = tuple(
        AccountPlan(account.broker_id, account.broker_account_id, _share(account, frame.max_order_quantity))
        for account in row.accounts
        if account.positions
    )
    skip_reason = None if accounts else SkipReason.NO_OPEN_POSITION
    return SubscriberPlan(row.subscription_id, row.mode, row.partner_id, row.version, skip_reason, accounts, 0)


def _share(account: AccountPositions, max_order_quantity: int) -> Share:
    legs = [_leg(position, account.max_lots_per_order, max_order_quantity) for position in account.positions]
    left = _within_one_claim(in_order(sorted(legs, key=_leg_order), RunKind.EXIT))
    complete = sum(leg.lots for leg in left) == sum(leg.lots for leg in legs)
    warnings = () if complete else (ExitWarning.EXIT_CONTINUES,)
    return _held_in_columns(sorted(left, key=_leg_order), warnings)


def _held_in_columns(legs: list[LegPlan], warnings: tuple[ExitWarning, ...]) -> Share:
    return Share(
        terms=tuple(LegTerms(leg.leg_id, leg.action, leg.lot_size, leg.expiry, leg.instrument) for leg in legs),
        lots=tuple(leg.lots for leg in legs),
        slices=tuple(leg.slices for leg in legs),
        units=None,
        skip_reason=None,
        warnings=warnings,
    )


def _leg_order(leg: LegPlan) -> tuple[str, str]:
    return leg.leg_id, leg.instrument or ""


def _leg(position: OpenPosition, max_lots_per_order: int | None, max_order_quantity: int) -> LegPlan:
    slices = slice_lots(
        position.lots,
        lot_size=position.lot_size,
        max_order_quantity=max_order_quantity,
        max_lots_per_order=max_lots_per_order,
    )
    return LegPlan(
        position.leg_id,
        position.action,
        position.lots,
        position.lot_size,
        position.expiry,
        slices,
        position.instrument,
    )


def _within_one_claim(legs: Iterable[LegPlan]) -> list[LegPlan]:
    """The legs in the order given, cut after the last order that one claim holds."""
    kept, free = [], MAX_INTENTS_PER_CLAIM
    for leg in legs:
        slices = leg.slices[:free]
        free -= len(slices)
        if slices:
            kept.append(evolve(leg, slices=slices, lots=sum(slices)))
    return kept
