"""Houses in which something happened, on each store, and the meter of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import frozen
from tests.integration.application.house import House
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.stores import REAL_STORES, STORES, everything
from tests.integration.costs.cost import lived_in_house
from tests.integration.costs.meters import Meter, SeamMeter, StatementMeter, WireMeter
from tests.integration.described_table import key_of

from quantleap import composition
from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import MAX_TRANSACTION_WRITES, Delete, Engine, Put, Write
from quantleap.composition.stores import open_store
from quantleap.ports.secrets import Secrets


@frozen
class Metered:
    """A house, and what counts all that its engine is asked."""

    house: House
    meter: Meter


@frozen
class Wired:
    """The same on DynamoDB, and its engine."""

    house: House
    meter: WireMeter
    engine: DynamoDbEngine


@contextmanager
def metered_house(store: str, folder: Path) -> Iterator[Metered]:
    """A house on that store in which something happened."""
    with pytest.MonkeyPatch.context() as patch:
        if store == "memory":
            patch.setattr(composition, "open_store", _opened_watched)
        house = lived_in_house(STORES[store](folder))
    with house.app:
        yield Metered(house, _meter(house.app._engine))


def _opened_watched(url: str, *, keys: Path | None, may_create: bool) -> tuple[Engine, Secrets]:
    engine, secrets = open_store(url, keys=keys, may_create=may_create)
    return WatchedEngine(engine), secrets


def _meter(engine: Engine) -> Meter:
    match engine:
        case WatchedEngine():
            return SeamMeter(engine)
        case SqliteEngine():
            return StatementMeter(engine)
        case DynamoDbEngine():
            return WireMeter(engine)
        case _:
            raise AssertionError("no meter is for it")


@pytest.fixture(scope="module", params=REAL_STORES)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Metered]:
    """One on each store in turn, for all tests of a module."""
    with metered_house(request.param, tmp_path_factory.mktemp(request.param)) as metered:
        yield metered


@pytest.fixture
def metered(shared: Metered) -> Iterator[Metered]:
    """The shared one, whose items are put back afterwards. Its feed tells what every test did."""
    engine = shared.house.app._engine
    before = {key_of(item): item for item in everything(engine)}
    yield shared
    after = {key_of(item): item for item in everything(engine)}
    changed = [Put(item) for key, item in before.items() if item != after.get(key)]
    made = [Delete(key) for key in after.keys() - before.keys()]
    restoring: list[Write] = [*changed, *made]
    for start in range(0, len(restoring), MAX_TRANSACTION_WRITES):
        engine.transact(restoring[start : start + MAX_TRANSACTION_WRITES])


@pytest.fixture(params=REAL_STORES)
def metered_anew(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Metered]:
    """One on each store in turn, whose feed tells of nothing but its own."""
    with metered_house(request.param, tmp_path) as metered:
        yield metered


@pytest.fixture
def wired(tmp_path: Path) -> Iterator[Wired]:
    """One on DynamoDB Local alone: a test that asks for it is marked so."""
    with metered_house("dynamodb", tmp_path) as metered:
        engine, meter = metered.house.app._engine, metered.meter
        assert isinstance(engine, DynamoDbEngine)
        assert isinstance(meter, WireMeter)
        yield Wired(metered.house, meter, engine)
