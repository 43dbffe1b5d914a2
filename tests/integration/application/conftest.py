"""Houses: in memory, where the engine makes no difference, and on every store, where it may."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.application.house import House
from tests.integration.contracts.stores import REAL_STORES, STORES

from quantleap.composition import Application


@pytest.fixture
def house() -> Iterator[House]:
    """One in memory, with a marketplace and partners."""
    made = House.furnished("memory://")
    with made.app:
        yield made


@pytest.fixture
def app(house: House) -> Application:
    """Its application."""
    return house.app


@pytest.fixture(params=REAL_STORES)
def any_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """One on each store in turn."""
    made = House.furnished(STORES[request.param](tmp_path))
    with made.app:
        yield made
