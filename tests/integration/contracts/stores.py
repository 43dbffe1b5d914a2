"""The stores that ports and use cases are put to: a new one is one line of `STORES`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import frozen

from quantleap.adapters.store.repositories.allocations import StoredAllocations
from quantleap.adapters.store.repositories.counters import StoredCounters
from quantleap.adapters.store.repositories.money import StoredCharges, StoredLedger
from quantleap.adapters.store.repositories.partners import StoredPartners
from quantleap.adapters.store.repositories.subscriptions import StoredSubscriptions
from quantleap.adapters.store.repositories.templates import StoredTemplates
from quantleap.adapters.store.repositories.whole_store import ScannedStore
from quantleap.adapters.store.seam import Engine, Item
from quantleap.adapters.store.unit_of_work import StoreUnitOfWork
from quantleap.domain.identifiers import Email
from quantleap.ports.counters import Counters
from quantleap.ports.money import Charges, Ledger
from quantleap.ports.partners import Partners
from quantleap.ports.subscriptions import Allocations, Subscriptions
from quantleap.ports.templates import Templates
from quantleap.ports.unit_of_work import UnitOfWork
from quantleap.ports.verification import WholeStore

STORES: Mapping[str, Callable[[Path], str]] = {
    "memory": lambda _: "memory://",
    "sqlite": lambda folder: f"sqlite:///{folder}/store.db",
}
"""The URL of each, given a folder of its own."""

OWNER = Email("admin@quantleap.in")


@frozen
class Store:
    """One engine behind every port."""

    engine: Engine
    subscriptions: Subscriptions
    allocations: Allocations
    templates: Templates
    charges: Charges
    ledger: Ledger
    partners: Partners
    counters: Counters
    whole: WholeStore
    units: UnitOfWork


def store_over(engine: Engine) -> Store:
    """Repositories over a prepared engine, with the marketplace's usual owner."""
    return Store(
        engine,
        StoredSubscriptions(engine),
        StoredAllocations(engine),
        StoredTemplates(engine, OWNER),
        StoredCharges(engine),
        StoredLedger(engine),
        StoredPartners(engine),
        StoredCounters(engine, OWNER),
        ScannedStore(engine),
        StoreUnitOfWork(engine),
    )


def everything(engine: Engine) -> list[Item]:
    """Every item there is, in order of its key."""
    page = engine.scan()
    items = page.items
    while page.next is not None:
        page = engine.scan(page.next)
        items += page.items
    return sorted(items, key=lambda item: (str(item["user_id"]), str(item["sort_key"])))
