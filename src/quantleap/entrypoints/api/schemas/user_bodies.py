"""Bodies of the users' routes."""

from pydantic import Field

from quantleap.domain.lots.allocation import MAX_ACCOUNTS
from quantleap.domain.lots.multiplier import ONE
from quantleap.domain.subscriptions.metadata import NO_METADATA
from quantleap.entrypoints.api.bodies import Body
from quantleap.entrypoints.api.schemas.fields import (
    BrokerAccountId,
    BrokerId,
    CapUnits,
    LotMultiplier,
    MaxLotsPerOrder,
    MetadataPairs,
    ModeOfAccounts,
    Priority,
    Weight,
    defaulting,
)


class SubscribeDirectly(Body):
    """How the user who calls subscribes. Without an account, runs are skipped until there is an allocation."""

    broker_id: BrokerId | None = None
    broker_account_id: BrokerAccountId | None = None
    custom_lot_multiplier: LotMultiplier = defaulting(ONE, 1)
    metadata: MetadataPairs = defaulting(NO_METADATA, {})


class NewAccount(Body):
    """A broker account and its part: `lot_multiplier` in mode multiply; `weight` and `cap_units` in mode split."""

    broker_id: BrokerId
    broker_account_id: BrokerAccountId
    priority: Priority = 0
    lot_multiplier: LotMultiplier | None = None
    weight: Weight | None = None
    cap_units: CapUnits | None = None
    max_lots_per_order: MaxLotsPerOrder | None = None


class NewAllocation(Body):
    """The broker accounts that trade a basket."""

    mode: ModeOfAccounts
    accounts: list[NewAccount] = Field(max_length=MAX_ACCOUNTS, json_schema_extra={"minItems": 1})
