"""The description of entities and access patterns is what a store that was lived in holds and is asked."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from inspect import getmembers, isfunction, signature
from typing import Any

import pytest
from tests.integration.application.house import ANITA, BALA, CONDOR
from tests.integration.contracts.stores import everything
from tests.integration.described_table import FORMS, entity_at, is_at, key_of, parts_of, query_of
from tests.integration.lived_in import live_in
from tests.integration.recorded_store import USE_CASES, Call, RecordedHouse, recorded_house

from quantleap.adapters.store import keys
from quantleap.adapters.store.access_patterns import ACCESS_PATTERNS
from quantleap.adapters.store.access_patterns.pattern import AccessPattern
from quantleap.adapters.store.entities import ENTITIES, PARTS, Entity
from quantleap.adapters.store.repositories.whole_records import READERS
from quantleap.adapters.store.seam import Item, Key, Query
from quantleap.adapters.store.table import (
    ALLOCATIONS_BY_BASKET,
    INDEXES,
    NOT_TOLD,
    PARTITION_KEY,
    SORT_KEY,
    TTL_ATTRIBUTE,
    Index,
)
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.marketplace.content import Category
from quantleap.domain.marketplace.schedule import RunKind, ScheduleEntry
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.periods import Month
from quantleap.domain.subscriptions.status import SubscriptionStatus

INDEX_KEYS = {attribute for index in INDEXES for attribute in (index.partition, index.sort)} - {PARTITION_KEY, SORT_KEY}
"""Attributes that are a key of an index alone."""

ASKS_NOTHING = {"authentication.user", "authentication.admin", "authentication.prepare_tokens"}
"""Use cases that have no need of the store."""

ENTITY_BY_NAME = {entity.name: entity for entity in ENTITIES}


@pytest.fixture(scope="module")
def lived_in() -> Iterator[RecordedHouse]:
    """A store in which everything happened."""
    with recorded_house() as recorded:
        live_in(recorded)
        yield recorded


@pytest.fixture(scope="module")
def items(lived_in: RecordedHouse) -> list[Item]:
    """All that it holds."""
    return list(everything(lived_in.inside))


@pytest.fixture(scope="module")
def calls(lived_in: RecordedHouse) -> list[Call]:
    """The use cases that were called, and what they asked."""
    return lived_in.record.calls


# Entities


def entity_of(item: Item) -> Entity:
    return ENTITY_BY_NAME[str(item["entity_type"])]


def test_every_entity_has_a_name_of_its_own_and_is_one_that_verifying_reads() -> None:
    assert len(ENTITY_BY_NAME) == len(ENTITIES)
    assert ENTITY_BY_NAME.keys() == READERS.keys()


def test_a_store_holds_every_entity_that_is_described_and_no_other(items: list[Item]) -> None:
    assert {item["entity_type"] for item in items} == ENTITY_BY_NAME.keys()


def test_every_item_stands_at_a_key_of_its_entity_and_of_no_other(items: list[Item]) -> None:
    for item in items:
        assert entity_at(key_of(item)) is entity_of(item)


def test_every_item_has_the_index_keys_that_its_entity_says_in_their_forms(items: list[Item]) -> None:
    for item in items:
        for key in entity_of(item).index_keys:
            if key.attribute in item or key.only is None:
                assert parts_of(key.pattern, str(item[key.attribute])) is not None, (item["sort_key"], key.attribute)


def test_no_item_has_an_index_key_that_its_entity_does_not_say(items: list[Item]) -> None:
    for item in items:
        assert item.keys() & INDEX_KEYS <= {key.attribute for key in entity_of(item).index_keys}


def test_an_index_key_that_only_some_items_have_is_on_some_and_not_on_others(items: list[Item]) -> None:
    for entity in ENTITIES:
        for key in entity.index_keys:
            found = {key.attribute in item for item in items if entity_of(item) is entity}
            assert found == ({True} if key.only is None else {True, False}), (entity.name, key.attribute)


def test_the_index_keys_of_an_item_are_of_its_own_mode(items: list[Item]) -> None:
    modes = set()
    for item in items:
        entity = entity_of(item)
        partition = parts_of(entity.partition, key_of(item).partition) or {}
        for key in entity.index_keys:
            if "{mode}" in key.pattern:
                modes.add((partition["mode"], (parts_of(key.pattern, str(item[key.attribute])) or {})["mode"]))
    assert modes == {("", ""), (keys.TEST_PREFIX, keys.TEST_PREFIX)}


def test_every_entity_that_is_apart_in_test_mode_was_met_in_both_modes_and_no_other_under_the_prefix(
    items: list[Item],
) -> None:
    met = {(entity_of(item).name, key_of(item).partition.startswith(keys.TEST_PREFIX)) for item in items}
    assert {name for name, in_test_mode in met if in_test_mode} == {
        entity.name for entity in ENTITIES if entity.is_apart_in_test_mode
    }
    assert {name for name, in_test_mode in met if not in_test_mode} == ENTITY_BY_NAME.keys()


def test_what_expires_by_itself_is_what_its_entity_says_and_says_when_as_a_second(items: list[Item]) -> None:
    for item in items:
        assert (TTL_ATTRIBUTE in item) is entity_of(item).expires
        assert isinstance(item.get(TTL_ATTRIBUTE, 0), int)


def test_what_the_feed_does_not_tell_is_named_by_its_entities() -> None:
    assert set(NOT_TOLD) < ENTITY_BY_NAME.keys()


def test_every_part_of_a_pattern_is_explained_and_every_part_explained_is_used() -> None:
    patterns = [
        pattern
        for entity in ENTITIES
        for pattern in (entity.partition, entity.sort, *(key.pattern for key in entity.index_keys))
    ]
    assert {part for part in PARTS if any(f"{{{part}}}" in pattern for pattern in patterns)} == PARTS.keys()
    assert FORMS.keys() == PARTS.keys()


# Indexes


def test_every_index_key_is_carried_by_an_entity_that_the_index_holds() -> None:
    carried = {key.attribute for entity in ENTITIES for key in entity.index_keys}
    assert carried == INDEX_KEYS
    for entity in ENTITIES:
        filed = {attribute for index in entity.indexes() for attribute in (index.partition, index.sort)}
        assert {key.attribute for key in entity.index_keys} <= filed


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_every_index_is_filled_and_serves(index: Index, items: list[Item]) -> None:
    held = {entity_of(item) for item in items if {index.partition, index.sort} <= item.keys()}
    assert held
    assert held == {entity for entity in ENTITIES if index in entity.indexes()}
    served = [pattern for pattern in ACCESS_PATTERNS if pattern.index == index]
    assert served
    assert {entity for pattern in served for entity in pattern.entities} <= held


# Access patterns


def test_every_use_case_asks_what_is_described_and_nothing_is_described_that_it_does_not_ask(
    calls: list[Call],
) -> None:
    asked = {(call.use_case, pattern.name) for call in calls for pattern in call.asked}
    assert asked == {(use_case, pattern.name) for pattern in ACCESS_PATTERNS for use_case in pattern.used_by}


def test_every_use_case_that_there_is_is_described() -> None:
    offered = {
        f"{name}.{method}"
        for name, use_case in USE_CASES.items()
        for method, _ in getmembers(use_case, isfunction)
        if not method.startswith("_")
    }
    described = {use_case for pattern in ACCESS_PATTERNS for use_case in pattern.used_by}
    assert described | ASKS_NOTHING == offered
    assert not described & ASKS_NOTHING


def test_the_one_pattern_without_a_use_case_gives_an_operator_every_live_user_s_allocation_of_a_basket(
    lived_in: RecordedHouse,
) -> None:
    [pattern] = [pattern for pattern in ACCESS_PATTERNS if not pattern.used_by]
    query = Query(CONDOR, index=ALLOCATIONS_BY_BASKET.name)
    assert query_of(query) is pattern
    found = {item["user_id"] for item in lived_in.inside.query(query).items}
    assert found == {ANITA.email.address, BALA.email.address}


def test_what_costs_one_request_is_asked_once_a_call(calls: list[Call]) -> None:
    for call in calls:
        counts: Counter[AccessPattern] = Counter(call.asked)
        assert [pattern.name for pattern, count in counts.items() if pattern.requests == "1" and count > 1] == []


def test_every_access_pattern_has_a_name_of_its_own() -> None:
    assert len({pattern.name for pattern in ACCESS_PATTERNS}) == len(ACCESS_PATTERNS)


def test_every_query_asks_for_the_partition_of_its_one_entity_and_for_no_part_that_is_unknown() -> None:
    for pattern in ACCESS_PATTERNS:
        if pattern.key_condition:
            [entity] = pattern.entities
            assert pattern.partition is not None
            assert pattern.index is None or pattern.index in entity.indexes()
            sort = entity.pattern_of(SORT_KEY if pattern.index is None else pattern.index.sort)
            assert sort is not None
            assert sort.startswith(pattern.begins_with or pattern.between or "")


# keys.py

SAMPLES: Mapping[str, Any] = {
    "mode": Mode.TEST,
    "owner": Email("admin@quantleap.in"),
    "user": Email("anita@example.com"),
    "basket_id": "basket_1",
    "strategy_id": "strategy_1",
    "entry": ScheduleEntry(Weekday.MONDAY, time(9, 20), RunKind.ENTRY, "strategy_1"),
    "weekday": Weekday.MONDAY,
    "at": time(9, 20),
    "kind": RunKind.ENTRY,
    "category": Category.NEUTRAL,
    "active": True,
    "subscription_id": "sub_zebu_1",
    "status": SubscriptionStatus.ACTIVE,
    "on": date(2026, 11, 24),
    "partner_id": PartnerId("zebu", Mode.LIVE),
    "api_key_id": "key_1",
    "public_key": "pk_zebu_live_" + "a" * 32,
    "charge_id": "chg_sub_zebu_1_0000",
    "month": Month(2026, 11),
    "posted_at": datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
    "transaction_id": "txn_" + "0" * 32,
    "told_at": datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
    "entry_id": "aud_" + "0" * 32,
    "actor": "admin:" + "0" * 32,
    "request_id": "req_a7f3e2b1c4d5",
    "action": AuditAction.ALLOCATION_REMOVED,
    "subject_id": "basket_1",
    "alerted_at": datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
    "scope": "0" * 64,
}
"""A value of every argument that functions of keys.py take."""

MODE_FUNCTIONS = {"in_mode", "without_mode"}
"""They put a key into a mode, and take it out; they make none."""


def made_keys() -> dict[str, Key | str]:
    """What each function of keys.py makes of the samples, and its constant keys."""
    made: dict[str, Key | str] = {name: key for name, key in getmembers(keys) if isinstance(key, Key)}
    for name, function in getmembers(keys, isfunction):
        if function.__module__ == keys.__name__ and name not in MODE_FUNCTIONS:
            made[name] = function(**{argument: SAMPLES[argument] for argument in signature(function).parameters})
    return made


MADE = made_keys()


@pytest.mark.parametrize("name", [name for name, made in MADE.items() if isinstance(made, Key)])
def test_every_key_that_can_be_made_is_of_one_entity(name: str) -> None:
    key = MADE[name]
    assert isinstance(key, Key)
    assert [entity for entity in ENTITIES if is_at(entity, key)] == [entity_at(key)]


def test_every_entity_has_a_key_that_can_be_made() -> None:
    assert {entity_at(key) for key in MADE.values() if isinstance(key, Key)} == set(ENTITIES)


@pytest.mark.parametrize("name", [name for name, made in MADE.items() if isinstance(made, str)])
def test_every_other_value_that_can_be_made_is_a_described_key_or_the_beginning_of_one(name: str) -> None:
    described = {
        pattern for entity in ENTITIES for pattern in (entity.partition, *(key.pattern for key in entity.index_keys))
    } | {pattern.begins_with for pattern in ACCESS_PATTERNS if pattern.begins_with is not None}
    assert [pattern for pattern in described if parts_of(pattern, str(MADE[name]))]


def test_a_constant_of_keys_stands_in_a_pattern_or_among_its_parts() -> None:
    assert parts_of("{mode}", keys.TEST_PREFIX) is not None
    assert parts_of("{book}", keys.DIRECT_BOOK) is not None
    assert keys.PARTNER_KEY_PREFIX in {pattern.begins_with for pattern in ACCESS_PATTERNS}
