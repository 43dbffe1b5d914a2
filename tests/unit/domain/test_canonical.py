"""Canonical JSON (RFC 8785) and its hash."""

import decimal
import json
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.canonical import MAX_EXACT_INT, canonical_json, sha256_hex
from quantleap.domain.errors import InvalidInputError


class Colour(StrEnum):
    RED = "red"


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_EXACT_INT, MAX_EXACT_INT) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-MAX_EXACT_INT, "-9007199254740991"),
        ("", '""'),
        (Colour.RED, '"red"'),
        ([], "[]"),
        ({}, "{}"),
        ((1, [2, {"b": None, "a": ()}]), '[1,[2,{"a":[],"b":null}]]'),
        (MappingProxyType({"a": 1}), '{"a":1}'),
    ],
)
def test_each_kind_of_value_has_one_spelling_without_spaces(value: object, text: str) -> None:
    assert canonical_json(value) == text


def test_strings_are_escaped_as_in_rfc_8785_section_3_2_2_2() -> None:
    assert canonical_json("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/") == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'
    assert canonical_json("\b\t\n\f\r\x00\x1f\x7f\u2028") == '"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f\u2028"'


def test_keys_are_sorted_by_utf_16_code_units_as_in_rfc_8785_section_3_2_3() -> None:
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical_json(names)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("299.70", "299.7"),
        ("4.50", "4.5"),
        ("2e-3", "0.002"),
        ("0.000001", "0.000001"),
        ("-0.50", "-0.5"),
        ("-0.0", "0"),
        ("0E+400", "0"),
        ("1E+2", "100"),
        ("100.000", "100"),
        ("9007199254740991", "9007199254740991"),
        ("12345678901234.5", "12345678901234.5"),
        ("0.000123456789012345", "0.000123456789012345"),
    ],
)
def test_a_decimal_is_spelled_plainly_and_as_short_as_it_goes(number: str, text: str) -> None:
    assert canonical_json(Decimal(number)) == text


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 6))
def test_a_decimal_is_spelled_as_the_shortest_form_of_its_double(digits: int, places: int) -> None:
    number = Decimal(digits).scaleb(-places)
    shortest = format(Decimal(repr(float(number))), "f").removesuffix(".0").replace("-0", "0" if not digits else "-0")
    assert canonical_json(number) == shortest


@given(st.decimals(min_value="0.000001", max_value="999999.999999", places=6))
def test_no_decimal_context_changes_the_spelling(number: Decimal) -> None:
    exact = canonical_json(number)
    with decimal.localcontext(decimal.Context(prec=1, Emax=1, Emin=-1)):
        assert canonical_json(number) == exact


@given(VALUES)
def test_what_is_spelled_reads_back_and_is_spelled_the_same_again(value: object) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(TEXT, st.integers(0, 9), min_size=2, max_size=6))
def test_the_order_in_which_keys_were_set_does_not_matter(value: Mapping[str, int]) -> None:
    assert sha256_hex(value) == sha256_hex(dict(reversed(list(value.items()))))


@pytest.mark.parametrize(
    ("value", "field", "reason"),
    [
        (1.5, "value", "must be exact JSON data, not a float"),
        (b"", "value", "must be exact JSON data, not bytes"),
        ({1}, "value", "must be exact JSON data, not set"),
        (MAX_EXACT_INT + 1, "value", f"must be from -{MAX_EXACT_INT} to {MAX_EXACT_INT}"),
        (-MAX_EXACT_INT - 1, "value", f"must be from -{MAX_EXACT_INT} to {MAX_EXACT_INT}"),
        (Decimal(MAX_EXACT_INT + 1), "value", f"must be from -{MAX_EXACT_INT} to {MAX_EXACT_INT}"),
        (Decimal("NaN"), "value", "must be finite"),
        (Decimal("-Infinity"), "value", "must be finite"),
        (Decimal("0.0000009"), "value", "is too small or too large to be spelled exactly"),
        (Decimal("1E+17"), "value", "is too small or too large to be spelled exactly"),
        (Decimal("1E+999999"), "value", "is too small or too large to be spelled exactly"),
        (Decimal("0.1234567890123456"), "value", "must have at most 15 significant digits"),
        (Decimal("1234567890123456.5"), "value", "must have at most 15 significant digits"),
        ("\ud800", "value", "must not hold a lone surrogate"),
        ({"\ud800": 1}, "value", "must not hold a lone surrogate"),
        ({1: 1}, "value", "must have text keys, not a number"),
        ({"legs": [0, {"lots": 0.5}]}, "value.legs[1].lots", "must be exact JSON data, not a float"),
        ([[0.5]], "value[0][0]", "must be exact JSON data, not a float"),
    ],
)
def test_what_has_no_exact_spelling_is_refused_with_its_path(value: object, field: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        canonical_json(value)
    assert (refusal.value.field, refusal.value.reason) == (field, reason)


def test_the_hash_is_sha_256_of_the_text_in_utf_8() -> None:
    # `printf '{}' | sha256sum` and `printf '"€"' | sha256sum`
    assert sha256_hex({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert sha256_hex("€") == "33ab3f1aaa9b5b06e754decf4e24302477eac3714490bbb587a4b56903c0090c"
