"""What an author claims a template earned: figures that a disclosure policy may have to leave out."""

from decimal import Decimal

from attrs import field, frozen, validators

from quantleap.domain.validation import Validator, exact_number

MAX_PLACES = 4

_LARGE = 10**9
BOUNDS = {
    "expected_return_monthly": (-1000, 1000),
    "win_rate": (0, 100),
    "avg_return_per_trade": (-_LARGE, _LARGE),
    "max_drawdown": (-_LARGE, _LARGE),
    "sharpe_ratio": (-1000, 1000),
}
"""From what to what each figure may be, by its name."""


def _optional_figure(name: str) -> Validator:
    low, high = BOUNDS[name]
    return validators.optional(exact_number(Decimal(low), Decimal(high), max_places=MAX_PLACES))


expected_return = _optional_figure("expected_return_monthly")
"""attrs validator of `expected_return_monthly`: per cent of the capital required, or None."""


@frozen(kw_only=True)
class PerformanceMetrics:
    """Exact figures of at most four decimal places; `win_rate` in per cent, 0 to 100. Each may be absent."""

    win_rate: Decimal | None = field(default=None, validator=_optional_figure("win_rate"))
    avg_return_per_trade: Decimal | None = field(default=None, validator=_optional_figure("avg_return_per_trade"))
    max_drawdown: Decimal | None = field(default=None, validator=_optional_figure("max_drawdown"))
    sharpe_ratio: Decimal | None = field(default=None, validator=_optional_figure("sharpe_ratio"))
