"""A value in the service's form is the value again; what this library never writes is refused by its item's name."""

import json
import traceback
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.adapters.store.engines.dynamodb_values import Stored, decoded_item, encoded, encoded_item
from quantleap.adapters.store.engines.evaluation import identical
from quantleap.adapters.store.seam import MAX_INTEGER, Item, Value
from quantleap.ports.errors import CorruptDataError

SECRET = "4157.5"
_TEXTS = st.text(max_size=8)
_VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER - 1, MAX_INTEGER) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=12,
)


class Status(StrEnum):
    ACTIVE = "ACTIVE"


def answered(item: dict[str, Any]) -> dict[str, Stored]:
    """An item as it is read from an answer."""
    return msgspec.json.decode(json.dumps(item), type=dict[str, Stored])


@given(item=st.dictionaries(_TEXTS, _VALUES, max_size=4))
def test_an_item_is_the_same_after_the_service_s_form(item: Item) -> None:
    assert identical(decoded_item(answered(encoded_item(item))), item)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, {"NULL": True}),
        (True, {"BOOL": True}),
        (False, {"BOOL": False}),
        (1, {"N": "1"}),
        (0, {"N": "0"}),
        (-MAX_INTEGER - 1, {"N": "-9223372036854775808"}),
        ("", {"S": ""}),
        (Status.ACTIVE, {"S": "ACTIVE"}),
        ([], {"L": []}),
        ({}, {"M": {}}),
        ([1, {"a": [True]}], {"L": [{"N": "1"}, {"M": {"a": {"L": [{"BOOL": True}]}}}]}),
    ],
)
def test_each_kind_of_value_has_one_form(value: Value, form: dict[str, Any]) -> None:
    assert encoded(value) == form
    assert all(type(inner) in (str, bool, list, dict) for inner in encoded(value).values())


@pytest.mark.parametrize(
    "value",
    [
        {"N": SECRET},
        {"N": "4157.5E+30"},
        {"B": SECRET},
        {"SS": [SECRET]},
        {"NS": [SECRET]},
        {"BS": [SECRET]},
        {"L": [{"S": SECRET}, {"N": SECRET}]},
        {"M": {"inner": {"L": [{"B": SECRET}]}}},
    ],
    ids=str,
)
@pytest.mark.parametrize("sort", ["BASKET#1", None])
def test_what_is_never_written_is_refused_and_not_shown(value: dict[str, Any], sort: str | None) -> None:
    keys = {"user_id": {"S": SECRET}} | ({} if sort is None else {"sort_key": {"S": sort}})
    with pytest.raises(CorruptDataError) as failure:
        decoded_item(answered({**keys, "value": value}))
    assert failure.value.subject == f"item {sort}"
    assert SECRET not in "".join(traceback.format_exception(failure.value))
