"""What differs between baskets, strategies and the schedule, and between partners' keys and their lists of keys."""

from collections.abc import Iterator

from quantleap.application.verification_books import Books, Difference, Planned
from quantleap.domain.marketplace.schedule import ScheduleEntry
from quantleap.ports.verification import StoredBasket


def catalog_differences(books: Books) -> Iterator[Difference]:
    """Every difference of this kind."""
    yield from _strategy_differences(books)
    yield from _schedule_differences(books)
    yield from _key_differences(books)


def _strategy_differences(books: Books) -> Iterator[Difference]:
    for basket in books.baskets:
        for strategy_id in basket.strategy_ids:
            problem = _problem_of(books.strategies.get((basket.owner.address, strategy_id)), basket)
            if problem is not None:
                yield Difference(basket.basket_id, f"names strategy {strategy_id}, which {problem}")
    named = {(basket.owner.address, strategy_id) for basket in books.baskets for strategy_id in basket.strategy_ids}
    for _, strategy_id in sorted(books.strategies.keys() - named):
        yield Difference(strategy_id, "is a strategy that no basket names")


def _problem_of(strategy: Planned | None, basket: StoredBasket) -> str | None:
    if strategy is None:
        return "does not exist"
    if strategy.basket_id != basket.basket_id:
        return "says that it is another basket's"
    if strategy.basket_version > basket.version:
        return "is of a later version"
    return None


def _schedule_differences(books: Books) -> Iterator[Difference]:
    missing: dict[tuple[str, str], set[ScheduleEntry]] = {
        key: set(strategy.entries) for key, strategy in books.strategies.items()
    }
    for line in books.schedule:
        key = (line.owner.address, line.entry.strategy_id)
        strategy = books.strategies.get(key)
        if strategy is None or line.entry not in strategy.entries:
            yield Difference(line.entry.strategy_id, f"is scheduled for {_named(line.entry)} and has no such entry")
            continue
        missing[key].discard(line.entry)
        if (line.strategy_id, line.basket_id, line.status) != (key[1], strategy.basket_id, strategy.status):
            yield Difference(key[1], f"is scheduled for {_named(line.entry)} as something else than it is")
    for (_, strategy_id), entries in missing.items():
        for entry in sorted(entries, key=_named):
            yield Difference(strategy_id, f"is not scheduled for {_named(entry)}")


def _named(entry: ScheduleEntry) -> str:
    return f"{entry.weekday.code} {entry.at:%H:%M} {entry.kind}"


def _key_differences(books: Books) -> Iterator[Difference]:
    for key in sorted(books.keys.keys() | books.key_lines.keys(), key=str):
        record, listed = books.keys.get(key), books.key_lines.get(key)
        partner_id, api_key_id = key
        if listed is None:
            yield Difference(api_key_id, f"is a key of {partner_id} and not in its list")
        elif record is None:
            yield Difference(api_key_id, f"is in the list of {partner_id} and does not exist")
        elif record != listed:
            yield Difference(api_key_id, f"is in the list of {partner_id} as another key")
    yield from _name_differences(books)


def _name_differences(books: Books) -> Iterator[Difference]:
    records = {api_key_id: record for (_, api_key_id), record in books.keys.items()}
    for api_key_id in sorted(records.keys() | books.key_names.keys()):
        record, named = records.get(api_key_id), books.key_names.get(api_key_id)
        if named is None:
            yield Difference(api_key_id, "is a key that is not found by its id")
        elif record is None:
            yield Difference(api_key_id, "names a key that does not exist")
        elif record != named:
            yield Difference(api_key_id, "names another key than its own")
