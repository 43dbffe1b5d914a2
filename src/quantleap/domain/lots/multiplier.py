"""The lot multiplier: an exact number from 0.1 to 10, held in millionths."""

from decimal import Decimal

from attrs import field, frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.validation import checked_decimal, whole_number

MICROS_PER_WHOLE = 1_000_000
MIN_MICROS = 100_000
MAX_MICROS = 10_000_000

_PLACES = 6


@frozen(order=True)
class Multiplier:
    """`micros` millionths, from 100,000 (0.1) to 10,000,000 (10): the published bounds of `custom_lot_multiplier`."""

    micros: int = field(validator=whole_number(MIN_MICROS, MAX_MICROS))

    @classmethod
    def parse(cls, value: object, *, field: str = "custom_lot_multiplier") -> "Multiplier":
        """Read an int or Decimal from 0.1 to 10 with at most six places. Float, text, boolean, NaN are refused."""
        numerator, denominator = checked_decimal(value, field, max_places=_PLACES).as_integer_ratio()
        micros = numerator * MICROS_PER_WHOLE // denominator  # exact: six places, so the denominator divides a million
        if not MIN_MICROS <= micros <= MAX_MICROS:
            raise InvalidInputError(field, "must be from 0.1 to 10")
        return cls(micros)

    def scaled(self, base: int) -> int:
        """`floor(base x multiplier)`, in integers: 100 x 1.15 is 115 (in floats it is 114)."""
        return base * self.micros // MICROS_PER_WHOLE

    def scaled_each(self, bases: tuple[int, ...]) -> tuple[int, ...]:
        """`scaled` of each, in one go: a planner does it for every subscriber."""
        micros, scaled = self.micros, []
        for base in bases:
            scaled.append(base * micros // MICROS_PER_WHOLE)
        return tuple(scaled)

    def to_decimal(self) -> Decimal:
        """The exact number, without trailing zeros: 1.5, 10."""
        return Decimal(str(self))

    def __str__(self) -> str:
        whole, fraction = divmod(self.micros, MICROS_PER_WHOLE)
        return f"{whole}.{fraction:0{_PLACES}d}".rstrip("0").rstrip(".")


ONE = Multiplier(MICROS_PER_WHOLE)
"""The strategy as it is written: what a subscription trades that names no multiplier."""
