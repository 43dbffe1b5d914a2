"""The stores that ports and use cases are put to: a new one is one line of `STORES`."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch
from uuid import uuid4

import pytest
from attrs import frozen
from moto import mock_aws
from tests.integration.dynamodb_local import REGION, endpoint, needs_dynamodb_local, why_left_out

from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.repositories.allocations import StoredAllocations
from quantleap.adapters.store.repositories.audit import StoredAuditedChanges, StoredAuditLog
from quantleap.adapters.store.repositories.counters import StoredCounters
from quantleap.adapters.store.repositories.money import StoredCharges, StoredLedger
from quantleap.adapters.store.repositories.partners import StoredPartners
from quantleap.adapters.store.repositories.subscriptions import StoredSubscriptions
from quantleap.adapters.store.repositories.templates import StoredTemplates
from quantleap.adapters.store.repositories.whole_store import ScannedStore
from quantleap.adapters.store.seam import Engine, Item
from quantleap.adapters.store.unit_of_work import StoreUnitOfWork
from quantleap.domain.audit.retention import AuditRetention
from quantleap.domain.identifiers import Email
from quantleap.ports.audit import AuditedChanges, AuditLog
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
    "dynamodb": lambda _: f"dynamodb://{new_table()}?region={REGION}&endpoint={endpoint()}",
    "moto": lambda _: f"dynamodb://{new_table()}?region={REGION}",
}
"""The URL of each, given a folder of its own. Moto is a fast double of the service: it proves nothing of races."""

_NEEDS = {"dynamodb": needs_dynamodb_local}

REAL_STORES = [pytest.param(name, marks=_NEEDS.get(name, ())) for name in STORES if name != "moto"]
"""For a parametrised fixture over what is no double."""

EVERY_STORE = [pytest.param(name, marks=_NEEDS.get(name, ())) for name in STORES]
"""For a parametrised fixture, which also enters `surroundings` of the name it is given."""

KEYS = Path(tempfile.mkdtemp()) / "platform.keys"
"""The platform's keys of every DynamoDB store in a test run."""


def side_by_side() -> list[str]:
    """The stores that one test drives together: each is what it claims to be, and here."""
    return [name for name in STORES if name != "moto" and (name != "dynamodb" or why_left_out() is None)]


def new_table() -> str:
    """A name that no other test has."""
    return f"Table{uuid4().hex}"


@contextmanager
def surroundings(name: str) -> Iterator[None]:
    """What a store needs around it. Moto has no streams: a test that gets as far as the feed is skipped there."""
    if name != "moto":
        yield
        return
    with mock_aws(), patch.object(DynamoDbEngine, "changes", _no_stream):
        yield


def _no_stream(*_: object, **__: object) -> NoReturn:
    pytest.skip("moto implements no DescribeStream")


OWNER = Email("admin@quantleap.in")

PLATFORM = KeysInMemory()
"""The platform's keys where a store is over an engine alone."""


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
    audit: AuditLog
    audited: AuditedChanges
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
        StoredAuditLog(engine, AuditRetention()),
        StoredAuditedChanges(engine, PLATFORM),
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
