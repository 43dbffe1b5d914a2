"""JSON whose numbers are exact."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.identifiers import Mode
from quantleap.domain.periods import KOLKATA
from quantleap.entrypoints.exact_json import json_line, json_text

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False, places=2)
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("299.7"), "299.7"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.000001"), "0.000001"),
        (Decimal("12345678901234567.89"), "12345678901234567.89"),
        (10**30, "1" + "0" * 30),
        (True, "true"),
        (None, "null"),
        (Mode.LIVE, '"live"'),
        ("₹ \u2028 \ud800", '"\\u20b9 \\u2028 \\ud800"'),
        (datetime(2026, 11, 25, 9, 20, tzinfo=KOLKATA), '"2026-11-25T03:50:00Z"'),
        (datetime(2026, 11, 25, 9, 20, 0, 120, tzinfo=UTC), '"2026-11-25T09:20:00.000120Z"'),
        (date(2026, 11, 25), '"2026-11-25"'),
        (time(9, 20), '"09:20"'),
        ({}, "{}"),
        ((), "[]"),
        ({"a": [1, {"b": Decimal("0.5")}]}, '{"a": [1, {"b": 0.5}]}'),
    ],
)
def test_each_value_has_one_spelling(value: object, text: str) -> None:
    assert json_line(value) == text


def test_a_document_is_indented() -> None:
    assert json_text({"a": [1, 2], "b": {}}) == '{\n  "a": [\n    1,\n    2\n  ],\n  "b": {}\n}'


@pytest.mark.parametrize("value", [0.1, Decimal("NaN"), Decimal("-Infinity"), Fraction(1, 3), {1}, b"x", [1.5]])
def test_what_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="has no exact JSON form"):
        json_text(value)


@given(VALUES)
def test_any_value_is_read_back_exactly(value: object) -> None:
    for text in (json_text(value), json_line(value)):
        assert json.loads(text, parse_float=Decimal) == value
    assert "\n" not in json_line(value)
