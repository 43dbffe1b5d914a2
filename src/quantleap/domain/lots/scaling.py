"""Scaling a strategy's lots by one multiplier: what is traded, or why nothing is."""

from collections.abc import Iterable
from enum import StrEnum
from math import gcd
from typing import NamedTuple

from attrs import field, frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.lots.multiplier import MICROS_PER_WHOLE, Multiplier
from quantleap.domain.validation import checked_int

MAX_LEGS = 6
MAX_BASE_LOTS = 1000


class LotRounding(StrEnum):
    """How a basket turns fractions of lots into whole ones."""

    PER_LEG_FLOOR = "per_leg_floor"
    """Each leg rounded down by itself: the published rule. It may change the ratios between legs."""
    WHOLE_UNITS = "whole_units"
    """Only whole units of the primitive vector: every leg keeps its ratio."""


class LotSkipReason(StrEnum):
    """Why an account trades nothing of a strategy."""

    ZERO_LOTS = "ZERO_LOTS"
    """Every leg came to 0 lots, or not one whole unit was left."""
    LEG_AT_ZERO_LOTS = "LEG_AT_ZERO_LOTS"
    """Some legs came to 0 and others did not: what remains could be a naked position."""
    SHORTFALL_REJECTED = "SHORTFALL_REJECTED"
    """The accounts' caps could not take every unit, and the basket rejects a part of them."""


class LotWarning(StrEnum):
    """What somebody reading a plan should know about its lots."""

    RATIOS_CHANGED = "RATIOS_CHANGED"
    """Rounding leg by leg changed the ratios between the legs."""
    FLOOR_WOULD_DIFFER = "FLOOR_WOULD_DIFFER"
    """The published leg by leg rounding of the total would have traded other lots than whole units do."""


# Read once: on the hot path, looking a member up in its class costs as much as scaling two legs.
_WHOLE_UNITS = LotRounding.WHOLE_UNITS
_RATIOS_CHANGED = (LotWarning.RATIOS_CHANGED,)


def _checked_lots(lots: Iterable[int]) -> tuple[int, ...]:
    checked = tuple(checked_int(leg, f"lots[{index}]", 1, MAX_BASE_LOTS) for index, leg in enumerate(lots))
    if not 1 <= len(checked) <= MAX_LEGS:
        raise InvalidInputError("lots", f"must name 1 to {MAX_LEGS} legs")
    return checked


@frozen
class BaseLots:
    """A strategy's lots as written, 1 to 1000 for each of 1 to 6 legs: `unit_count` times the vector `primitive`."""

    lots: tuple[int, ...] = field(converter=_checked_lots)
    unit_count: int = field(init=False, eq=False)
    primitive: tuple[int, ...] = field(init=False, eq=False)
    _largest_leg: int = field(init=False, eq=False, repr=False)

    @unit_count.default
    def _greatest_common_divisor(self) -> int:
        return gcd(*self.lots)

    @primitive.default
    def _without_common_divisor(self) -> tuple[int, ...]:
        return tuple(leg // self.unit_count for leg in self.lots)

    @_largest_leg.default
    def _most_lots_of_a_unit(self) -> int:
        return max(self.primitive)

    def floors_to_whole_units(self, multiplier: Multiplier) -> bool:
        """Whether rounding leg by leg trades whole units, and so keeps every ratio between the legs.

        It does when the part of a unit that is left over, in millionths, does not buy a lot even of the largest leg.
        """
        left_over = self.unit_count * multiplier.micros % MICROS_PER_WHOLE
        return left_over * self._largest_leg < MICROS_PER_WHOLE

    def whole_units(self, multiplier: Multiplier) -> int:
        """How many units of the primitive vector the multiplier buys: `floor(unit_count x multiplier)`."""
        return multiplier.scaled(self.unit_count)

    def of_units(self, units: int) -> tuple[int, ...]:
        """Lots of each leg in that many units."""
        return tuple([leg * units for leg in self.primitive])

    @property
    def nothing(self) -> tuple[int, ...]:
        """0 lots of each leg."""
        return (0,) * len(self.lots)


class ScaledLots(NamedTuple):
    """What is traded. A named tuple, because a planner builds it for every subscriber and it takes half the time.

    `lots` of each leg, all 0 when `skip_reason` is set. `units` of the primitive vector; None under `per_leg_floor`.
    """

    lots: tuple[int, ...]
    units: int | None
    skip_reason: LotSkipReason | None
    warnings: tuple[LotWarning, ...]


def scale_lots(base_lots: BaseLots, multiplier: Multiplier, rounding: LotRounding) -> ScaledLots:
    """The base lots times the multiplier under the basket's rounding; a naked remainder is skipped, not traded."""
    if rounding is _WHOLE_UNITS:
        return units_traded(base_lots, base_lots.whole_units(multiplier))
    lots = multiplier.scaled_each(base_lots.lots)
    if all(lots):
        return ScaledLots(lots, None, None, () if base_lots.floors_to_whole_units(multiplier) else _RATIOS_CHANGED)
    skip_reason = LotSkipReason.LEG_AT_ZERO_LOTS if any(lots) else LotSkipReason.ZERO_LOTS
    return ScaledLots(base_lots.nothing, None, skip_reason, ())


def units_traded(base_lots: BaseLots, units: int, warnings: tuple[LotWarning, ...] = ()) -> ScaledLots:
    """That many whole units of the primitive vector; none at all is skipped as ZERO_LOTS."""
    return ScaledLots(base_lots.of_units(units), units, None if units else LotSkipReason.ZERO_LOTS, warnings)
