"""What a subscription remembers of each change of its status."""

from datetime import datetime

from attrs import field, frozen, validators

from quantleap.domain import identifiers
from quantleap.domain.principals import MAX_CHANGED_BY_BYTES, MAX_REASON_BYTES
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.validation import checked_by, instant, kept_text

MAX_HISTORY_ENTRIES = 1000
"""After so many, pause and resume are refused; cancel and expire always pass."""


@frozen
class Stamp:
    """Who changes something, when, for which request and why: what a caller adds to a move.

    `at` carries a time zone; `changed_by` is a pseudonymous principal of at most 64 bytes and `reason` has
    at most 120, neither an email; `request_id` looks like `req_a7f3e2b1c4d5`.
    """

    at: datetime = field(validator=instant)
    changed_by: str = field(validator=kept_text(MAX_CHANGED_BY_BYTES))
    request_id: str = field(validator=checked_by(identifiers.request_id))
    reason: str | None = field(default=None, validator=validators.optional(kept_text(MAX_REASON_BYTES)))


@frozen
class HistoryEntry:
    """A status the subscription took, and the stamp of the change."""

    status: SubscriptionStatus
    stamp: Stamp
