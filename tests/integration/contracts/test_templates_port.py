"""What `ports.templates.Templates` promises, on every store."""

from collections.abc import Callable
from datetime import time
from functools import partial
from itertools import pairwise

import pytest
from attrs import evolve
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.samples import LATER, NOON, basket, edited, saved, stamp
from tests.integration.contracts.stores import OWNER, Store, everything

from quantleap.adapters.store import keys
from quantleap.adapters.store.repositories.templates import StoredTemplates
from quantleap.adapters.store.seam import MAX_TRANSACTION_WRITES, Delete, Item
from quantleap.domain.errors import AlreadyExistsError, ConcurrentUpdateError, InvalidInputError, TemplateNotFoundError
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import Category
from quantleap.domain.marketplace.listing import ListingStatus
from quantleap.domain.marketplace.schedule import RunKind
from quantleap.domain.marketplace.strategy import StrategyStatus
from quantleap.domain.marketplace.template import StrategyTemplate, TemplateOverview
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.paging import PageRequest
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.templates import DueStrategy
from quantleap.ports.unit_of_work import Write

NINE_TWENTY = time(9, 20)


def counted(store: Store, basket_id: str, subscribers: int) -> None:
    since = store.counters.checkpoint().position
    store.units.commit(
        *store.counters.counting({basket_id: subscribers}, since=since, until=f"{since or ''}1", at=LATER)
    )


def test_what_was_never_saved_is_none(store: Store) -> None:
    assert store.templates.owner == OWNER
    assert store.templates.get("basket_1") is None
    assert store.templates.shown("basket_1") is None
    assert store.templates.for_runs([DueStrategy("basket_1", "a")]) == {}
    assert store.templates.for_runs([]) == {}
    assert store.templates.all(PageRequest()).entries == ()


@pytest.mark.parametrize("strategy_ids", [(), ("only",), ("b", "a", "c")], ids=["none", "one", "three"])
def test_a_basket_comes_back_with_its_strategies_in_the_authors_order(
    store: Store, strategy_ids: tuple[str, ...]
) -> None:
    made = basket()
    made = evolve(made, content=evolve(made.content, strategies=basket("basket_1", *strategy_ids).strategies))
    made = made if strategy_ids else evolve(made, content=evolve(made.content, strategies=()))
    saved(store, made)
    assert store.templates.get("basket_1") == made
    assert store.templates.shown("basket_1") == StrategyTemplate.of(made, subscriber_count=0, show_performance=True)


def test_staging_writes_nothing(store: Store) -> None:
    made = saved(store, basket())
    before = everything(store.engine)
    store.templates.saving(edited(made, "other"), made, stamp(2))
    store.templates.saving(basket("basket_2"), None, stamp(1))
    assert everything(store.engine) == before


def test_a_basket_that_exists_is_not_saved_as_a_new_one(store: Store) -> None:
    saved(store, basket("basket_1", "a"))
    before = everything(store.engine)
    with pytest.raises(AlreadyExistsError, match="Basket basket_1 already exists"):
        saved(store, basket("basket_1", "b"))
    assert everything(store.engine) == before


def test_a_strategy_id_that_another_basket_has_is_refused_whole(store: Store) -> None:
    saved(store, basket("basket_1", "a"))
    before = everything(store.engine)
    with pytest.raises(AlreadyExistsError, match="Strategy a already exists"):
        saved(store, basket("basket_2", "b", "a"))
    assert everything(store.engine) == before


def test_an_edit_of_what_is_no_longer_there_is_refused_whole(store: Store) -> None:
    first = saved(store, basket("basket_1", "a"))
    second = saved(store, edited(first, "a", "b"), first)
    before = everything(store.engine)
    with pytest.raises(ConcurrentUpdateError):
        saved(store, edited(first, "c"), first)
    assert everything(store.engine) == before
    assert store.templates.get("basket_1") == second


def test_an_edit_replaces_strategies_and_schedule_and_keeps_the_count_of_subscribers(store: Store) -> None:
    first = saved(store, basket("basket_1", "a", "b"))
    counted(store, "basket_1", 7)
    second = saved(store, edited(first, "b", "c", entry_time=time(10, 0)), first)
    assert store.templates.get("basket_1") == second
    assert store.templates.due(Weekday.MONDAY, NINE_TWENTY, RunKind.ENTRY) == []
    assert store.templates.due(Weekday.MONDAY, time(10, 0), RunKind.ENTRY) == [
        DueStrategy("basket_1", "b"),
        DueStrategy("basket_1", "c"),
    ]
    shown = store.templates.shown("basket_1")
    assert shown is not None
    assert (shown.subscriber_count, shown.strategies_count) == (7, 2)
    emptied = second.edited(evolve(second.content, strategies=()), LATER)
    saved(store, emptied, second)
    assert {str(item["sort_key"]).split("#")[0] for item in everything(store.engine)} == {"BASKET", "CHECKPOINT"}


