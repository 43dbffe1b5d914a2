"""Metadata: at most 10 pairs of strings, keys of 40 and values of 500 characters, and nothing invisible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.subscriptions.metadata import read_metadata

plain = st.characters(categories=("L", "N", "P", "S", "Zs"))
pairs = st.dictionaries(st.text(plain, min_size=1, max_size=40), st.text(plain, max_size=500), max_size=10)


@given(value=pairs)
def test_pairs_within_the_bounds_are_kept_and_sorted(value: dict[str, str]) -> None:
    read = read_metadata(value)
    assert dict(read) == value
    assert [key for key, _ in read] == sorted(value)


@given(value=pairs)
def test_the_order_of_the_pairs_changes_nothing(value: dict[str, str]) -> None:
    assert read_metadata(dict(reversed(value.items()))) == read_metadata(value)


@pytest.mark.parametrize("count", [0, 10])
def test_up_to_ten_pairs_pass(count: int) -> None:
    assert len(read_metadata({f"key{number}": "" for number in range(count)})) == count


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "metadata: must be an object, not null"),
        ([("a", "b")], "metadata: must be an object, not a list"),
        ("a=b", "metadata: must be an object, not text"),
        ({f"key{number}": "" for number in range(11)}, "metadata: must have at most 10 pairs"),
        ({"": "x"}, "metadata key: must have 1 to 40 characters"),
        ({"k" * 41: "x"}, "metadata key: must have 1 to 40 characters"),
        ({"a\nb": "x"}, "metadata key: must not hold control or invisible characters"),
        ({7: "x"}, "metadata key: must be text, not a number"),
        ({"plan": "x" * 501}, "metadata.plan: must have 0 to 500 characters"),
        ({"plan": "a\x00b"}, "metadata.plan: must not hold control or invisible characters"),
        ({"plan": "a\u200bb"}, "metadata.plan: must not hold control or invisible characters"),
        ({"plan": "\udfff"}, "metadata.plan: must not hold control or invisible characters"),
        ({"plan": 1}, "metadata.plan: must be text, not a number"),
        ({"plan": None}, "metadata.plan: must be text, not null"),
        ({"plan": True}, "metadata.plan: must be text, not a boolean"),
        ({"plan": {"a": "b"}}, "metadata.plan: must be text, not an object"),
    ],
)
def test_anything_else_is_refused_by_the_pair_and_the_reason(value: object, message: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_metadata(value)
    assert str(refusal.value) == message


def test_the_longest_key_and_value_pass() -> None:
    assert read_metadata({"k" * 40: "₹" * 500}) == (("k" * 40, "₹" * 500),)


def test_the_field_may_be_named_otherwise() -> None:
    with pytest.raises(InvalidInputError, match=r"^body\.metadata\.plan: "):
        read_metadata({"plan": 1}, field="body.metadata")
