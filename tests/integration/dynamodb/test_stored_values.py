"""What the service stores is what was written; what another program wrote there is refused by its item's name."""

import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.dynamodb.conftest import Watched
from tests.integration.dynamodb_local import needs_dynamodb_local

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.engines.evaluation import identical
from quantleap.adapters.store.seam import MAX_INTEGER, Item, ItemAbsent, Key, Put, Query, Value
from quantleap.ports.errors import CorruptDataError

pytestmark = needs_dynamodb_local

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER - 1, MAX_INTEGER) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS.filter(bool), inner, max_size=3),
    max_leaves=8,
)

SECRET = "4157.5"
FOREIGN: dict[str, dict[str, Any]] = {
    "a fraction": {"N": SECRET},
    "a set of text": {"SS": [SECRET]},
    "a set of numbers": {"NS": [SECRET]},
    "a set of bytes": {"BS": [SECRET.encode()]},
    "bytes": {"B": SECRET.encode()},
    "a fraction in a list": {"L": [{"N": "1"}, {"N": SECRET}]},
    "bytes in a map in a list": {"L": [{"M": {"inner": {"B": SECRET.encode()}}}]},
}


@given(value=_VALUES)
def test_a_value_comes_back_as_it_was_written(shared: DynamoDbEngine, value: Value) -> None:
    item: Item = {"user_id": "values", "sort_key": "1", "value": value}
    shared.write(Put(item))

    assert identical(shared.get(Key("values", "1"), consistent=True), item)


@pytest.mark.parametrize("value", FOREIGN.values(), ids=FOREIGN)
def test_what_is_never_written_is_refused_and_not_shown(
    watched: Watched, partition: str, value: dict[str, Any]
) -> None:
    engine = watched.engine
    key = Key(partition, "BASKET#1")
    engine._client.put_item(
        TableName=engine._table,
        Item={"user_id": {"S": partition}, "sort_key": {"S": "BASKET#1"}, "value": value},
    )

    for read in (
        lambda: engine.get(key, consistent=True),
        lambda: engine.get_many([key], consistent=True),
        lambda: engine.query(Query(partition, consistent=True)),
        lambda: engine.write(Put({"user_id": partition, "sort_key": "BASKET#1"}, ItemAbsent())),
        lambda: engine.transact([Put({"user_id": partition, "sort_key": "BASKET#1"}, ItemAbsent())]),
    ):
        with pytest.raises(CorruptDataError) as failure:
            read()
        assert str(failure.value).startswith("item BASKET#1: ")
        shown = "".join(traceback.format_exception(failure.value))
        assert SECRET not in shown
