"""What may be asked of the audit trail, and how long it is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from quantleap.domain.audit.question import MAX_SPAN, AuditQuestion
from quantleap.domain.audit.retention import AuditRetention
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
TINY = timedelta(microseconds=1)


@pytest.mark.parametrize("span", [TINY, timedelta(30), MAX_SPAN], ids=str)
def test_a_question_reaches_back_for_a_moment_or_for_four_hundred_days(span: timedelta) -> None:
    asked = AuditQuestion(Mode.LIVE, NOON - span, NOON, PartnerId("zebu", Mode.LIVE), "system:billing")
    assert asked.until - asked.since == span


@pytest.mark.parametrize(
    ("span", "reason"),
    [(timedelta(0), "before"), (-TINY, "before"), (MAX_SPAN + TINY, "at most 400 days before")],
    ids=str,
)
def test_a_question_of_no_span_or_of_too_much_is_refused(span: timedelta, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason) as refused:
        AuditQuestion(Mode.LIVE, NOON - span, NOON)
    assert refused.value.field == "from"


def test_an_actor_of_no_known_spelling_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="actor"):
        AuditQuestion(Mode.LIVE, NOON - TINY, NOON, actor="anita@example.com")


def test_entries_are_kept_for_five_years_unless_said() -> None:
    assert AuditRetention().span >= timedelta(5 * 365 + 2)


@pytest.mark.parametrize("span", [timedelta(0), timedelta(1) - TINY, timedelta(36_600) + TINY], ids=str)
def test_entries_are_kept_for_a_day_at_least_and_a_hundred_years_at_most(span: timedelta) -> None:
    with pytest.raises(InvalidInputError, match="1 to 36600 days"):
        AuditRetention(span)
