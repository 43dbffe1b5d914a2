"""What the shared checks accept and refuse, and in which words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain import validation
from quantleap.domain.errors import InvalidInputError


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def _x_only(value: object, name: str) -> None:
    validation.require(value == "x", name, "must be x")


@frozen
class Checked:
    """One field of each kind of validator."""

    count: int = field(default=1, validator=validation.whole_number(1, 6))
    name: str = field(default="n", validator=validation.text(4))
    share: Decimal = field(
        default=Decimal(0), validator=validation.exact_number(Decimal(0), Decimal("1.5"), max_places=2)
    )
    word: str = field(default="x", validator=validation.checked_by(_x_only))
    colour: Colour = field(default=Colour.RED, validator=validation.instance_of(Colour))
    colours: tuple[Colour, ...] = field(default=(Colour.RED,), validator=validation.tuple_of(Colour, 1, 2))
    at: datetime = field(default=datetime(2026, 1, 1, tzinfo=UTC), validator=validation.instant)


def refusal_of(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as caught:
        call()
    return caught.value.field, caught.value.reason


@pytest.mark.parametrize("value", [1, 2])
def test_require_lets_a_true_condition_pass_and_names_field_and_reason_of_a_false_one(value: int) -> None:
    validation.require(value > 0, "lots", "must be there")
    assert refusal_of(lambda: validation.require(value < 0, "lots", "must be there")) == ("lots", "must be there")


@pytest.mark.parametrize("value", [1, 3, 6])
def test_a_whole_number_within_bounds_is_given_back(value: int) -> None:
    assert validation.checked_int(value, "lots", 1, 6) == value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (True, "must be a whole number, not a boolean"),
        (1.0, "must be a whole number, not a float"),
        (float("nan"), "must be a whole number, not a float"),
        ("1", "must be a whole number, not text"),
        (None, "must be a whole number, not null"),
        ([1], "must be a whole number, not a list"),
        ({}, "must be a whole number, not an object"),
        (Decimal(1), "must be a whole number, not Decimal"),
        (0, "must be from 1 to 6"),
        (-1, "must be from 1 to 6"),
        (7, "must be from 1 to 6"),
    ],
)
def test_anything_but_a_whole_number_within_bounds_is_refused(value: object, reason: str) -> None:
    assert refusal_of(lambda: validation.checked_int(value, "lots", 1, 6)) == ("lots", reason)
    assert refusal_of(lambda: Checked(count=value)) == ("count", reason)  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (5, "5"),
        (Decimal("1.50"), "1.5"),
        (Decimal("-0.25"), "-0.25"),
        (Decimal("0.000000"), "0"),
        (Decimal("-0"), "0"),
        (Decimal("0E+99"), "0"),
        (Decimal("100"), "100"),
        (Decimal("2.000"), "2"),
        (10**17, "1" + "0" * 17),
    ],
)
def test_an_exact_number_loses_its_trailing_zeros_and_nothing_else(value: int | Decimal, spelled: str) -> None:
    assert str(validation.checked_decimal(value, "value", max_places=2)) == spelled


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (True, "must be an exact number (int or Decimal), not a boolean"),
        (1.5, "must be an exact number (int or Decimal), not a float"),
        ("1.5", "must be an exact number (int or Decimal), not text"),
        (None, "must be an exact number (int or Decimal), not null"),
        (Fraction(1, 2), "must be an exact number (int or Decimal), not Fraction"),
        (Decimal("NaN"), "must be finite"),
        (Decimal("sNaN"), "must be finite"),
        (Decimal("Infinity"), "must be finite"),
        (Decimal("-Infinity"), "must be finite"),
        (Decimal("0.001"), "must have at most 2 decimal places"),
        (Decimal("1E-999999"), "must have at most 2 decimal places"),
        (Decimal("1E+999999999"), "has too many digits"),
        (10**18, "has too many digits"),
    ],
)
def test_a_number_that_is_not_exact_finite_and_short_is_refused(value: object, reason: str) -> None:
    assert refusal_of(lambda: validation.checked_decimal(value, "value", max_places=2)) == ("value", reason)


@given(st.integers(-(10**17), 10**17), st.integers(0, 9))
def test_an_exact_number_is_never_changed(digits: int, places: int) -> None:
    number = Decimal(digits).scaleb(-places)
    checked = validation.checked_decimal(number, "value", max_places=places)
    assert Fraction(checked) == Fraction(digits, 10**places)


@pytest.mark.parametrize("value", ["a", "NIFTY weekly", "\u0928\u093f\u092b\u094d\u091f\u0940", "caf\u00e9", "x" * 120])
def test_one_line_of_plain_text_is_given_back(value: str) -> None:
    assert validation.checked_text(value, "name", max_chars=120) == value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1, "must be text, not a number"),
        (None, "must be text, not null"),
        ("", "must have 1 to 4 characters"),
        ("12345", "must have 1 to 4 characters"),
        *(
            (f"a{character}", "must not hold control or invisible characters")
            for character in (
                "\x00",
                "\n",
                "\x7f",
                "\u2028",
                "\u2029",
                "\u200b",
                "\u202e",
                "\ufeff",
                "\ud800",
                "\ue000",
            )
        ),
    ],
)
def test_text_that_is_too_long_or_not_plain_is_refused(value: object, reason: str) -> None:
    assert refusal_of(lambda: validation.checked_text(value, "name", max_chars=4)) == ("name", reason)
    assert refusal_of(lambda: Checked(name=value)) == ("name", reason)  # type: ignore[arg-type]  # what is refused


def test_text_may_be_allowed_to_be_empty() -> None:
    assert validation.checked_text("", "note", max_chars=4, min_chars=0) == ""


def test_a_choice_is_spelled_exactly() -> None:
    assert validation.checked_choice("red", "colour", Colour) is Colour.RED


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("RED", "must be one of red, blue"),
        ("\uff52ed", "must be one of red, blue"),
        ("", "must be one of red, blue"),
        (1, "must be text, not a number"),
        ([], "must be text, not a list"),
    ],
)
def test_any_other_choice_is_refused(value: object, reason: str) -> None:
    assert refusal_of(lambda: validation.checked_choice(value, "colour", Colour)) == ("colour", reason)


def test_the_values_that_a_validator_allows_are_taken() -> None:
    taken = Checked(count=6, name="four", share=Decimal("1.5"), colour=Colour.BLUE, colours=(Colour.RED, Colour.BLUE))
    assert (taken.count, taken.share, taken.colour, len(taken.colours)) == (6, Decimal("1.5"), Colour.BLUE, 2)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"share": Decimal("1.51")}, "must be from 0 to 1.5"),
        ({"share": Decimal("-0.01")}, "must be from 0 to 1.5"),
        ({"share": Decimal("0.001")}, "must have at most 2 decimal places"),
        ({"word": "y"}, "must be x"),
        ({"colour": "red"}, "must be a Colour, not text"),
        ({"colour": None}, "must be a Colour, not null"),
        ({"colours": [Colour.RED]}, "must be a tuple of Colour"),
        ({"colours": ("red",)}, "must be a tuple of Colour"),
        ({"colours": ()}, "must hold 1 to 2"),
        ({"colours": (Colour.RED,) * 3}, "must hold 1 to 2"),
        ({"at": "2026-01-01T00:00:00Z"}, "must be an instant with a time zone"),
        ({"at": datetime(2026, 1, 1)}, "must be an instant with a time zone"),  # noqa: DTZ001 - what is refused
    ],
)
def test_a_validator_names_its_field(changes: dict[str, Any], reason: str) -> None:
    assert refusal_of(lambda: Checked(**changes)) == (next(iter(changes)), reason)


def test_an_instant_may_be_in_any_zone() -> None:
    kolkata = datetime(2026, 1, 1, 5, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert Checked(at=kolkata) == Checked(at=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_refusal_seen_from_further_out_has_the_longer_path() -> None:
    inner = InvalidInputError("lots", "must be there")
    assert inner.under("legs[0]").under("strategies[1]").field == "strategies[1].legs[0].lots"
    assert InvalidInputError("[2]", "must be there").under("legs").field == "legs[2]"
    assert InvalidInputError("", "must be there").under("legs").field == "legs"