def test_what_is_due_is_what_the_schedule_names_inactive_strategies_leave_and_do_not_enter(store: Store) -> None:
    first = saved(store, basket("basket_1", "b", "a"))
    saved(store, edited(first, "b", "a", status=StrategyStatus.INACTIVE), first)
    saved(store, basket("basket_2", "c"))
    assert store.templates.due(Weekday.FRIDAY, NINE_TWENTY, RunKind.ENTRY) == [DueStrategy("basket_2", "c")]
    assert store.templates.due(Weekday.FRIDAY, time(15, 15), RunKind.EXIT) == [
        DueStrategy("basket_1", "a"),
        DueStrategy("basket_1", "b"),
        DueStrategy("basket_2", "c"),
    ]
    for weekday, at, kind in (
        (Weekday.TUESDAY, NINE_TWENTY, RunKind.ENTRY),
        (Weekday.FRIDAY, time(9, 21), RunKind.ENTRY),
        (Weekday.FRIDAY, NINE_TWENTY, RunKind.EXIT),
    ):
        assert store.templates.due(weekday, at, kind) == []


def test_the_marketplace_shows_a_category_most_subscribers_first_and_what_was_taken_off_apart(store: Store) -> None:
    listed = [saved(store, basket(f"basket_{number}").enabled(NOON)) for number in range(4)]
    saved(store, basket("draft"))
    for number, subscribers in enumerate((5, 9, 1)):
        counted(store, f"basket_{number}", subscribers)
    saved(store, listed[2].taken_off(LATER), listed[2])
    saved(store, listed[3].retired("over", LATER), listed[3])

    def shown(category: Category, *, active: bool) -> list[tuple[str, int]]:
        names, request = [], PageRequest(limit=1)
        while True:
            page = store.templates.offered(category, request, active=active)
            names += [(template.basket_id, template.subscriber_count) for template in page.entries]
            if page.next is None:
                return names
            request = PageRequest(limit=1, after=page.next)

    assert shown(Category.NEUTRAL, active=True) == [("basket_1", 9), ("basket_0", 5)]
    assert shown(Category.NEUTRAL, active=False) == [("basket_2", 1)]
    assert shown(Category.INCOME, active=True) == []
    retired = store.templates.get("basket_3")
    assert retired is not None
    assert retired.listing.retired_reason == "over"


def test_all_baskets_are_listed_by_id_drafts_too(store: Store) -> None:
    every = [saved(store, basket(name)) for name in ("c", "a", "b")]
    first = store.templates.all(PageRequest(limit=2))
    assert [each.basket_id for each in first.entries] == ["a", "b"]
    rest = store.templates.all(PageRequest(limit=2, after=first.next))
    assert rest.entries == (every[0],)
    assert rest.next is None


def test_more_schedule_entries_than_one_commit_can_hold_are_refused_by_name(store: Store) -> None:
    crowded = edited(
        basket(), *(f"s{number}" for number in range(10)), entry_days=tuple(Weekday), exit_days=tuple(Weekday)
    )
    with pytest.raises(InvalidInputError, match="strategies: hold too many schedule entries"):
        store.templates.saving(crowded, None, stamp(1))
    assert everything(store.engine) == []


def test_one_write_of_a_commit_is_left_for_an_answer_that_is_kept_with_it(store: Store) -> None:
    def saving(strategies: int, weekdays: int) -> list[Write]:
        days, names = tuple(Weekday)[:weekdays], (f"s{number}" for number in range(strategies))
        return store.templates.saving(edited(basket(), *names, entry_days=days, exit_days=days), None, stamp(1))

    assert len(saving(14, 3)) == 1 + 14 * (1 + 2 * 3) == MAX_TRANSACTION_WRITES - 1
    assert MAX_TRANSACTION_WRITES == 1 + 9 * (1 + 2 * 5)
    with pytest.raises(InvalidInputError, match="strategies: hold too many schedule entries"):
        saving(9, 5)


# An edit that falls between the two reads of a basket

READS: dict[str, Callable[[StoredTemplates], Basket | None]] = {
    "get": lambda templates: templates.get("basket_1"),
    "all": lambda templates: templates.all(PageRequest(limit=1)).entries[0],
}


@pytest.mark.parametrize("read", READS)
def test_a_basket_that_was_edited_between_its_two_reads_is_read_again_whole(store: Store, read: str) -> None:
    first = saved(store, basket("basket_1", "a", "b"))
    watched = WatchedEngine(store.engine)
    second = edited(first, "a", "c", entry_time=time(10, 0))
    watched.before("get_many", lambda: saved(store, second, first))
    assert READS[read](StoredTemplates(watched, OWNER)) == second


