"""The table's description keeps to the limits of the service that is to hold it."""

from collections import defaultdict

import pytest

from quantleap.adapters.store.table import (
    INDEX_BY_NAME,
    INDEXES,
    MAX_INCLUDED,
    MAX_INCLUDED_BY_AN_INDEX,
    MAX_INDEXES,
    PARTITION_KEY,
    SORT_KEY,
    TTL_ATTRIBUTE,
    Index,
)


def included(index: Index) -> tuple[str, ...]:
    return index.include or ()


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_an_index_includes_no_more_attributes_than_the_service_allows(index: Index) -> None:
    assert len(included(index)) <= MAX_INCLUDED_BY_AN_INDEX


def test_all_indexes_together_include_no_more_attributes_than_the_service_allows() -> None:
    assert sum(len(included(index)) for index in INDEXES) <= MAX_INCLUDED
    assert len(INDEXES) <= MAX_INDEXES


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_an_index_includes_each_attribute_once_and_no_key_which_is_there_anyway(index: Index) -> None:
    keys = {PARTITION_KEY, SORT_KEY, index.partition, index.sort}
    assert len(set(included(index))) == len(included(index))
    assert not keys & set(included(index))
    assert index.partition != index.sort


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_an_index_gives_its_keys_the_table_s_keys_and_what_it_includes(index: Index) -> None:
    if index.include is None:
        assert index.projected() is None
    else:
        assert index.projected() == frozenset({*index.include, index.partition, index.sort, "user_id", "sort_key"})


def test_each_index_is_found_by_its_name() -> None:
    assert list(INDEX_BY_NAME.values()) == list(INDEXES)
    assert all(name == index.name for name, index in INDEX_BY_NAME.items())


def test_an_attribute_that_is_a_key_more_than_once_is_of_one_type() -> None:
    types: defaultdict[str, set[str]] = defaultdict(set, {PARTITION_KEY: {"S"}, SORT_KEY: {"S"}})
    for index in INDEXES:
        types[index.partition].add("S")
        types[index.sort].add("N" if index.numeric_sort else "S")
    assert {name for name, found in types.items() if len(found) > 1} == set()
    assert TTL_ATTRIBUTE not in types


def test_every_name_is_plain_so_that_it_needs_no_quoting_anywhere() -> None:
    for index in INDEXES:
        for name in (index.name, index.partition, index.sort, *included(index)):
            assert name.isascii()
            assert name.isidentifier()
