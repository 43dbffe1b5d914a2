"""One entry of the audit trail: names and instants, never a value that is secret or personal."""

import re
from datetime import datetime

from attrs import field, frozen
from attrs.validators import optional

from quantleap.domain import identifiers
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.canonical import sha256_hex
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.principals import MAX_CHANGED_BY_BYTES
from quantleap.domain.validation import checked_by, checked_match, instance_of, instant, kept_text, require

MAX_SUBJECT_BYTES = 128

ACTOR_FORM = r"partner_[a-z][a-z0-9]{1,30}_(?:live|test)|system:[a-z][a-z-]{0,31}|(?:user|admin):[0-9a-f]{32}"
"""The regular expression that an actor matches whole."""

_ENTRY_ID = re.compile(r"aud_[0-9a-f]{32}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ACTOR = re.compile(ACTOR_FORM)


def _entry_id(value: object, name: str) -> str:
    return checked_match(value, name, _ENTRY_ID, "an id such as aud_ and 32 hexadecimal digits")


def actor(value: object, field: str = "actor") -> str:
    """Who changed something, as it is kept: `partner_zebu_live`, `system:billing`, `user:` or `admin:` and a pseudonym.

    Raises InvalidInputError.
    """
    return checked_match(value, field, _ACTOR, "a partner's id, or system:, user: or admin: and what follows it")


def told_as(change: tuple[str | int | None, ...]) -> str:
    """The id of the entry that tells of a change, the same however often it is told.

    `change` tells it from every other: a pseudonym of its item's key, its versions, what was done and when.
    """
    return f"aud_{sha256_hex(change)[:32]}"


def _names(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(fields))


@frozen
class AuditEntry:
    """That `action` was done to the subject of that id at that instant.

    `actor` and `request_id` are those that the record says; None on one that was written before it said any. `changed`
    names the fields that differ, by name alone. `partner_id` is whose the subject is, if a partner's. A user's email is
    in no field: users appear as the actor's pseudonym.
    """

    entry_id: str = field(validator=checked_by(_entry_id))
    at: datetime = field(validator=instant)
    action: AuditAction = field(validator=instance_of(AuditAction))
    subject_id: str = field(validator=kept_text(MAX_SUBJECT_BYTES))
    mode: Mode = field(validator=instance_of(Mode))
    actor: str | None = field(default=None, validator=optional(kept_text(MAX_CHANGED_BY_BYTES)))
    request_id: str | None = field(default=None, validator=optional(checked_by(identifiers.request_id)))
    partner_id: PartnerId | None = field(default=None, validator=optional(instance_of(PartnerId)))
    changed: tuple[str, ...] = field(default=(), converter=_names)

    @changed.validator
    def _named(self, _: object, names: tuple[str, ...]) -> None:
        for name in names:
            checked_match(name, "changed", _FIELD, "names of fields")

    def __attrs_post_init__(self) -> None:
        of_another_mode = self.partner_id is not None and self.partner_id.mode is not self.mode
        require(not of_another_mode, "mode", "must be the partner's")
