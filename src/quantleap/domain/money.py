"""Money: whole minor units of one ISO 4217 currency. No float, no rounding but the one stated."""

import re
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from quantleap.domain.errors import CurrencyMismatchError, InvalidInputError
from quantleap.domain.rates import BASIS_POINTS_PER_WHOLE, Rate
from quantleap.domain.validation import MAX_DIGITS, checked_decimal, checked_int, kind_of

MINOR_DIGITS = {"INR": 2, "USD": 2, "JPY": 0, "KWD": 3}
"""Decimal digits of the minor unit, by currency. Source: ISO 4217, list one."""

MAX_MINOR = 10**15
"""Largest amount of one Money, in minor units: far above any charge, far below any engine's number limit."""

_AMOUNT = re.compile(r"(-?)([0-9]{1,16})(?:\.([0-9]{1,3}))?")


def divide_half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half-up to a whole number, exactly; numerator at least 0, denominator above 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def indian_grouping(digits: str) -> str:
    """`"2,99,700"` for `"299700"`: three digits and then pairs."""
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail])


def known_currency(_: Any, __: Any, value: Any) -> None:
    """attrs validator: the code of a currency in MINOR_DIGITS."""
    if not isinstance(value, str) or value not in MINOR_DIGITS:
        raise InvalidInputError("currency", f"must be one of {', '.join(MINOR_DIGITS)}")


@frozen(order=False)
class Money:
    """`minor` whole minor units (paise for INR), from -MAX_MINOR to MAX_MINOR, of `currency`."""

    minor: int = field()
    currency: str = field(validator=known_currency)

    @minor.validator
    def _bounded(self, _: object, value: object) -> None:
        checked_int(value, "amount", -MAX_MINOR, MAX_MINOR)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in that currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, amount: object, currency: str, *, field: str = "amount") -> "Money":
        """Read `"999.00"`, Decimal("299.7") or 999 major units. More decimals than the currency has are refused."""
        known_currency(None, None, currency)
        if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
            raise InvalidInputError(field, f"must be an exact amount, not {kind_of(amount)}")
        if not isinstance(amount, str):
            # Bounded first: spelling out 1E+999999999 would take a gigabyte.
            amount = format(checked_decimal(amount, field, max_places=MAX_DIGITS), "f")
        match = _AMOUNT.fullmatch(amount)
        if match is None:
            raise InvalidInputError(field, "must be an amount such as 999.00")
        sign, whole = match[1], match[2]
        digits, fraction = MINOR_DIGITS[currency], (match[3] or "").rstrip("0")
        if len(fraction) > digits:
            raise InvalidInputError(field, f"must have at most {digits} decimal places in {currency}")
        minor = int(whole + fraction.ljust(digits, "0"))
        checked_int(minor, field, 0, MAX_MINOR)
        return cls(-minor if sign else minor, currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatchError(self.currency, other.currency)
        return other

    def share(self, rate: Rate) -> "Money":
        """That share, rounded half-up (away from zero) to the minor unit; the rest is `self - share`."""
        magnitude = divide_half_up(abs(self.minor) * rate.bps, BASIS_POINTS_PER_WHOLE)
        return Money(magnitude if self.minor >= 0 else -magnitude, self.currency)

    def major_text(self) -> str:
        """`"999.00"`: major units with all decimals of the currency."""
        sign, whole, fraction = self._parts()
        return f"{sign}{whole}{fraction}"

    def major_decimal(self) -> Decimal:
        """Major units as an exact Decimal, without trailing zeros: 299.7, 999."""
        sign, whole, fraction = self._parts()
        return Decimal(f"{sign}{whole}{fraction.rstrip('0').rstrip('.')}")

    def indian_text(self) -> str:
        """`"2,99,700.00"`: Indian grouping, three digits and then pairs."""
        sign, whole, fraction = self._parts()
        return f"{sign}{indian_grouping(whole)}{fraction}"

    def _parts(self) -> tuple[str, str, str]:
        digits = MINOR_DIGITS[self.currency]
        spelled = str(abs(self.minor)).rjust(digits + 1, "0")
        whole, fraction = (spelled[:-digits], f".{spelled[-digits:]}") if digits else (spelled, "")
        return "-" if self.minor < 0 else "", whole, fraction
