"""Template baskets over any engine."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import time
from typing import TYPE_CHECKING

from attrs import evolve

from quantleap.adapters.store import keys, table
from quantleap.adapters.store.records.removals import removal_write
from quantleap.adapters.store.records.shown_templates import LISTING_STATUS
from quantleap.adapters.store.records.templates import (
    basket_item,
    read_basket_item,
    read_overview,
    read_run_template,
    read_strategy_item,
    schedule_item,
    strategy_digest,
    strategy_digests,
    strategy_ids,
    strategy_item,
)
from quantleap.adapters.store.records.values import Reading, stamped
from quantleap.adapters.store.repositories.marketplace import StoredMarketplace
from quantleap.adapters.store.repositories.paging import every_item, matching_page, one_page
from quantleap.adapters.store.seam import (
    MAX_READ_KEYS,
    MAX_TRANSACTION_WRITES,
    Delete,
    Equals,
    Item,
    ItemAbsent,
    Key,
    Put,
    Query,
    Update,
    Value,
)
from quantleap.adapters.store.unit_of_work import StagedWrite, holds, never_refused
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.errors import (
    AlreadyExistsError,
    ConcurrentUpdateError,
    DomainError,
    InvalidInputError,
    TemplateNotFoundError,
)
from quantleap.domain.identifiers import Email, Mode
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.listing import ListingStatus
from quantleap.domain.marketplace.schedule import RunKind, schedule_of
from quantleap.domain.marketplace.strategy import Strategy, StrategyStatus
from quantleap.domain.marketplace.template import TemplateOverview
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.paging import Page, PageRequest
from quantleap.domain.subscriptions.history import Stamp
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.templates import DueStrategy
from quantleap.ports.unit_of_work import Write

if TYPE_CHECKING:
    from quantleap.domain.execution.frame import RunTemplate

_READ_ATTEMPTS = 20
"""How often a basket is read that is edited while it is read."""


class StoredTemplates(StoredMarketplace):
    """See `quantleap.ports.templates.Templates`. One owner's baskets."""

    @property
    def owner(self) -> Email:
        """Whose baskets these are."""
        return self._owner

    @property
    def _every_basket(self) -> Query:
        return Query(self._owner.address, begins_with="BASKET#", consistent=True)

    def get(self, basket_id: str) -> Basket | None:
        """A get of the basket and one of its strategies together; again where an edit fell in between."""
        seen: Value = None
        for _ in range(_READ_ATTEMPTS):
            item = self._engine.get(keys.basket(self._owner, basket_id), consistent=True)
            if item is None:
                return None
            basket = _whole(item, self._read(self._strategy_keys(item), consistent=True))
            if basket is not None:
                return basket
            if item.get("version") == seen:  # nobody edited it since its strategies were read before
                raise CorruptDataError(f"basket {basket_id}", "its strategies are missing or not those it names")
            seen = item.get("version")
        raise ConcurrentUpdateError(f"basket {basket_id}")

    def all(self, page: PageRequest) -> Page[Basket]:
        """A query of the owner's baskets, and one read of all their strategies (each of 100 items at most)."""
        found = one_page(self._engine, self._every_basket, page, lambda item: item)
        return Page(tuple(self._completed(found.entries)), found.next)

    def overviews(self, statuses: Collection[ListingStatus], page: PageRequest) -> Page[TemplateOverview]:
        """The query of the owner's baskets, until the page is full."""
        return matching_page(
            self._engine, self._every_basket, page, lambda item: item.get(LISTING_STATUS) in statuses, read_overview
        )

    def due(self, weekday: Weekday, at: time, kind: RunKind) -> list[DueStrategy]:
        """The pages of one query of the schedule's index."""
        query = Query(
            self._owner.address,
            index=table.USER_SCHEDULE_DISCOVERY.name,
            begins_with=keys.schedule_minute(weekday, at, kind),
        )
        due = (Reading(item) for item in every_item(self._engine, query))
        return [
            DueStrategy(entry.text("template_basket"), entry.text("strategy_id"))
            for entry in due
            if kind is RunKind.EXIT or entry.text("status") == StrategyStatus.ACTIVE
        ]

    def for_runs(self, due: Sequence[DueStrategy]) -> dict[str, "RunTemplate"]:
        """Reads of baskets and strategies together, of 100 items each; a `get` of a basket that an edit fell upon."""
        named: dict[str, list[str]] = {}
        for each in due:
            named.setdefault(each.basket_id, []).append(each.strategy_id)
        baskets = [keys.basket(self._owner, basket_id) for basket_id in named]
        strategies = [keys.strategy(self._owner, strategy_id) for ids in named.values() for strategy_id in ids]
        wanted = [*baskets, *strategies]
        found = dict(zip(wanted, self._read(wanted), strict=True))
        templates = ((basket_id, self._for_runs(basket_id, ids, found)) for basket_id, ids in named.items())
        return {basket_id: template for basket_id, template in templates if template is not None}

    def saving(self, basket: Basket, before: Basket | None, stamp: Stamp) -> list[Write]:
        """The basket, and what differs of its strategies and their schedules."""
        return _at_once(
            [self._basket_write(basket, before, stamp), *self._strategy_writes(basket, before)],
            "hold too many schedule entries to save at once: add them one by one",
        )

    def removing(self, basket: Basket, stamp: Stamp) -> list[Write]:
        """Deletes of the basket at its version, and of its strategies and their schedules."""

        def changed(old: Item | None) -> DomainError:
            gone = TemplateNotFoundError(basket.basket_id)
            return gone if old is None else ConcurrentUpdateError(f"basket {basket.basket_id}")

        key, at_version = keys.basket(self._owner, basket.basket_id), Equals("version", basket.version)
        gone = basket.edited(evolve(basket.content, strategies=()), basket.updated_at)
        removal = removal_write(Mode.LIVE, AuditAction.BASKET_REMOVED, basket.basket_id, stamp)
        return _at_once(
            [StagedWrite(Delete(key, at_version), changed), removal, *self._strategy_writes(gone, basket)],
            "hold too many schedule entries to delete at once: remove some first",
        )

    def _basket_write(self, basket: Basket, before: Basket | None, stamp: Stamp) -> StagedWrite:
        item = stamped(basket_item(basket), stamp)
        if before is None:

            def exists(_: Item | None) -> DomainError:
                return AlreadyExistsError("Basket", basket.basket_id)

            return StagedWrite(Put({**item, table.SUBSCRIBER_COUNT: 0}, ItemAbsent()), exists)

        def changed(old: Item | None) -> DomainError | None:
            return None if holds(old, item) else ConcurrentUpdateError(f"basket {basket.basket_id}")

        key = keys.basket(self._owner, basket.basket_id)
        dropped = basket_item(before).keys() - item.keys()
        update = Update(
            key,
            assign={name: value for name, value in item.items() if name not in (table.PARTITION_KEY, table.SORT_KEY)},
            remove=tuple(sorted(dropped)),
            condition=Equals("version", before.version),
        )
        return StagedWrite(update, changed)

    def _strategy_writes(self, basket: Basket, before: Basket | None) -> Iterator[StagedWrite]:
        old = {} if before is None else {strategy.strategy_id: strategy for strategy in before.strategies}
        new = {strategy.strategy_id: strategy for strategy in basket.strategies}
        for strategy_id, strategy in new.items():
            if old.get(strategy_id) != strategy:
                yield self._strategy_put(basket, strategy, is_new=strategy_id not in old)
        for strategy_id in old.keys() - new.keys():
            yield StagedWrite(Delete(keys.strategy(self._owner, strategy_id)), never_refused)
        yield from self._schedule_writes(self._schedule(basket.basket_id, old), self._schedule(basket.basket_id, new))

    def _strategy_put(self, basket: Basket, strategy: Strategy, *, is_new: bool) -> StagedWrite:
        def taken(_: Item | None) -> DomainError:
            return AlreadyExistsError("Strategy", strategy.strategy_id)

        item = strategy_item(self._owner, basket, strategy)
        # A strategy's id is its key under the owner, so another basket may have taken it.
        return StagedWrite(Put(item, ItemAbsent() if is_new else Equals("template_basket", basket.basket_id)), taken)

    def _schedule(self, basket_id: str, strategies: Mapping[str, Strategy]) -> dict[Key, Item]:
        return {
            keys.schedule_entry(self._owner, entry): schedule_item(self._owner, basket_id, strategy, entry)
            for strategy in strategies.values()
            for entry in schedule_of(strategy)
        }

    def _schedule_writes(self, old: Mapping[Key, Item], new: Mapping[Key, Item]) -> Iterator[StagedWrite]:
        for key in old.keys() - new.keys():
            yield StagedWrite(Delete(key), never_refused)
        for key, item in new.items():
            if old.get(key) != item:
                yield StagedWrite(Put(item), never_refused)

    def _for_runs(
        self, basket_id: str, wanted: Sequence[str], found: Mapping[Key, Item | None]
    ) -> "RunTemplate | None":
        item = found[keys.basket(self._owner, basket_id)]
        strategies = {each: found[keys.strategy(self._owner, each)] for each in wanted}
        if item is not None and _agree(item, strategies):
            return read_run_template(item, _held(item, strategies))
        from quantleap.domain.execution.frame import RunTemplate  # noqa: PLC0415 - runs are for few

        basket = self.get(basket_id)
        return None if basket is None else RunTemplate.of(basket).only(wanted)

    def _completed(self, items: Sequence[Item]) -> Iterator[Basket]:
        """Baskets of these items; one that an edit fell upon between the reads is read again, by itself."""
        wanted = dict.fromkeys(key for item in items for key in self._strategy_keys(item))
        strategies = dict(zip(wanted, self._read(list(wanted)), strict=True))
        for item in items:
            basket = _whole(item, [strategies[key] for key in self._strategy_keys(item)]) or self.get(_basket_id(item))
            if basket is not None:
                yield basket

    def _strategy_keys(self, item: Item) -> list[Key]:
        return [keys.strategy(self._owner, strategy_id) for strategy_id in strategy_ids(item)]

    def _read(self, wanted: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
        found: list[Item | None] = []
        for start in range(0, len(wanted), MAX_READ_KEYS):
            found += self._engine.get_many(wanted[start : start + MAX_READ_KEYS], consistent=consistent)
        return found


def _at_once(writes: Sequence[StagedWrite], otherwise: str) -> list[Write]:
    """What one transaction can do. Raises InvalidInputError for what it cannot."""
    if len(writes) >= MAX_TRANSACTION_WRITES:  # one is left for the answer that may be kept with them
        raise InvalidInputError("strategies", otherwise)
    return list(writes)


def _whole(item: Item, strategies: Sequence[Item | None]) -> Basket | None:
    """The basket, or None when its strategies are not the ones it was written with: an edit fell between."""
    found = dict(zip(strategy_ids(item), strategies, strict=True))
    return read_basket_item(item, _held(item, found)) if _agree(item, found) else None


def _held(item: Item, strategies: Mapping[str, Item | None]) -> list[Strategy]:
    """Those of the strategies that the basket names."""
    named = strategy_digests(item)
    return [read_strategy_item(found) for each, found in strategies.items() if each in named and found is not None]


def _agree(item: Item, strategies: Mapping[str, Item | None]) -> bool:
    """Whether the basket was written with these strategies as they are, and without those it has not.

    Items read together are read in any order and may be stale: one may be older than the basket as well as newer, so
    that its content decides and no version.
    """
    basket_id, named = _basket_id(item), strategy_digests(item)
    return all(named.get(each) == strategy_digest(found, basket_id) for each, found in strategies.items())


def _basket_id(item: Item) -> str:
    return Reading(item).text(table.SORT_KEY).removeprefix("BASKET#")
