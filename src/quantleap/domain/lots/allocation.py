"""A user's allocation of a basket: which broker accounts trade it, and how many lots each of them gets."""

from collections.abc import Iterable
from enum import StrEnum

from attrs import field, frozen, validators

from quantleap.domain import identifiers
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.lots.scaling import (
    BaseLots,
    LotRounding,
    LotSkipReason,
    LotWarning,
    ScaledLots,
    scale_lots,
    units_traded,
)
from quantleap.domain.lots.splitting import split_units
from quantleap.domain.validation import require, whole_number

MAX_ACCOUNTS = 20
MAX_PRIORITY = 1000
MAX_WEIGHT = 1_000_000
MAX_CAP_UNITS = 100_000
MAX_LOTS_PER_ORDER = 10_000


class AllocationMode(StrEnum):
    """How the accounts of an allocation stand to each other."""

    MULTIPLY = "multiply"
    """Every account trades the strategy, times its own multiplier or else the subscription's."""
    SPLIT = "split"
    """The accounts share the subscription's whole units by weight."""


class OnShortfall(StrEnum):
    """What a basket does when the accounts' caps cannot take every unit."""

    REDUCE = "reduce"
    """Trade what fits."""
    REJECT = "reject"
    """Trade nothing in any account."""


def _as_tuple(accounts: "Iterable[BrokerAccount]") -> "tuple[BrokerAccount, ...]":
    return tuple(accounts)


@frozen
class BrokerAccount:
    """One account at a broker, and its part in an allocation.

    `priority`: 0 to 1000, the lower is served first where a split ties. `max_lots_per_order`: 1 to 10,000.
    Mode multiply only: `lot_multiplier`. Mode split only: `weight`, 0 to 1,000,000, and `cap_units`, 0 to 100,000,
    the most whole units it takes of one strategy run.
    """

    broker_id: str = field()
    broker_account_id: str = field()
    priority: int = field(default=0, validator=whole_number(0, MAX_PRIORITY))
    lot_multiplier: Multiplier | None = field(default=None)
    weight: int | None = field(default=None, validator=validators.optional(whole_number(0, MAX_WEIGHT)))
    cap_units: int | None = field(default=None, validator=validators.optional(whole_number(0, MAX_CAP_UNITS)))
    max_lots_per_order: int | None = field(
        default=None, validator=validators.optional(whole_number(1, MAX_LOTS_PER_ORDER))
    )

    @broker_id.validator
    def _known_broker(self, _: object, value: object) -> None:
        identifiers.broker_id(value)

    @broker_account_id.validator
    def _well_formed_account(self, _: object, value: object) -> None:
        identifiers.broker_account_id(value)

    @lot_multiplier.validator
    def _typed_multiplier(self, _: object, value: object) -> None:
        require(value is None or isinstance(value, Multiplier), "lot_multiplier", "must be a multiplier")


@frozen
class Allocation:
    """1 to 20 different broker accounts and their mode. It applies to every strategy of the basket."""

    mode: AllocationMode = field()
    accounts: tuple[BrokerAccount, ...] = field(converter=_as_tuple)

    @mode.validator
    def _known_mode(self, _: object, value: object) -> None:
        require(isinstance(value, AllocationMode), "mode", "must be multiply or split")

    @accounts.validator
    def _consistent(self, _: object, value: tuple[BrokerAccount, ...]) -> None:
        require(1 <= len(value) <= MAX_ACCOUNTS, "accounts", f"must name 1 to {MAX_ACCOUNTS} broker accounts")
        seen: set[tuple[str, str]] = set()
        for index, account in enumerate(value):
            key = (account.broker_id, account.broker_account_id)
            try:
                self._refuse_fields_of_the_other_mode(account)
                require(key not in seen, "broker_account_id", "repeats an account that stands before it")
            except InvalidInputError as refusal:
                raise refusal.under(f"accounts[{index}]") from None
            seen.add(key)
        if self.mode is AllocationMode.SPLIT:
            require(any(account.weight for account in value), "accounts", "must not all have weight 0")

    def _refuse_fields_of_the_other_mode(self, account: BrokerAccount) -> None:
        if self.mode is AllocationMode.SPLIT:
            require(account.lot_multiplier is None, "lot_multiplier", "is refused in mode split")
            require(account.weight is not None, "weight", "is required in mode split")
        else:
            require(account.weight is None, "weight", "is refused in mode multiply")
            require(account.cap_units is None, "cap_units", "is refused in mode multiply")

    @classmethod
    def single(cls, broker_id: str, broker_account_id: str) -> "Allocation":
        """The one account that subscribing links: it trades the subscription's multiplier."""
        return cls(AllocationMode.MULTIPLY, (BrokerAccount(broker_id, broker_account_id),))


@frozen
class AccountLots:
    """What one account trades of a strategy.

    `lots` of each leg, all 0 when `skip_reason` is set. `units` of the primitive vector; None where `per_leg_floor`
    rounded the legs, which mode split never does.
    """

    account: BrokerAccount
    lots: tuple[int, ...]
    units: int | None
    skip_reason: LotSkipReason | None
    warnings: tuple[LotWarning, ...]


@frozen
class AllocatedLots:
    """One entry an account, in the allocation's order, and the whole units that no account could take."""

    entries: tuple[AccountLots, ...]
    shortfall_units: int


def allocate(
    base_lots: BaseLots,
    rounding: LotRounding,
    multiplier: Multiplier,
    allocation: Allocation,
    on_shortfall: OnShortfall,
) -> AllocatedLots:
    """The lots each account trades, `multiplier` being the subscription's.

    Mode multiply: an account's own `lot_multiplier` replaces the subscription's; they are never multiplied.
    Mode split: whole units of the primitive vector whatever the rounding, so that each account holds a complete hedge.
    """
    if allocation.mode is AllocationMode.SPLIT:
        return _shared(base_lots, multiplier, allocation.accounts, on_shortfall)
    entries = [
        _entry(account, scale_lots(base_lots, account.lot_multiplier or multiplier, rounding))
        for account in allocation.accounts
    ]
    return AllocatedLots(tuple(entries), 0)


def _shared(
    base_lots: BaseLots, multiplier: Multiplier, accounts: tuple[BrokerAccount, ...], on_shortfall: OnShortfall
) -> AllocatedLots:
    units = base_lots.whole_units(multiplier)
    warnings = () if base_lots.floors_to_whole_units(multiplier) else (LotWarning.FLOOR_WOULD_DIFFER,)
    split = split_units(units, accounts)
    if split.shortfall and on_shortfall is OnShortfall.REJECT:
        rejected = ScaledLots(base_lots.nothing, 0, LotSkipReason.SHORTFALL_REJECTED, warnings)
        return AllocatedLots(tuple([_entry(account, rejected) for account in accounts]), split.shortfall)
    entries = [
        _entry(account, units_traded(base_lots, part, warnings))
        for account, part in zip(accounts, split.parts, strict=True)
    ]
    return AllocatedLots(tuple(entries), split.shortfall)


def _entry(account: BrokerAccount, scaled: ScaledLots) -> AccountLots:
    return AccountLots(account, *scaled)
