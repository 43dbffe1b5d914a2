"""What `ports.templates.Templates.for_runs` promises: each template of one version, however an edit falls."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import time

import pytest
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.samples import NOON, basket, edited, saved
from tests.integration.contracts.stores import OWNER, Store

from quantleap.adapters.store import keys
from quantleap.adapters.store.repositories.templates import StoredTemplates
from quantleap.adapters.store.seam import Delete, Engine, Item, Key, Update
from quantleap.domain.execution.frame import RunTemplate
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.templates import DueStrategy


def due(basket_id: str, *strategy_ids: str) -> list[DueStrategy]:
    return [DueStrategy(basket_id, strategy_id) for strategy_id in strategy_ids]


def test_templates_for_runs_hold_the_rules_and_of_the_strategies_only_those_asked_for(store: Store) -> None:
    first = saved(store, basket("basket_1", "a", "b", "c").enabled(NOON))
    retired = saved(store, basket("basket_2", "d").retired("over", NOON))
    assert store.templates.for_runs([*due("basket_1", "c", "a"), *due("basket_2", "d")]) == {
        "basket_1": RunTemplate.of(first).only(["c", "a"]),
        "basket_2": RunTemplate.of(retired),
    }


def test_a_hundred_baskets_and_strategies_together_cost_one_read_and_twenty_more_a_second(store: Store) -> None:
    names = {f"basket_{number}": [f"s_{number}_{each:02d}" for each in range(19)] for number in range(6)}
    every = {basket_id: RunTemplate.of(saved(store, basket(basket_id, *ids))) for basket_id, ids in names.items()}
    watched = WatchedEngine(store.engine)
    for asked, reads in ((list(names)[:5], 1), (list(names)[::-1], 2)):
        watched.calls.clear()
        wanted = [each for basket_id in asked for each in due(basket_id, *names[basket_id])]
        assert StoredTemplates(watched, OWNER).for_runs(wanted) == {basket_id: every[basket_id] for basket_id in asked}
        assert watched.calls == ["get_many"] * reads


@pytest.mark.parametrize("left", [("b",), ()], ids=["another left", "none left"])
def test_a_strategy_that_its_basket_no_longer_has_is_left_out_by_the_same_read(
    store: Store, left: tuple[str, ...]
) -> None:
    first = saved(store, basket("basket_1", "a", "b"))
    second = saved(store, edited(first, *left), first)
    watched = WatchedEngine(store.engine)
    found = StoredTemplates(watched, OWNER).for_runs(due("basket_1", "a", "b"))
    assert found == {"basket_1": RunTemplate.of(second)}
    assert watched.calls == ["get_many"]


def test_a_strategy_that_is_another_baskets_now_is_left_out_of_the_first(store: Store) -> None:
    first = saved(store, basket("basket_1", "a", "b"))
    second = saved(store, edited(first, "a"), first)
    saved(store, basket("basket_2", "b"))
    assert store.templates.for_runs(due("basket_1", "a", "b")) == {"basket_1": RunTemplate.of(second)}


def test_a_basket_that_is_gone_is_left_out(store: Store) -> None:
    saved(store, basket("basket_1", "a"))
    kept = saved(store, basket("basket_2", "b"))
    store.engine.write(Delete(keys.basket(OWNER, "basket_1")))
    assert store.templates.for_runs([*due("basket_1", "a"), *due("basket_2", "b")]) == {
        "basket_2": RunTemplate.of(kept)
    }


class TornEngine(WatchedEngine):
    """In the middle of its first read of several items something happens: those of one kind were read before it."""

    def __init__(self, inside: Engine, early: str, happening: Callable[[], object]) -> None:
        super().__init__(inside)
        self._early = early
        self._happenings = [happening]

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
        """See `Engine.get_many`."""
        self.calls.append("get_many")
        is_early = [key.sort.startswith(self._early) for key in keys]
        found = self._those(keys, is_early, read=True, consistent=consistent)
        if self._happenings:
            self._happenings.pop()()
        found |= self._those(keys, is_early, read=False, consistent=consistent)
        return [found[key] for key in keys]

    def _those(
        self, keys: Sequence[Key], is_early: Sequence[bool], *, read: bool, consistent: bool
    ) -> dict[Key, Item | None]:
        wanted = [key for key, early in zip(keys, is_early, strict=True) if early is read]
        return dict(zip(wanted, self.inside.get_many(wanted, consistent=consistent), strict=True)) if wanted else {}


EARLY = pytest.mark.parametrize("early", ["BASKET#", "STRATEGY#"], ids=["basket first", "strategies first"])
ONCE_MORE = {"get_many": 2, "get": 1}


@EARLY
def test_a_basket_edited_in_the_middle_of_the_read_is_read_again_of_one_version(store: Store, early: str) -> None:
    first = saved(store, basket("basket_1", "a", "b"))
    other = saved(store, basket("basket_2", "d"))
    second = edited(first, "a", "c", entry_time=time(10, 0))
    torn = TornEngine(store.engine, early, lambda: saved(store, second, first))
    found = StoredTemplates(torn, OWNER).for_runs([*due("basket_1", "a", "b"), *due("basket_2", "d")])
    assert found == {"basket_1": RunTemplate.of(second).only(["a"]), "basket_2": RunTemplate.of(other)}
    assert Counter(torn.calls) == ONCE_MORE


@EARLY
def test_a_strategy_that_moved_in_the_middle_of_the_read_is_not_taken_for_the_first_baskets(
    store: Store, early: str
) -> None:
    first = saved(store, basket("basket_1", "a", "b"))
    second = edited(first, "a")

    def move_b() -> None:
        saved(store, second, first)
        saved(store, basket("basket_2", "b"))

    torn = TornEngine(store.engine, early, move_b)
    found = StoredTemplates(torn, OWNER).for_runs(due("basket_1", "a", "b"))
    assert found == {"basket_1": RunTemplate.of(second)}
    assert Counter(torn.calls) == ONCE_MORE


@EARLY
def test_an_edit_that_leaves_the_strategies_due_as_they_were_costs_no_further_read(store: Store, early: str) -> None:
    first = saved(store, basket("basket_1", "a", "b"))
    second = edited(first, "a", "c")
    torn = TornEngine(store.engine, early, lambda: saved(store, second, first))
    found = StoredTemplates(torn, OWNER).for_runs(due("basket_1", "a"))
    assert found == {"basket_1": RunTemplate.of(first if early == "BASKET#" else second).only(["a"])}
    assert torn.calls == ["get_many"]


def test_a_basket_that_does_not_name_the_content_of_each_of_its_strategies_is_corrupt_data(store: Store) -> None:
    saved(store, basket("basket_1", "a", "b"))
    store.engine.write(Update(keys.basket(OWNER, "basket_1"), assign={"strategy_digests": []}))
    for read in (
        lambda: store.templates.for_runs(due("basket_1", "a")),
        lambda: store.templates.get("basket_1"),
    ):
        with pytest.raises(CorruptDataError, match="item BASKET#basket_1"):
            read()


def test_a_strategy_due_whose_basket_names_it_and_that_is_gone_for_good_is_corrupt_data(store: Store) -> None:
    saved(store, basket("basket_1", "a"))
    store.engine.write(Delete(keys.strategy(OWNER, "a")))
    with pytest.raises(CorruptDataError, match="basket basket_1: its strategies are missing or not those it names"):
        store.templates.for_runs(due("basket_1", "a"))
