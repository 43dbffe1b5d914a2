"""Rates in basis points: 3000 is 30 %."""

import re

from attrs import field, frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.validation import whole_number

BASIS_POINTS_PER_WHOLE = 10_000

_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?%")


@frozen(order=True)
class Rate:
    """`bps` basis points, from 0 to 10,000 (100 %)."""

    bps: int = field(validator=whole_number(0, BASIS_POINTS_PER_WHOLE))

    @classmethod
    def parse_percent(cls, spelled: str, *, field: str = "rate") -> "Rate":
        """Read `30%` or `12.5%`: at most two decimals, exact."""
        match = _PERCENT.fullmatch(spelled)
        if match is None:
            raise InvalidInputError(field, "must be a percentage such as 30% or 12.5%")
        whole, fraction = match.groups()
        bps = int(whole + (fraction or "").ljust(2, "0"))
        if bps > BASIS_POINTS_PER_WHOLE:
            raise InvalidInputError(field, "must be from 0% to 100%")
        return cls(bps)

    def __str__(self) -> str:
        whole, hundredths = divmod(self.bps, 100)
        return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".") + "%"
