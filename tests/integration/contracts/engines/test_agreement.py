"""The same random programs give equal answers, equal refusals and equal changes on every engine."""

import itertools
from collections.abc import Callable
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.integration.contracts.engines.reading import by_key, changes, end_of_feed, written

from quantleap.adapters.store.seam import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Check,
    Condition,
    Delete,
    Engine,
    Equals,
    Item,
    ItemAbsent,
    ItemPresent,
    Key,
    Missing,
    OneOf,
    Put,
    Query,
    ShorterThan,
    StoreError,
    Update,
    Value,
    Write,
    WriteRefusedError,
)
from quantleap.adapters.store.table import NOT_TOLD

Step: TypeAlias = Callable[[Engine], object]

_FRESH = itertools.count()

_SEEN: dict[str, str | None] = {}
"""How far the feed of each engine was read."""

# Few keys, attributes and values, so that programs meet their own writes; now and then one that is refused as invalid.
_KEYS = st.builds(Key, st.sampled_from(["p", "q"]), st.sampled_from(["1", "2", "3"]))
_VALUES: st.SearchStrategy[Value] = st.sampled_from(
    [0, 1, -5, True, False, None, "", "A", "B", [], [1], ["A", {"k": 1}], {}, {"k": 1}, {"k": True}]
)
_KINDS: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {}, optional={"entity_type": st.sampled_from([*NOT_TOLD, "SUBSCRIPTION", None, [], ["RATE_LIMIT"]])}
)
_INDEX_KEYS: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {},
    optional={
        "basket_id": st.sampled_from(["b1", "b2"]),
        "entity_type_priority": st.sampled_from(["1", "2", "é"]),
        "marketplace_category": st.sampled_from(["b1", "b2"]),
        "subscriber_count": st.sampled_from([-1, 0, 9, 10]) | st.sampled_from(["9", True]),
        "schedule_key": st.sampled_from(["S#1", "S#2", "T"]),
    },
)
_NAMES = st.sampled_from(["a", "b", "c"])
_ATTRIBUTES = st.builds(
    lambda plain, keys: {**plain, **keys}, st.dictionaries(_NAMES, _VALUES, max_size=3), _INDEX_KEYS
)
_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.just(ItemAbsent())
    | st.just(ItemPresent())
    | st.builds(Equals, _NAMES, st.sampled_from([0, 1, True, False, "", "A"]))
    | st.builds(OneOf, _NAMES, st.sampled_from([("A",), ("A", "B"), ("", "B")]))
    | st.builds(Missing, _NAMES)
    | st.builds(ShorterThan, _NAMES, st.integers(0, 2))
    | st.builds(AtLeast, _NAMES, st.integers(-6, 3))
    | st.builds(AtMost, _NAMES, st.integers(-6, 3)),
    lambda parts: (
        st.builds(AllOf, st.lists(parts, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(parts, max_size=3).map(tuple))
    ),
    max_leaves=4,
)
_CONDITION = st.none() | _CONDITIONS


def _put(key: Key, attributes: dict[str, Value], condition: Condition | None) -> Put:
    return Put({**attributes, "user_id": key.partition, "sort_key": key.sort}, condition)


_PUTS = st.builds(_put, _KEYS, _ATTRIBUTES, _CONDITION)
_UPDATES = st.builds(
    Update,
    _KEYS,
    assign=_ATTRIBUTES,
    add=st.dictionaries(st.sampled_from(["a", "b", "subscriber_count"]), st.integers(-3, 3), max_size=1),
    append=st.dictionaries(_NAMES, st.lists(_VALUES, max_size=2), max_size=1),
    remove=st.lists(st.sampled_from(["a", "b", "c", "basket_id", "schedule_key"]), max_size=1).map(tuple),
    condition=_CONDITION,
)
_DELETES = st.builds(Delete, _KEYS, _CONDITION)
_CHECKS = st.builds(Check, _KEYS, _CONDITIONS)
_SINGLE: st.SearchStrategy[Put | Update | Delete] = _PUTS | _UPDATES | _DELETES
_TRANSACTIONS = st.lists(_SINGLE | _CHECKS, max_size=5, unique_by=lambda write: str(_key(write))) | st.lists(
    _SINGLE | _CHECKS, max_size=3
)
_TABLE_QUERIES = st.builds(
    Query,
    st.sampled_from(["p", "q"]),
    begins_with=st.none() | st.sampled_from(["1", "4"]),
    between=st.none() | st.sampled_from([("1", "2"), ("2", "9")]),
    limit=st.integers(1, 3),
    descending=st.booleans(),
)
_INDEX_QUERIES = st.builds(
    Query,
    st.sampled_from(["b1", "b2"]),
    index=st.sampled_from(["AllocationsByBasket", "MarketplaceDiscovery"]),
    limit=st.integers(1, 3),
    descending=st.booleans(),
) | st.builds(
    Query,
    st.sampled_from(["p", "q"]),
    index=st.just("UserScheduleDiscovery"),
    begins_with=st.none() | st.just("S#"),
    limit=st.integers(1, 3),
    descending=st.booleans(),
)
_QUERIES = _TABLE_QUERIES | _INDEX_QUERIES
_PROGRAMS = st.lists(_SINGLE | _TRANSACTIONS | _QUERIES, max_size=25)
_PUTS_OF_A_KIND = st.builds(
    lambda key, attributes, kind: _put(key, {**attributes, **kind}, None), _KEYS, _ATTRIBUTES, _KINDS
)
_PROGRAMS_WITH_KINDS = st.lists(_PUTS_OF_A_KIND | _SINGLE | _QUERIES, max_size=25)


