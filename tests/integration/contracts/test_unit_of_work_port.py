"""What `ports.unit_of_work.UnitOfWork` promises, on every store."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.samples import ANITA, added, found, subscription
from tests.integration.contracts.stores import Store, everything

from quantleap.adapters.store.seam import Check, Item, ItemAbsent, ItemPresent, Key, Put, WriteConflictError
from quantleap.adapters.store.unit_of_work import StagedWrite, StoreUnitOfWork
from quantleap.domain.errors import AlreadyExistsError, ConcurrentUpdateError, DomainError, InvalidInputError
from quantleap.ports.errors import UnavailableError


def put(name: str, *, new: bool = True, **attributes: str) -> StagedWrite:
    """A staged put of an item that must be new; a refusal names it."""

    def refused(_: Item | None) -> DomainError:
        return AlreadyExistsError("Item", name)

    condition = ItemAbsent() if new else None
    return StagedWrite(Put({"user_id": name, "sort_key": "1", **attributes}, condition), refused)


def done_before(name: str) -> StagedWrite:
    """One whose refusal means that this very request did it before."""
    return StagedWrite(Put({"user_id": name, "sort_key": "1"}, ItemAbsent()), lambda _: None)


def drifting(name: str) -> StagedWrite:
    """One that keeps nothing from passing."""
    must_be_there = Check(Key(name, "1"), ItemPresent())
    return StagedWrite(must_be_there, lambda _: ConcurrentUpdateError("never told"), drift=f"{name} is missing")


def names(store: Store) -> list[object]:
    return [item["user_id"] for item in everything(store.engine)]


def test_every_change_is_done_or_none(store: Store) -> None:
    store.units.commit(put("a"), put("b"))
    assert names(store) == ["a", "b"]
    with pytest.raises(AlreadyExistsError, match="Item b"):
        store.units.commit(put("c"), put("b"), put("d"))
    assert names(store) == ["a", "b"]


def test_of_several_refusals_the_first_is_told(store: Store) -> None:
    store.units.commit(put("a"), put("b"))
    for first, second in (("a", "b"), ("b", "a")):
        with pytest.raises(AlreadyExistsError, match=f"Item {first}"):
            store.units.commit(put("c"), put(first), put(second))


def test_what_this_very_request_did_before_counts_as_done_unless_another_change_is_refused(store: Store) -> None:
    store.units.commit(done_before("a"), put("b"))
    before = everything(store.engine)
    store.units.commit(done_before("a"))
    store.units.commit(done_before("a"), drifting("missing"))
    with pytest.raises(AlreadyExistsError, match="Item b"):
        store.units.commit(done_before("a"), put("b"))
    assert everything(store.engine) == before


def test_what_drifted_is_left_out_logged_and_all_else_is_done(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    store.units.commit(put("a"), drifting("x"), drifting("y"))
    assert names(store) == ["a"]
    assert sorted(record.getMessage() for record in caplog.records) == ["drift: x is missing", "drift: y is missing"]
    with pytest.raises(AlreadyExistsError, match="Item a"):
        store.units.commit(put("a"), drifting("x"))


def test_a_lone_check_is_asked_too(store: Store) -> None:
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(StagedWrite(Check(Key("a", "1"), ItemPresent()), lambda _: ConcurrentUpdateError("a")))


def test_what_can_never_be_stored_is_the_callers_bad_input(store: Store) -> None:
    with pytest.raises(InvalidInputError, match="request: cannot be stored"):
        store.units.commit(put("a"), put("b", filler="x" * 500_000))
    with pytest.raises(InvalidInputError, match="request: cannot be stored"):
        store.units.commit(*(put(f"n{number}") for number in range(101)))
    assert names(store) == []


def test_a_write_of_another_store_is_a_mistake_of_the_program(store: Store) -> None:
    with pytest.raises(TypeError, match="another store"):
        store.units.commit(put("a"), object())
    assert names(store) == []


def test_a_store_that_others_kept_busy_is_unavailable_and_the_same_request_succeeds_later(store: Store) -> None:
    watched = WatchedEngine(store.engine)
    units = StoreUnitOfWork(watched)

    def busy() -> None:
        raise WriteConflictError("held by another writer: try again")

    watched.before("transact", busy)
    with pytest.raises(UnavailableError, match="held by another writer"):
        units.commit(put("a"), put("b"))
    assert names(store) == []
    units.commit(put("a"), put("b"))
    assert names(store) == ["a", "b"]


def test_of_commits_at_once_that_exclude_each_other_one_is_done(store: Store) -> None:
    new = [subscription(number, user=ANITA) for number in range(8)]

    def attempt(number: int) -> bool:
        try:
            added(store, new[number])
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = [number for number, done in enumerate(pool.map(attempt, range(8))) if done]
    assert len(won) == 1
    assert found(store, new[won[0]]) == new[won[0]]
    assert len(everything(store.engine)) == 3
