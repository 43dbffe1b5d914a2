"""What users are answered of the broker accounts that trade a basket."""

from pydantic import Field

from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import NotDue
from quantleap.domain.lots.allocation import AllocationMode
from quantleap.domain.lots.scaling import LotWarning
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.entrypoints.api.schemas.answering import Answer, Day, Number


class Account(Answer):
    """A broker account and its part; what it has not is absent."""

    broker_id: str
    broker_account_id: str
    priority: int
    lot_multiplier: Number | None = None
    weight: int | None = None
    cap_units: int | None = None
    max_lots_per_order: int | None = None


class Allocation(Answer):
    """The broker accounts that trade a basket."""

    mode: AllocationMode
    accounts: list[Account]


class AllocationRemoved(Answer):
    """There are none any more."""

    message: str


class PreviewedOrder(Answer):
    """One order: whole lots, and units of the contract."""

    lots: int = Field(ge=1)
    quantity: int = Field(ge=1)


class PreviewedLeg(Answer):
    """What an account trades of a leg, and the orders it is cut into; none where the account is skipped."""

    leg_id: str
    lots: int = Field(ge=0)
    lot_size: int = Field(ge=1)
    quantity: int = Field(ge=0)
    orders: list[PreviewedOrder]


class PreviewedAccount(Answer):
    """What an account trades of a strategy. `units` are of its smallest hedge, null where each leg is rounded alone."""

    broker_id: str
    broker_account_id: str
    skip_reason: SkipReason | None
    units: int | None
    warnings: list[LotWarning]
    legs: list[PreviewedLeg]


class PreviewedStrategy(Answer):
    """A strategy's next entry. Where `skip_reason` is not null nothing is traded; `detail` says which fact lacks."""

    strategy_id: str
    trade_date: Day | None
    skip_reason: SkipReason | NotDue | None
    detail: str | None
    shortfall_units: int = Field(ge=0)
    accounts: list[PreviewedAccount]


class AllocationPreview(Answer):
    """What would be traded; without a subscription by a multiplier of 1."""

    subscription_id: str | None
    status: SubscriptionStatus | None
    custom_lot_multiplier: Number
    strategies: list[PreviewedStrategy]
