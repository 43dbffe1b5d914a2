"""The table's own stream as the feed, and positions that are none of it."""

import json
from collections.abc import Callable

import pytest
from tests.integration.contracts.engines.reading import changes, end_of_feed
from tests.integration.contracts.stores import new_table
from tests.integration.dynamodb.conftest import Watched
from tests.integration.dynamodb_local import needs_dynamodb_local

from quantleap.adapters.store.seam import Change, InvalidReadError, Key, Put
from quantleap.adapters.store.table import NOT_TOLD
from quantleap.ports.errors import FeedTrimmedError

pytestmark = needs_dynamodb_local


def test_a_position_taken_before_the_first_change_misses_none(opened: Callable[[str], Watched]) -> None:
    engine = opened(new_table()).engine
    engine.prepare()
    start = end_of_feed(engine)
    item = {"user_id": "p", "sort_key": "1"}

    engine.write(Put(dict(item)))

    assert changes(engine, start) == [Change(Key("p", "1"), None, dict(item))]


def test_a_position_is_good_for_another_engine_over_the_table(opened: Callable[[str], Watched]) -> None:
    table = new_table()
    first, second = opened(table).engine, opened(table).engine
    first.prepare()
    for number in range(4):
        first.write(Put({"user_id": "p", "sort_key": str(number)}))

    begun = first.changes(None, limit=2)

    assert [change.key.sort for change in changes(second, begun.position)] == ["2", "3"]


def test_a_batch_is_full_of_changes_that_are_not_told_too(opened: Callable[[str], Watched]) -> None:
    engine = opened(new_table()).engine
    engine.prepare()
    for number in range(3):
        engine.write(Put({"user_id": "p", "sort_key": "1", "entity_type": NOT_TOLD[0], "number": number}))

    first = engine.changes(None, limit=2)
    second = engine.changes(first.position, limit=2)

    assert (first.changes, first.is_last) == ([], False)
    assert (second.changes, second.is_last) == ([], True)


@pytest.mark.parametrize("read", ["no number", "7", "9" * 45, "0" * 21])
def test_a_position_at_no_record_of_the_stream_is_refused(opened: Callable[[str], Watched], read: str) -> None:
    engine = opened(new_table()).engine
    engine.prepare()
    engine.write(Put({"user_id": "p", "sort_key": "1"}))
    position = json.loads(str(end_of_feed(engine)))
    position["shards"] = dict.fromkeys(position["shards"], read)

    with pytest.raises(InvalidReadError, match="not one of this feed"):
        engine.changes(json.dumps(position))


def test_a_position_in_a_stream_of_before_has_been_trimmed(opened: Callable[[str], Watched]) -> None:
    table = new_table()
    watched = opened(table)
    watched.engine.prepare()
    position = end_of_feed(watched.engine)
    watched.engine._client.update_table(TableName=table, StreamSpecification={"StreamEnabled": False})

    watched.engine.prepare()

    with pytest.raises(FeedTrimmedError, match="another than before"):
        watched.engine.changes(position)
    assert watched.engine.changes(None).changes == []
