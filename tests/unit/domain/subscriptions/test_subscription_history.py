"""A stamp is bounded in bytes, holds no email, and names one instant."""

from datetime import UTC, date, datetime

import pytest

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.periods import KOLKATA
from quantleap.domain.subscriptions.history import Stamp

AT = datetime(2026, 11, 24, 3, 50, tzinfo=UTC)
REQUEST_ID = "req_a7f3e2b1c4d5"


def _refused(field: str) -> "pytest.RaisesExc[InvalidInputError]":
    return pytest.raises(InvalidInputError, match=rf"^{field}: ")


@pytest.mark.parametrize("reason", [None, "x", "x" * 120, "₹" * 40, "é" * 60, "🚀" * 30, "too dear @ 999.00"])
def test_a_reason_may_have_120_bytes(reason: str | None) -> None:
    assert Stamp(AT, "user_7f3a", REQUEST_ID, reason).reason == reason


@pytest.mark.parametrize(
    "reason",
    ["", "x" * 121, "₹" * 40 + "x", "₹" * 41, "é" * 61, "🚀" * 31, "two\nlines", "\x00", "\u202e", "\ud800", 5, True],
)
def test_any_other_reason_is_refused(reason: object) -> None:
    with _refused("reason"):
        Stamp(AT, "user_7f3a", REQUEST_ID, reason)  # type: ignore[arg-type] # some are not text on purpose


def test_a_reason_too_long_in_bytes_only_is_told_so() -> None:
    with pytest.raises(InvalidInputError, match=r"^reason: must have at most 120 bytes$"):
        Stamp(AT, "user_7f3a", REQUEST_ID, "₹" * 41)


@pytest.mark.parametrize("changed_by", ["x", "x" * 64, "é" * 32, "₹" * 21 + "x", "partner_zebu_live", "system:billing"])
def test_who_changed_it_may_have_64_bytes(changed_by: str) -> None:
    assert Stamp(AT, changed_by, REQUEST_ID).changed_by == changed_by


@pytest.mark.parametrize(
    "changed_by", ["", "x" * 65, "é" * 33, "₹" * 22, "trader@example.com", "a@b", "tab\there", "\x7f", None, 7, False]
)
def test_any_other_author_is_refused(changed_by: object) -> None:
    with _refused("changed_by"):
        Stamp(AT, changed_by, REQUEST_ID)  # type: ignore[arg-type] # some are not text on purpose


def test_an_email_is_no_pseudonym_and_the_refusal_does_not_repeat_it() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Stamp(AT, "trader@example.com", REQUEST_ID)
    assert str(refusal.value) == "changed_by: must not hold an email"


@pytest.mark.parametrize("request_id", ["req_000000000000", "req_ffffffffffff", REQUEST_ID])
def test_a_request_id_is_twelve_hexadecimal_digits(request_id: str) -> None:
    assert Stamp(AT, "user_7f3a", request_id).request_id == request_id


@pytest.mark.parametrize(
    "request_id",
    [
        "",
        "req_",
        "req_a7f3e2b1c4d",
        "req_a7f3e2b1c4d55",
        "req_A7F3E2B1C4D5",
        "req_a7f3e2b1c4dg",
        "req_a7f3e2b1c4d5\n",
        " req_a7f3e2b1c4d5",
        "req_٠٠٠٠٠٠٠٠٠٠٠٠",  # noqa: RUF001 - Arabic-Indic digits are digits to a careless pattern
        "a7f3e2b1c4d5",
        None,
        12,
    ],
)
def test_any_other_request_id_is_refused(request_id: object) -> None:
    with _refused("request_id"):
        Stamp(AT, "user_7f3a", request_id)  # type: ignore[arg-type] # some are not text on purpose


@pytest.mark.parametrize("at", [AT, datetime(2026, 11, 24, 9, 20, tzinfo=KOLKATA)])
def test_an_instant_carries_its_zone(at: datetime) -> None:
    assert Stamp(at, "user_7f3a", REQUEST_ID).at == AT


@pytest.mark.parametrize(
    "at",
    [datetime(2026, 11, 24, 3, 50), date(2026, 11, 24), "2026-11-24T03:50:00Z", None, 0],  # noqa: DTZ001 - refused
)
def test_anything_else_is_no_instant(at: object) -> None:
    with _refused("at"):
        Stamp(at, "user_7f3a", REQUEST_ID)  # type: ignore[arg-type] # wrong on purpose
