"""What a subscription remembers of each change of its status."""

from datetime import datetime

from attrs import field, frozen

from quantleap.domain import identifiers
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.principals import MAX_CHANGED_BY_BYTES
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.validation import checked_by, checked_text, instant, require

MAX_HISTORY_ENTRIES = 1000
"""After so many, pause and resume are refused; cancel and expire always pass."""

MAX_REASON_BYTES = 120


def _within_bytes(value: object, field_name: str, limit: int) -> None:
    checked = checked_text(value, field_name, max_chars=limit)
    if len(checked.encode()) > limit:
        raise InvalidInputError(field_name, f"must have at most {limit} bytes")


@frozen
class Stamp:
    """Who changes something, when, for which request and why: what a caller adds to a move.

    `at` carries a time zone; `changed_by` is a pseudonymous principal of at most 64 bytes, never an email; `reason`
    has at most 120 bytes; `request_id` looks like `req_a7f3e2b1c4d5`.
    """

    at: datetime = field(validator=instant)
    changed_by: str = field()
    request_id: str = field(validator=checked_by(identifiers.request_id))
    reason: str | None = field(default=None)

    @changed_by.validator
    def _pseudonymous(self, _: object, value: object) -> None:
        _within_bytes(value, "changed_by", MAX_CHANGED_BY_BYTES)
        require("@" not in str(value), "changed_by", "must be a pseudonym")

    @reason.validator
    def _short(self, _: object, value: object) -> None:
        if value is not None:
            _within_bytes(value, "reason", MAX_REASON_BYTES)


@frozen
class HistoryEntry:
    """A status the subscription took, and the stamp of the change."""

    status: SubscriptionStatus
    stamp: Stamp
