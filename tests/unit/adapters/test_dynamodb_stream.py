"""A table's stream is read once and in order of each item, whatever becomes of its shards."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.unit.adapters.fake_stream import (
    ARN,
    MOST_AT_ONCE,
    MOST_EMPTY_ANSWERS,
    FakeStream,
    numbers,
    read,
    read_on,
    reader,
)

from quantleap.adapters.store.engines.dynamodb_stream import _parents_first, _Shard
from quantleap.adapters.store.seam import (
    Change,
    ChangeBatch,
    InvalidReadError,
    Item,
    Key,
    StoreUnavailableError,
)
from quantleap.ports.errors import FeedTrimmedError

FIRST, SECOND, THIRD = "shard-1", "shard-2", "shard-3"


def image(item: str, n: int | None) -> Item | None:
    return None if n is None else {"user_id": item, "sort_key": "1", "n": n}


def change(item: str, old: int | None, new: int | None) -> Change:
    return Change(Key(item, "1"), image(item, old), image(item, new))


def filled(*counts: int, closed: bool = False) -> FakeStream:
    """Shards one after another, each the child of the one before, with so many records; the last is open."""
    fake = FakeStream()
    n = 0
    for number, count in enumerate(counts, 1):
        fake.open_shard(f"shard-{number}", f"shard-{number - 1}" if number > 1 else None)
        for _ in range(count):
            n += 1
            fake.write(f"shard-{number}", "a", n - 1 or None, n)
        if number < len(counts) or closed:
            fake.close_shard(f"shard-{number}")
    return fake


def positions_of(batch: ChangeBatch) -> dict[str, str]:
    return dict(json.loads(str(batch.position))["shards"])


def test_a_change_has_both_images_of_its_item() -> None:
    fake = filled(0)
    fake.write(FIRST, "a", None, 1)
    fake.write(FIRST, "a", 1, 2)
    fake.write(FIRST, "a", 2, None)

    assert read(fake).changes == [change("a", None, 1), change("a", 1, 2), change("a", 2, None)]


def test_a_shard_comes_after_its_parent_whatever_their_names() -> None:
    shards = [
        _Shard("a", "c", "1", is_closed=True),
        _Shard("b", None, "1", is_closed=True),
        _Shard("c", "d", "1", is_closed=True),
        _Shard("d", "gone", "1", is_closed=True),
        _Shard("e", "b", "1", is_closed=True),
    ]
    assert [shard.shard_id for shard in _parents_first(shards)] == ["b", "d", "c", "e", "a"]


def test_shards_that_descend_from_each_other_are_refused() -> None:
    fake = FakeStream()
    fake.open_shard("a", "b")
    fake.open_shard("b", "a")
    with pytest.raises(StoreUnavailableError, match="in a circle"):
        read(fake)


def test_a_child_that_is_named_before_its_parent_is_read_after_it() -> None:
    fake = FakeStream()
    fake.open_shard("z")
    fake.write("z", "a", None, 1)
    fake.close_shard("z")
    fake.open_shard("b", "z")
    fake.write("b", "a", 1, 2)

    assert numbers(read(fake).changes) == [1, 2]


def test_the_shards_of_several_partitions_are_all_read() -> None:
    fake = FakeStream()
    for shard_id in ("a", "b", "c", "d", "e"):
        fake.open_shard(shard_id)
        fake.write(shard_id, shard_id, None, 1)

    batch = read(fake)

    assert {made.key.partition for made in batch.changes} == {"a", "b", "c", "d", "e"}
    assert batch.is_last


def test_both_halves_of_a_split_follow_what_was_before() -> None:
    fake = filled(2, closed=True)
    for shard_id, item in (("half-1", "a"), ("half-2", "b")):
        fake.open_shard(shard_id, FIRST)
        fake.write(shard_id, item, None, 3)

    changes, _ = read_on(fake, limit=1)

    assert numbers(changes) == [1, 2, 3, 3]


@pytest.mark.parametrize("limit", range(1, 8))
def test_a_limit_may_fall_anywhere_in_a_shard_or_between_two(limit: int) -> None:
    fake = filled(2, 3, 1)

    changes, _ = read_on(fake, limit=limit)

    assert numbers(changes) == [1, 2, 3, 4, 5, 6]


def test_a_batch_that_is_full_is_not_called_the_last() -> None:
    fake = filled(2)

    full = read(fake, limit=2)
    rest = read(fake, full.position, limit=2)

    assert (len(full.changes), full.is_last) == (2, False)
    assert (rest.changes, rest.is_last) == ([], True)


def test_no_child_is_read_while_its_parent_is_not_read_to_its_end() -> None:
    fake = filled(3, 1)

    batch = read(fake, limit=3)

    assert numbers(batch.changes) == [1, 2, 3]
    assert positions_of(batch)[FIRST] != "end"
    assert numbers(read(fake, batch.position).changes) == [4]


def test_a_child_that_is_listed_before_its_parent_is_listed_as_closed_waits_for_it() -> None:
    fake = FakeStream()
    fake.open_shard(FIRST, gap=1000)
    fake.write(FIRST, "a", None, 1)
    fake.open_shard(SECOND, FIRST)
    fake.write(SECOND, "a", 1, 2)

    position = read(fake).position
    fake.close_shard(FIRST)

    assert numbers(read(fake, position).changes) == [1, 2]


@pytest.mark.parametrize("limit", [4, 5, 7])
def test_a_limit_holds_over_the_answers_of_one_shard(limit: int) -> None:
    fake = filled(4 * MOST_AT_ONCE)

    assert numbers(read(fake, limit=limit).changes) == list(range(1, limit + 1))


def test_an_open_shard_may_answer_with_nothing_before_it_has_records() -> None:
    fake = filled(2 * MOST_AT_ONCE)
    fake.shards[FIRST].gap = MOST_EMPTY_ANSWERS

    assert numbers(read(fake).changes) == [1, 2, 3, 4, 5, 6]


def test_an_open_shard_without_records_is_asked_a_few_times_alone() -> None:
    fake = filled(0)
    fake.shards[FIRST].gap = 1000

    assert read(fake).is_last
    assert fake.asked["GetRecords"] == MOST_EMPTY_ANSWERS + 1


def test_a_closed_shard_is_read_to_its_end_however_often_it_answers_with_nothing() -> None:
    fake = filled(2, 1)
    fake.shards[FIRST].gap = 10 * MOST_EMPTY_ANSWERS

    assert numbers(read(fake).changes) == [1, 2, 3]


def test_a_shard_that_was_read_to_its_end_is_not_asked_again() -> None:
    fake = filled(1, 1)
    position = read(fake).position
    fake.asked.clear()

    assert read(fake, position).changes == []
    assert fake.asked["GetShardIterator"] == 1


def test_what_is_written_after_a_position_is_all_that_is_read_from_it() -> None:
    fake = filled(1, 1)
    position = read(fake).position
    fake.write(SECOND, "a", 2, 3)
    fake.close_shard(SECOND)
    fake.open_shard(THIRD, SECOND)
    fake.write(THIRD, "a", 3, 4)

    assert numbers(read(fake, position).changes) == [3, 4]


def test_the_first_record_of_a_shard_that_had_none_is_not_missed() -> None:
    fake = filled(0)
    position = read(fake).position
    fake.write(FIRST, "a", None, 1)

    assert numbers(read(fake, position).changes) == [1]


def test_a_position_may_be_read_from_again() -> None:
    fake = filled(2, 2)
    position = read(fake, limit=1).position

    assert read(fake, position) == read(fake, position)


def test_a_position_forgets_shards_that_are_long_gone() -> None:
    fake = filled(1, 1, 1)
    position = read(fake).position
    for shard_id in (FIRST, SECOND):
        del fake.shards[shard_id]

    batch = read(fake, position)

    assert positions_of(batch).keys() == {SECOND, THIRD}  # the parent of what is there still counts


def test_reading_from_the_oldest_kept_needs_nothing_that_is_gone() -> None:
    fake = filled(2, 2)
    fake.trim()
    fake.write(SECOND, "a", 4, 5)

    changes, position = read_on(fake, limit=1)

    assert numbers(changes) == [5]
    assert read(fake, position).changes == []


def test_a_shard_that_was_there_when_reading_began_may_have_lost_what_was_before() -> None:
    fake = FakeStream()
    for shard_id in ("a", "b"):
        fake.open_shard(shard_id)
        fake.write(shard_id, shard_id, None, 1)
    fake.trim()
    for shard_id in ("a", "b"):
        fake.write(shard_id, shard_id, 1, 2)

    changes, _ = read_on(fake, limit=1)

    assert numbers(changes) == [2, 2]


def test_a_position_whose_next_records_are_gone_has_been_trimmed() -> None:
    fake = filled(3)
    position = read(fake, limit=1).position
    fake.trim()

    with pytest.raises(FeedTrimmedError, match="no longer keeps what follows"):
        read(fake, position)


def test_a_shard_that_was_empty_and_has_lost_records_since_has_been_trimmed() -> None:
    fake = filled(0)
    position = read(fake).position
    fake.write(FIRST, "a", None, 1)
    fake.trim()
    fake.write(FIRST, "a", 1, 2)

    with pytest.raises(FeedTrimmedError):
        read(fake, position)


def test_a_shard_made_since_that_has_lost_its_first_records_has_been_trimmed() -> None:
    fake = filled(1, closed=True)
    position = read(fake).position
    fake.open_shard(SECOND, FIRST)
    fake.write(SECOND, "a", 1, 2)
    fake.trim()
    fake.write(SECOND, "a", 2, 3)

    with pytest.raises(FeedTrimmedError, match="no longer keeps what follows"):
        read(fake, position)


@pytest.mark.parametrize("limit", [1, 1000])
def test_a_shard_that_went_before_it_was_read_to_its_end_has_been_trimmed(limit: int) -> None:
    fake = filled(2) if limit == 1 else filled(0)
    position = read(fake, limit=limit).position
    del fake.shards[FIRST]
    fake.open_shard(SECOND, FIRST)

    with pytest.raises(FeedTrimmedError, match="not read to its end"):
        read(fake, position)


def test_the_child_of_a_shard_that_was_never_seen_and_is_gone_has_been_trimmed() -> None:
    fake = filled(1, 1, closed=True)
    position = read(fake).position
    fake.open_shard("grandchild", THIRD)

    with pytest.raises(FeedTrimmedError, match="never read"):
        read(fake, position)


def test_another_stream_of_the_table_has_been_trimmed() -> None:
    fake = filled(1)
    position = read(fake).position
    fake.arn = f"{ARN}-later"

    with pytest.raises(FeedTrimmedError, match="another than before"):
        read(fake, position)


@pytest.mark.parametrize("operation", ["GetShardIterator", "GetRecords"])
@pytest.mark.parametrize("code", ["TrimmedDataAccessException", "ResourceNotFoundException"])
def test_what_the_service_keeps_no_longer_has_been_trimmed(operation: str, code: str) -> None:
    fake = filled(1)
    fake.failures[operation] = code
    with pytest.raises(FeedTrimmedError):
        read(fake)


@pytest.mark.parametrize("operation", ["DescribeTable", "DescribeStream", "GetShardIterator", "GetRecords"])
def test_any_other_failure_is_left_as_it_is(operation: str) -> None:
    fake = filled(1)
    fake.failures[operation] = "InternalServerError"
    with pytest.raises(ClientError):
        read(fake)


def test_a_place_that_the_service_does_not_know_is_no_position() -> None:
    fake = filled(1)
    fake.failures["GetShardIterator"] = "ValidationException"
    with pytest.raises(InvalidReadError, match="not one of this feed"):
        read(fake)


def test_a_table_without_a_stream_says_how_to_turn_it_on() -> None:
    fake = filled(1)
    fake.is_on = False
    with pytest.raises(StoreUnavailableError, match="table Table has no stream: run `quantleap init`"):
        read(fake)


@pytest.mark.parametrize(
    "position",
    [
        *("", "17", "null", "[]", "{}", "no JSON", "{", "é", "\ud800", '"\ud800"', '{"stream":"x"}'),
        *('{"stream":1,"shards":{}}', '{"stream":"x","shards":[]}', '{"stream":"x","shards":{"a":1}}'),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param('{"stream":"x","shards":' + '{"a":' * 100_000, id="deep in shards"),
        pytest.param('{"unknown":' + "[" * 100_000, id="deep in what is not known"),
    ],
)
def test_a_position_of_another_form_is_refused_before_anything_is_asked(position: str) -> None:
    fake = filled(1)
    with pytest.raises(InvalidReadError, match="not one of this feed"):
        read(fake, position)
    assert fake.asked == {}


def test_closing_gives_back_the_streams_client() -> None:
    fake = filled(1)
    reader(fake).close()
    assert fake.asked == {"close": 1}
