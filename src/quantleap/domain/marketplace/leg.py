"""A leg: one option contract a strategy buys or sells, and how its strike is chosen."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen, validators

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import template_id
from quantleap.domain.lots.scaling import MAX_BASE_LOTS, MAX_LEGS
from quantleap.domain.marketplace.risk import LegLimit, ReEntry
from quantleap.domain.validation import checked_by, checked_decimal, instance_of, require, whole_number


class OptionType(StrEnum):
    """Call or put, as the exchange writes them."""

    CE = "CE"
    PE = "PE"


class Action(StrEnum):
    """What an entry does; the exit does the opposite."""

    BUY = "BUY"
    SELL = "SELL"


class SelectionMethod(StrEnum):
    """How a leg's strike is found at entry."""

    ATM_POINTS = "ATM_POINTS"
    """That many points from the at-the-money strike, negative below it."""
    ATM_PERCENT = "ATM_PERCENT"
    """That many per cent of the at-the-money strike from it, negative below it."""
    PREMIUM = "PREMIUM"
    """By premium, in points."""
    PERCENTAGE_OF_STRADDLE_PREMIUM = "PERCENTAGE_OF_STRADDLE_PREMIUM"
    """By premium, in per cent of what the at-the-money call and put cost together."""


class SelectionOperator(StrEnum):
    """Which of the strikes that a premium method finds is taken."""

    CLOSEST = "CLOSEST"
    GTE = "GTE"
    LTE = "LTE"


@frozen
class SelectionRule:
    """Bounds of a method's `selection_value`, both inclusive, and whether it takes an operator."""

    low: Decimal
    high: Decimal
    max_places: int
    takes_operator: bool


SELECTION_RULES: Mapping[SelectionMethod, SelectionRule] = MappingProxyType(
    {
        SelectionMethod.ATM_POINTS: SelectionRule(Decimal(-10_000), Decimal(10_000), 0, takes_operator=False),
        SelectionMethod.ATM_PERCENT: SelectionRule(Decimal(-50), Decimal(50), 4, takes_operator=False),
        # A premium is quoted in paise and is never 0.
        SelectionMethod.PREMIUM: SelectionRule(Decimal("0.01"), Decimal(100_000), 2, takes_operator=True),
        SelectionMethod.PERCENTAGE_OF_STRADDLE_PREMIUM: SelectionRule(
            Decimal("0.0001"), Decimal(1000), 4, takes_operator=True
        ),
    }
)
"""The one statement of which value and operator goes with which method."""


@frozen(kw_only=True)
class Leg:
    """`leg_index` 1 to 6 orders the legs of a strategy; `lots` 1 to 1000 before any multiplier.

    `selection_value` lies within its method's row of SELECTION_RULES; `selection_operator` is there exactly when that
    row takes one.
    """

    leg_id: str = field(validator=checked_by(template_id))
    leg_index: int = field(validator=whole_number(1, MAX_LEGS))
    option_type: OptionType = field(validator=instance_of(OptionType))
    action: Action = field(validator=instance_of(Action))
    lots: int = field(validator=whole_number(1, MAX_BASE_LOTS))
    selection_method: SelectionMethod = field(validator=instance_of(SelectionMethod))
    selection_value: Decimal = field()
    selection_operator: SelectionOperator | None = field(
        default=None, validator=validators.optional(instance_of(SelectionOperator))
    )
    stop_loss: LegLimit | None = field(default=None, validator=validators.optional(instance_of(LegLimit)))
    target_profit: LegLimit | None = field(default=None, validator=validators.optional(instance_of(LegLimit)))
    trailing_stop: LegLimit | None = field(default=None, validator=validators.optional(instance_of(LegLimit)))
    re_entry: ReEntry | None = field(default=None, validator=validators.optional(instance_of(ReEntry)))

    @selection_value.validator
    def _within_the_method(self, _: object, value: object) -> None:
        rule = SELECTION_RULES[self.selection_method]
        if not rule.low <= checked_decimal(value, "selection_value", max_places=rule.max_places) <= rule.high:
            raise InvalidInputError(
                "selection_value", f"must be from {rule.low} to {rule.high} with {self.selection_method}"
            )

    def __attrs_post_init__(self) -> None:
        takes_operator = SELECTION_RULES[self.selection_method].takes_operator
        require(
            self.selection_operator is not None or not takes_operator,
            "selection_operator",
            f"is required with {self.selection_method}",
        )
        require(
            self.selection_operator is None or takes_operator,
            "selection_operator",
            f"is refused with {self.selection_method}",
        )
