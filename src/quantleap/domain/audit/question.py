"""What is asked of the audit trail."""

from datetime import datetime, timedelta

from attrs import field, frozen
from attrs.validators import optional

from quantleap.domain.audit.entry import actor
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.validation import checked_by, instance_of, instant, require

DEFAULT_SPAN = timedelta(days=30)
"""How far back it is looked where nobody says."""

MAX_SPAN = timedelta(days=400)
"""As far as one question reaches."""


@frozen
class AuditQuestion:
    """The entries of one mode from `since` to before `until`, of one partner, by one actor, or of and by all (None).

    The span is more than nothing and at most 400 days.
    """

    mode: Mode = field(validator=instance_of(Mode))
    since: datetime = field(validator=instant)
    until: datetime = field(validator=instant)
    partner_id: PartnerId | None = field(default=None, validator=optional(instance_of(PartnerId)))
    actor: str | None = field(default=None, validator=optional(checked_by(actor)))

    def __attrs_post_init__(self) -> None:
        require(self.since < self.until, "from", "must be before `to`")
        require(self.until - self.since <= MAX_SPAN, "from", f"must be at most {MAX_SPAN.days} days before `to`")
