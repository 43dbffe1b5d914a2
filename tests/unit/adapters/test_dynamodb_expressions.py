"""An expression refers to names and values by numbers alone: nothing of an item is ever spliced into one."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.adapters.store.engines.dynamodb_expressions import position_from, query_request, write_request
from quantleap.adapters.store.seam import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Check,
    Condition,
    Delete,
    Equals,
    ItemAbsent,
    ItemPresent,
    Key,
    Missing,
    OneOf,
    Put,
    Query,
    ShorterThan,
    Update,
    Write,
)

EXPRESSIONS = ("ConditionExpression", "UpdateExpression", "KeyConditionExpression")
WORDS = {"AND", "OR", "NOT", "IN", "SET", "REMOVE", "BETWEEN", "begins_with", "if_not_exists", "list_append"}
WORDS |= {"attribute_exists", "attribute_not_exists", "attribute_type", "size"}
TOKEN = re.compile(r"[A-Za-z_]+|#\d+|:\d+|[(),=<>+]|\s+")

# Texts that an expression would read as its own, were they spliced in.
_TEXTS = st.sampled_from(["size", "#0", ":0", "#x", "a.b", "a[0]", "SET", "x OR attribute_exists(y)", "0", ")"])
_NAMES = _TEXTS | st.text(min_size=1, max_size=5)
_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.just(ItemAbsent())
    | st.just(ItemPresent())
    | st.builds(Equals, _NAMES, _TEXTS | st.integers() | st.booleans())
    | st.builds(OneOf, _NAMES, st.lists(_TEXTS, min_size=1, max_size=3).map(tuple))
    | st.builds(Missing, _NAMES)
    | st.builds(ShorterThan, _NAMES, st.integers(0, 5))
    | st.builds(AtLeast, _NAMES, st.integers())
    | st.builds(AtMost, _NAMES, st.integers()),
    lambda parts: (
        st.builds(AllOf, st.lists(parts, min_size=1, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(parts, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=5,
)
_KEYS = st.builds(Key, _TEXTS, _TEXTS)
_WRITES: st.SearchStrategy[Write] = (
    st.builds(Put, st.just({"user_id": "p", "sort_key": "1"}), _CONDITIONS)
    | st.builds(
        Update,
        _KEYS,
        assign=st.dictionaries(_NAMES, _TEXTS, max_size=2),
        add=st.dictionaries(_NAMES, st.integers(-5, 5), max_size=2),
        append=st.dictionaries(_NAMES, st.just(["x"]), max_size=2),
        remove=st.lists(_NAMES, max_size=2).map(tuple),
        condition=st.none() | _CONDITIONS,
    )
    | st.builds(Delete, _KEYS, _CONDITIONS)
    | st.builds(Check, _KEYS, _CONDITIONS)
)
_QUERIES = st.builds(Query, _TEXTS, begins_with=st.none() | _TEXTS) | st.builds(
    Query, _TEXTS, index=st.just("MarketplaceDiscovery"), between=st.tuples(st.integers(), st.integers())
)


def check_references(request: dict[str, Any]) -> None:
    """Expressions are of the grammar's words and references, and each reference stands for something and is used."""
    text = " ".join(request[name] for name in EXPRESSIONS if name in request)
    tokens = TOKEN.findall(text)
    assert "".join(tokens) == text
    assert {token for token in tokens if token[0].isalpha()} <= WORDS
    references = {token for token in tokens if token[0] in "#:"}
    assert references == {
        *request.get("ExpressionAttributeNames", {}),
        *request.get("ExpressionAttributeValues", {}),
    }


@given(write=_WRITES)
def test_a_write_refers_to_every_name_and_value(write: Write) -> None:
    check_references(write_request(write, "Table"))


@given(query=_QUERIES)
def test_a_query_refers_to_every_name_and_value(query: Query) -> None:
    check_references(query_request(query, "Table"))


def test_a_name_that_stands_in_several_places_is_one_reference() -> None:
    request = write_request(Update(Key("p", "1"), add={"n": 1}, condition=Equals("n", 1)), "Table")
    assert list(request["ExpressionAttributeNames"].values()) == ["n"]


def test_what_asks_for_nothing_has_no_expression() -> None:
    request = write_request(Put({"user_id": "p", "sort_key": "1"}), "Table")
    assert request == {
        "TableName": "Table",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        "Item": {"user_id": {"S": "p"}, "sort_key": {"S": "1"}},
    }


@pytest.mark.parametrize(
    "write", [Put({"user_id": "p", "sort_key": "1"}), Delete(Key("p", "1")), Update(Key("p", "1"))]
)
def test_every_write_is_answered_with_the_old_item_where_it_is_refused(write: Write) -> None:
    assert write_request(write, "Table")["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD"


def test_a_position_is_told_in_texts_and_numbers() -> None:
    last = {"user_id": {"S": "p"}, "sort_key": {"S": "1"}, "subscriber_count": {"N": "-7"}}
    assert position_from(last) == {"user_id": "p", "sort_key": "1", "subscriber_count": -7}
