"""The audit trail: brought up to date from the change feed, and read by admins."""

import logging
from datetime import datetime, timedelta

from quantleap.application.audit_following import AuditFollower
from quantleap.application.feed_walking import Stop
from quantleap.application.paging import ListKey, Paging
from quantleap.domain.audit.entry import AuditEntry
from quantleap.domain.audit.question import DEFAULT_SPAN, AuditQuestion
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.paging import ListPage, ListRequest
from quantleap.domain.principals import Principal, mode_of, require_admin
from quantleap.ports.audit import AuditLog
from quantleap.ports.system import Clock

_AHEAD = timedelta(minutes=5)
"""What other machines' clocks stamped may be so far from now."""

_log = logging.getLogger("quantleap.audit")


class Auditing:
    """Who changed what, and when: an entry for each change of what is audited, seconds behind it."""

    def __init__(self, follower: AuditFollower, log: AuditLog, paging: Paging, clock: Clock) -> None:
        self._follower = follower
        self._trail = log
        self._paging = paging
        self._clock = clock

    def follow(self) -> int:
        """Tell what was committed before it began; returns how many changes it told.

        May run anywhere, any number of times, killed at any line. A change that cannot be read is passed over and
        logged; so is it where the feed has passed the trail by, which the trail then says itself (`audit.gap`).
        """
        audited = self._follower.catch_up()
        for error in audited.unreadable:
            _log.warning("a change was passed over: %s", error)
        if audited.gap is not None:
            _log.error("changes went by unread, and the audit trail says so: %s", audited.gap)
        if audited.stop is Stop.LOST:
            _log.error("the audit trail cannot go on: %s", audited.reason)
        return audited.told

    def entries(
        self,
        by: Principal,
        request: ListRequest,
        *,
        partner_id: PartnerId | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> ListPage[AuditEntry]:
        """The entries from `since` to before `until`, newest first: by default those of the last 30 days.

        A partner's are those of its mode, all others of the mode that `by` acts on. `actor` is spelled as entries have
        it. A page looks through about a month at most: of a longer span it may be short, even empty, and lead on.
        Raises PermissionDeniedError; InvalidInputError for a span of none or of more than 400 days.
        """
        require_admin(by)
        now = self._clock.now()
        question = AuditQuestion(
            mode=mode_of(by) if partner_id is None else partner_id.mode,
            since=(until or now) - DEFAULT_SPAN if since is None else since,
            until=until or now + _AHEAD,
            partner_id=partner_id,
            actor=actor,
        )
        return self._paging.page(
            by,
            request,
            _named(partner_id, actor, since, until),
            lambda page: self._trail.page(question, page),
            may_be_short=True,
        )


def _named(partner_id: PartnerId | None, actor: str | None, since: datetime | None, until: datetime | None) -> ListKey:
    """The list as it was asked for, so that its cursors are good for the same question later."""
    asked = (partner_id, actor, since and since.isoformat(), until and until.isoformat())
    return ("audit.entries", *(None if each is None else str(each) for each in asked))
