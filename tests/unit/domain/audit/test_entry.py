"""An audit entry holds names and instants, and nothing that is secret or personal."""

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve, fields

from quantleap.domain.audit.action import AuditAction, SubjectKind
from quantleap.domain.audit.entry import AuditEntry, actor, told_as
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId

ENTRY = AuditEntry(
    entry_id="aud_" + "0" * 32,
    at=datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
    action=AuditAction.SUBSCRIPTION_PAUSED,
    subject_id="sub_zebu_0190a3f2",
    mode=Mode.LIVE,
    actor="partner_zebu_live",
    request_id="req_a7f3e2b1c4d5",
    partner_id=PartnerId("zebu", Mode.LIVE),
    changed=("status", "paused_at"),
)


@pytest.mark.parametrize("action", AuditAction)
def test_an_action_says_of_what_kind_its_subject_is(action: AuditAction) -> None:
    assert action.startswith(f"{action.subject_kind}.")


def test_every_kind_of_subject_has_an_action() -> None:
    assert {action.subject_kind for action in AuditAction} == set(SubjectKind)


def test_the_fields_that_changed_stand_in_order() -> None:
    assert ENTRY.changed == ("paused_at", "status")


def test_what_a_record_does_not_say_an_entry_does_without() -> None:
    bare = evolve(ENTRY, actor=None, request_id=None, partner_id=None, changed=())
    assert (bare.actor, bare.request_id, bare.partner_id, bare.changed) == (None, None, None, ())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("entry_id", "aud_1"),
        ("at", datetime(2026, 11, 24, 6, 30)),  # noqa: DTZ001 - that is the point
        ("action", "subscription.paused"),
        ("subject_id", "anita@example.com"),
        ("subject_id", "x" * 129),
        ("mode", "live"),
        ("mode", Mode.TEST),
        ("actor", "admin:anita@example.com"),
        ("actor", "x" * 65),
        ("request_id", "req_1"),
        ("partner_id", "partner_zebu_live"),
        ("changed", ("anita@example.com",)),
        ("changed", ("Status",)),
        ("changed", ("a" * 65,)),
    ],
    ids=repr,
)
def test_what_is_not_of_its_form_is_refused(field: str, value: Any) -> None:
    with pytest.raises(InvalidInputError) as refused:
        evolve(ENTRY, **{field: value})
    assert refused.value.field == field


def test_every_field_is_put_to_the_test() -> None:
    assert {each.name for each in fields(AuditEntry)} == {
        "entry_id", "at", "action", "subject_id", "mode", "actor", "request_id", "partner_id", "changed",
    }  # fmt: skip


@pytest.mark.parametrize(
    "spelled",
    ["partner_zebu_live", "partner_zebu_test", "system:billing", "user:" + "0" * 32, "admin:" + "f" * 32],
)
def test_an_actor_is_spelled_as_stamps_spell_it(spelled: str) -> None:
    assert actor(spelled) == spelled


@pytest.mark.parametrize(
    "spelled", ["", "anita@example.com", "partner_zebu", "admin:" + "g" * 32, "user:1", "system:", "a#b", None]
)
def test_nothing_else_is_an_actor(spelled: object) -> None:
    with pytest.raises(InvalidInputError, match="actor"):
        actor(spelled)


def test_a_change_is_told_under_one_id_and_another_under_another() -> None:
    change = ("0" * 64, 1, 2, "basket.changed", "2026-11-24T06:30:00+00:00", None)
    others = [(*change[:place], "other", *change[place + 1 :]) for place in range(len(change))]
    assert told_as(change) == told_as(change)
    assert len({told_as(each) for each in (change, *others)}) == 1 + len(change)
