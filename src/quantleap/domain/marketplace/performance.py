"""What an author claims a template earned: figures that a disclosure policy may have to leave out."""

from decimal import Decimal

from attrs import field, frozen, validators

from quantleap.domain.validation import Validator, exact_number

MAX_PLACES = 4


def _optional_figure(low: int, high: int) -> Validator:
    return validators.optional(exact_number(Decimal(low), Decimal(high), max_places=MAX_PLACES))


expected_return = _optional_figure(-1000, 1000)
"""attrs validator of `expected_return_monthly`: per cent of the capital required, or None."""


@frozen(kw_only=True)
class PerformanceMetrics:
    """Exact figures of at most four decimal places; `win_rate` in per cent, 0 to 100. Each may be absent."""

    win_rate: Decimal | None = field(default=None, validator=_optional_figure(0, 100))
    avg_return_per_trade: Decimal | None = field(default=None, validator=_optional_figure(-(10**9), 10**9))
    max_drawdown: Decimal | None = field(default=None, validator=_optional_figure(-(10**9), 10**9))
    sharpe_ratio: Decimal | None = field(default=None, validator=_optional_figure(-1000, 1000))
