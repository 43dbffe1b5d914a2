"""How a table of fields reads a JSON object."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from attrs import field, frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.marketplace.reader import Parse, as_it_is, build, each, exact_decimal, nested


@frozen
class Inner:
    size: Decimal


@frozen
class Outer:
    name: str
    inner: Inner | None = None
    sizes: tuple[Decimal, ...] = field(default=(Decimal(1),))


def read_inner(document: object) -> Inner:
    return build(Inner, document, {"size": exact_decimal})


OUTER: dict[str, Parse[Any]] = {
    "name": as_it_is,
    "inner": nested(read_inner),
    "sizes": each(exact_decimal, at_most=2),
}


def refusal_of(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as caught:
        call()
    return caught.value.field, caught.value.reason


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"name": "a"}, Outer("a")),
        ({"name": "a", "inner": None}, Outer("a")),
        ({"name": "a", "inner": {"size": 2}}, Outer("a", Inner(Decimal(2)))),
        ({"name": "a", "sizes": []}, Outer("a", None, ())),
        ({"name": "a", "sizes": (1, Decimal("2.50"))}, Outer("a", None, (Decimal(1), Decimal("2.5")))),
    ],
)
def test_what_is_absent_is_the_default_and_null_is_absent_where_the_default_is_none(
    document: object, expected: Outer
) -> None:
    assert build(Outer, document, OUTER) == expected


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        (None, ("document", "must be an object, not null")),
        ([], ("document", "must be an object, not a list")),
        ({}, ("name", "is required")),
        ({"nam": "a"}, ("nam", "is not a known field")),
        ({"name": "a", "inner": []}, ("inner", "must be an object, not a list")),
        ({"name": "a", "inner": {}}, ("inner.size", "is required")),
        ({"name": "a", "inner": {"size": None}}, ("inner.size", "must be an exact number (int or Decimal), not null")),
        ({"name": "a", "inner": {"size": 1, "sise": 1}}, ("inner.sise", "is not a known field")),
        ({"name": "a", "sizes": None}, ("sizes", "must be a list, not null")),
        ({"name": "a", "sizes": {}}, ("sizes", "must be a list, not an object")),
        ({"name": "a", "sizes": "12"}, ("sizes", "must be a list, not text")),
        ({"name": "a", "sizes": [1, 1.5]}, ("sizes[1]", "must be an exact number (int or Decimal), not a float")),
        ({"name": "a", "sizes": ["x", "x", "x"]}, ("sizes", "must hold at most 2")),
    ],
)
def test_a_refusal_names_the_path(document: object, refusal: tuple[str, str]) -> None:
    assert refusal_of(lambda: build(Outer, document, OUTER)) == refusal


@pytest.mark.parametrize("key", ["bob@example.com", "a b", "x" * 65, "n\u0430me", "", "a\n", 7, None])
def test_an_unknown_key_that_is_no_field_name_is_not_repeated(key: object) -> None:
    assert refusal_of(lambda: build(Outer, {key: 1}, OUTER)) == ("(not a field name)", "is not a known field")
