"""How long the audit trail is kept."""

from datetime import timedelta

from attrs import field, frozen

from quantleap.domain.validation import require

MIN_DAYS, DEFAULT_DAYS, MAX_DAYS = 1, 5 * 366, 36_600
"""By default five years at least."""


@frozen
class AuditRetention:
    """How long entries are kept after the instant they tell of: 1 to 36,600 days, five years unless said."""

    span: timedelta = field(default=timedelta(DEFAULT_DAYS))

    @span.validator
    def _bounded(self, _: object, span: timedelta) -> None:
        is_within = timedelta(MIN_DAYS) <= span <= timedelta(MAX_DAYS)
        require(is_within, "span", f"must be from {MIN_DAYS} to {MAX_DAYS} days")
