"""When a leg or a whole strategy leaves early, and whether a leg comes back."""

from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from quantleap.domain.validation import exact_number, instance_of, whole_number

MAX_PLACES = 4
SMALLEST = Decimal("0.0001")
LARGEST = Decimal(1_000_000_000)
"""Above any premium in points and any strategy's result in rupees: past it a value is a mistake."""

MAX_RE_ENTRIES = 5
MAX_COOLDOWN_MINUTES = 375
"""One regular session, 09:15 to 15:30."""


class LegLimitType(StrEnum):
    """What a leg's limit is measured in."""

    PERCENTAGE = "PERCENTAGE"
    """Of the leg's entry premium."""
    POINTS = "POINTS"
    """Of premium."""


class StrategyLimitType(StrEnum):
    """What a strategy's limit is measured in."""

    PERCENTAGE = "PERCENTAGE"
    """Of the premium of all legs at entry."""
    ABSOLUTE = "ABSOLUTE"
    """Rupees of profit or loss."""


@frozen
class LegLimit:
    """A stop, target or trail of one leg: more than 0, at most four decimal places."""

    type: LegLimitType = field(validator=instance_of(LegLimitType))
    value: Decimal = field(validator=exact_number(SMALLEST, LARGEST, max_places=MAX_PLACES))


@frozen
class StrategyLimit:
    """A stop or target on the result of all legs together: more than 0, at most four decimal places."""

    type: StrategyLimitType = field(validator=instance_of(StrategyLimitType))
    value: Decimal = field(validator=exact_number(SMALLEST, LARGEST, max_places=MAX_PLACES))


@frozen
class ReEntry:
    """A leg that left early may enter again 1 to 5 times, each `cooldown_minutes` (0 to 375) after it left."""

    max_count: int = field(validator=whole_number(1, MAX_RE_ENTRIES))
    cooldown_minutes: int = field(default=0, validator=whole_number(0, MAX_COOLDOWN_MINUTES))