def _key(write: Write) -> Key:
    return Key(str(write.item["user_id"]), str(write.item["sort_key"])) if isinstance(write, Put) else write.key


class Own:
    """Moves a program into partitions of its own, so that examples share stores and see nothing of each other."""

    def __init__(self) -> None:
        self._prefix = f"{next(_FRESH)}#"

    def query(self, query: Query) -> Query:
        return replace(query, partition=self._prefix + query.partition)

    def single(self, write: Put | Update | Delete) -> Put | Update | Delete:
        match write:
            case Put():
                return replace(write, item=self._attributes(write.item))
            case Update():
                return replace(write, key=self._key(write.key), assign=self._attributes(dict(write.assign)))
            case Delete():
                return replace(write, key=self._key(write.key))

    def any(self, write: Write) -> Write:
        return replace(write, key=self._key(write.key)) if isinstance(write, Check) else self.single(write)

    def _key(self, key: Key) -> Key:
        return Key(self._prefix + key.partition, key.sort)

    def _attributes(self, attributes: Item) -> Item:
        partitions = {"user_id", "basket_id", "marketplace_category"} & attributes.keys()
        return {**attributes, **{name: f"{self._prefix}{attributes[name]}" for name in partitions}}


def _step(own: Own, part: Put | Update | Delete | list[Write] | Query) -> Step:
    if isinstance(part, Query):
        return lambda engine: _walk(engine, own.query(part))
    if isinstance(part, list):
        return lambda engine: engine.transact([own.any(write) for write in part])
    return lambda engine: engine.write(own.single(part))


def _walk(engine: Engine, query: Query) -> list[Item]:
    """Every item, page by page. An index's ties, in an order of the engine's own, are put in one order."""
    items: list[Item] = []
    while True:
        page = engine.query(query)
        items += page.items
        if page.next is None:
            break
        query = replace(query, after=page.next)
    sort = {"AllocationsByBasket": "entity_type_priority", "MarketplaceDiscovery": "subscriber_count"}.get(
        query.index or "", "schedule_key" if query.index else "sort_key"
    )
    groups = itertools.groupby(items, key=lambda item: item[sort])
    return [
        item
        for _, tied in groups
        for item in sorted(tied, key=lambda item: (str(item["user_id"]), str(item["sort_key"])))
    ]


def _answer(engine: Engine, step: Step) -> str:
    """What the engine answers, types and all: `repr` tells 1 from True."""
    try:
        return written(step(engine))
    except WriteRefusedError as error:
        return f"refused {[(refusal.index, written(refusal.old)) for refusal in error.refusals]}"
    except StoreError as error:
        return f"{type(error).__name__}: {error}"


def _skip_changes(name: str, engine: Engine) -> str | None:
    """Where the feed ends now; it goes on from where the last example left it."""
    _SEEN[name] = end_of_feed(engine, _SEEN.get(name))
    return _SEEN[name]


def _run(name: str, engine: Engine, steps: list[Step]) -> tuple[list[str], dict[Key, list[tuple[str, str]]]]:
    start = _skip_changes(name, engine)
    answers = [_answer(engine, step) for step in steps]
    images = by_key(changes(engine, start))
    return answers, {key: [(written(old), written(new)) for old, new in seen] for key, seen in images.items()}


@given(program=_PROGRAMS | _PROGRAMS_WITH_KINDS)
def test_every_engine_gives_the_same_answers_and_the_same_changes(
    all_engines: dict[str, Engine], program: list[Put | Update | Delete | list[Write] | Query]
) -> None:
    own = Own()
    steps = [_step(own, part) for part in program]
    results = {name: _run(name, engine, steps) for name, engine in all_engines.items()}
    expected = results["memory"]
    for result in results.values():
        assert result == expected


@given(program=_PROGRAMS)
def test_the_changes_of_a_program_replayed_give_its_items(
    all_engines: dict[str, Engine], program: list[Put | Update | Delete | list[Write] | Query]
) -> None:
    own = Own()
    for name, engine in all_engines.items():
        start = _skip_changes(name, engine)
        for part in program:
            _answer(engine, _step(own, part))
        replayed: dict[Key, Item | None] = {}
        for change in changes(engine, start):
            assert written(replayed.get(change.key)) == written(change.old)
            replayed[change.key] = change.new
        keys = list(replayed)
        assert written(engine.get_many(keys)) == written([replayed[key] for key in keys])
