"""A strategy: 1 to 6 legs of one index, and the days and times at which they are entered and left."""

import re
from collections.abc import Collection
from datetime import time
from enum import StrEnum
from itertools import pairwise

from attrs import field, frozen, validators

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import template_id
from quantleap.domain.lots.scaling import MAX_LEGS
from quantleap.domain.marketplace.leg import Leg
from quantleap.domain.marketplace.risk import StrategyLimit
from quantleap.domain.marketplace.shown import MAX_NAME_CHARS
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.validation import checked_by, checked_match, instance_of, require, text, tuple_of, whole_number

MAX_DAYS_BEFORE_EXPIRY = 30
"""A monthly contract's last month: entries further out trade another contract."""

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_ALGO_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Product(StrEnum):
    """How the exchange's members margin and hold the position."""

    MIS = "MIS"
    """Margin for one day."""
    NRML = "NRML"
    """Carried until expiry at most."""


class TradingType(StrEnum):
    """Whether a position is held overnight."""

    INTRADAY = "INTRADAY"
    POSITIONAL = "POSITIONAL"


class StrategyStatus(StrEnum):
    """An INACTIVE strategy enters nothing; exits still follow its open positions."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


def read_time(value: object, field: str) -> time:
    """A minute of the day from `HH:MM`, 00:00 to 23:59, Asia/Kolkata."""
    spelled = checked_match(value, field, _TIME, "a time such as 09:20")
    return time(int(spelled[:2]), int(spelled[3:]))


def _whole_minute(value: object, field: str) -> None:
    whole = isinstance(value, time) and value.tzinfo is None and value == value.replace(second=0, microsecond=0)
    require(whole, field, "must be a whole minute of the day, without a zone")


def _algo_id(value: object, field: str) -> None:
    checked_match(value, field, _ALGO_ID, "1 to 64 letters, digits, _ or -")


@frozen(kw_only=True)
class Strategy:
    """Legs stand in the order of their `leg_index`; days are distinct and in week order; times are Asia/Kolkata.

    An INTRADAY strategy leaves on each day it enters, later that day, so its `exit_days` are its `entry_days`. Days
    before expiry are 0 to 30, 0 the expiry's own day; an exit is never further from the expiry than the entry.
    `algo_id` is the exchange's id of the registered algorithm, which every live order carries (NSE/INVG/67858).
    """

    strategy_id: str = field(validator=checked_by(template_id))
    strategy_name: str = field(validator=text(MAX_NAME_CHARS))
    underlying: Underlying = field(validator=instance_of(Underlying))
    expiry_type: ExpiryType = field(validator=instance_of(ExpiryType))
    product: Product = field(validator=instance_of(Product))
    trading_type: TradingType = field(validator=instance_of(TradingType))
    entry_time: time = field(validator=checked_by(_whole_minute))
    exit_time: time = field(validator=checked_by(_whole_minute))
    entry_days: tuple[Weekday, ...] = field(validator=tuple_of(Weekday, 1, len(Weekday)))
    exit_days: tuple[Weekday, ...] = field(validator=tuple_of(Weekday, 1, len(Weekday)))
    legs: tuple[Leg, ...] = field(validator=tuple_of(Leg, 1, MAX_LEGS))
    status: StrategyStatus = field(default=StrategyStatus.ACTIVE, validator=instance_of(StrategyStatus))
    algo_id: str | None = field(default=None, validator=validators.optional(checked_by(_algo_id)))
    target_profit: StrategyLimit | None = field(default=None, validator=validators.optional(instance_of(StrategyLimit)))
    mtm_stop_loss: StrategyLimit | None = field(default=None, validator=validators.optional(instance_of(StrategyLimit)))
    move_stop_loss_to_cost: bool = field(default=False, validator=instance_of(bool))
    entry_days_before_expiry: int | None = field(
        default=None, validator=validators.optional(whole_number(0, MAX_DAYS_BEFORE_EXPIRY))
    )
    exit_days_before_expiry: int | None = field(
        default=None, validator=validators.optional(whole_number(0, MAX_DAYS_BEFORE_EXPIRY))
    )

    def __attrs_post_init__(self) -> None:
        _in_week_order(self.entry_days, "entry_days")
        _in_week_order(self.exit_days, "exit_days")
        _in_leg_order(self.legs)
        if self.trading_type is TradingType.INTRADAY:
            require(self.exit_time > self.entry_time, "exit_time", "must be after entry_time when INTRADAY")
            require(self.exit_days == self.entry_days, "exit_days", "must be the entry_days when INTRADAY")
        if self.entry_days_before_expiry is not None and self.exit_days_before_expiry is not None:
            require(
                self.exit_days_before_expiry <= self.entry_days_before_expiry,
                "exit_days_before_expiry",
                "must not be more than entry_days_before_expiry",
            )


def _in_week_order(days: tuple[Weekday, ...], name: str) -> None:
    ascending = all(before.number < after.number for before, after in pairwise(days))
    require(ascending, name, "must be distinct weekdays in week order")


def _in_leg_order(legs: tuple[Leg, ...]) -> None:
    seen: set[str] = set()
    last_index = 0
    for position, leg in enumerate(legs):
        require(leg.leg_id not in seen, f"legs[{position}].leg_id", "repeats the id of a leg before it")
        require(leg.leg_index > last_index, f"legs[{position}].leg_index", "must be above that of the leg before it")
        seen.add(leg.leg_id)
        last_index = leg.leg_index


def require_listed_expiry(strategy: Strategy, weekly_underlyings: Collection[Underlying]) -> None:
    """Refuse, at authoring, a WEEKLY strategy on an underlying that has no weekly contracts.

    `weekly_underlyings` is the answer of the dated expiry rules for the day of authoring.
    """
    if strategy.expiry_type is ExpiryType.WEEKLY and strategy.underlying not in weekly_underlyings:
        raise InvalidInputError("expiry_type", f"{strategy.underlying} has no weekly contracts")