def edits(store: Store, first: Basket, count: int) -> list[Callable[[], object]]:
    """Each replaces the basket's one strategy."""
    versions = [first]
    for number in range(count):
        versions.append(edited(versions[-1], f"s{number}"))
    return [partial(saved, store, after, before) for before, after in pairwise(versions)]


@pytest.mark.parametrize("read", READS)
def test_a_basket_that_is_edited_at_one_read_after_the_other_is_read_again_until_it_is_whole(
    store: Store, read: str
) -> None:
    watched = WatchedEngine(store.engine)
    watched.before("get_many", *edits(store, saved(store, basket("basket_1", "a")), 15))
    found = READS[read](StoredTemplates(watched, OWNER))
    assert found is not None
    assert [strategy.strategy_id for strategy in found.strategies] == ["s14"]


@pytest.mark.parametrize("read", READS)
def test_a_basket_that_is_edited_at_every_read_was_changed_by_another(store: Store, read: str) -> None:
    watched = WatchedEngine(store.engine)
    watched.before("get_many", *edits(store, saved(store, basket("basket_1", "a")), 30))
    with pytest.raises(ConcurrentUpdateError):
        READS[read](StoredTemplates(watched, OWNER))


@pytest.mark.parametrize("read", READS)
def test_a_strategy_that_moved_to_another_basket_in_between_is_not_taken_for_the_first_ones(
    store: Store, read: str
) -> None:
    first = saved(store, basket("basket_1", "a", "b"))
    watched = WatchedEngine(store.engine)
    second = edited(first, "a")

    def move_b() -> None:
        saved(store, second, first)
        saved(store, basket("basket_2", "b"))

    watched.before("get_many", move_b)
    assert READS[read](StoredTemplates(watched, OWNER)) == second


@pytest.mark.parametrize("read", READS)
def test_a_basket_whose_strategies_are_gone_for_good_is_corrupt_data(store: Store, read: str) -> None:
    saved(store, basket("basket_1", "a"))
    store.engine.write(Delete(keys.strategy(OWNER, "a")))
    with pytest.raises(CorruptDataError, match="basket basket_1: its strategies are missing or not those it names"):
        READS[read](StoredTemplates(store.engine, OWNER))


def test_a_removed_basket_takes_its_strategies_and_schedule_with_it_and_no_others(store: Store) -> None:
    saved(store, basket("basket_2"))
    before = everything(store.engine)
    made = saved(store, basket("basket_1"))
    store.units.commit(*store.templates.removing(made, stamp(9)))
    assert without_removals(store) == before


def without_removals(store: Store) -> list[Item]:
    """What there is, but for the notes that something is there no more."""
    return [item for item in everything(store.engine) if item["entity_type"] != "REMOVAL"]


def test_a_basket_is_removed_at_its_version_only_and_once(store: Store) -> None:
    made = saved(store, basket())
    changed = saved(store, edited(made, "other"), made)
    with pytest.raises(ConcurrentUpdateError):
        store.units.commit(*store.templates.removing(made, stamp(9)))
    assert store.templates.get("basket_1") == changed
    removal = store.templates.removing(changed, stamp(9))
    store.units.commit(*removal)
    with pytest.raises(TemplateNotFoundError):
        store.units.commit(*removal)
    assert without_removals(store) == []


def test_a_basket_of_too_many_entries_is_emptied_before_it_is_removed(store: Store) -> None:
    made = saved(store, basket("basket_1", *(f"s{number}" for number in range(10))))
    week = tuple(Weekday)[:5]
    for number in range(10):
        strategies = tuple(
            evolve(each, entry_days=week, exit_days=week) if place <= number else each
            for place, each in enumerate(made.strategies)
        )
        made = saved(store, made.edited(evolve(made.content, strategies=strategies), LATER), made)
    with pytest.raises(InvalidInputError, match="strategies: hold too many schedule entries to delete at once"):
        store.templates.removing(made, stamp(99))
    smaller = saved(store, made.edited(evolve(made.content, strategies=made.strategies[:5]), LATER), made)
    store.units.commit(*store.templates.removing(smaller, stamp(99)))
    assert without_removals(store) == []


def test_overviews_name_every_basket_of_a_status_by_id_without_its_strategies(store: Store) -> None:
    drafts = [saved(store, basket(f"basket_{number}")) for number in (3, 1, 2)]
    listed = saved(store, drafts[2].enabled(LATER), drafts[2])
    first = store.templates.overviews(tuple(ListingStatus), PageRequest(2))
    rest = store.templates.overviews(tuple(ListingStatus), PageRequest(2, first.next))
    every = (*first.entries, *rest.entries)
    assert [each.template.basket_id for each in every] == ["basket_1", "basket_2", "basket_3"]
    [shown] = store.templates.overviews([ListingStatus.LISTED], PageRequest(2)).entries
    assert shown == TemplateOverview(
        StrategyTemplate.of(listed, subscriber_count=0, show_performance=True), listed.listing, listed.version
    )
