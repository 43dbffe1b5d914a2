"""A house of its own for every test, and the API over it by each of its faces."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.integration.api.faces import FACES, Face, partner_headers
from tests.integration.application.house import House


@pytest.fixture
def house() -> Iterator[House]:
    """One in memory, with a marketplace and partners."""
    made = House.furnished("memory://")
    with made.app:
        yield made


@pytest.fixture(params=FACES)
def face(request: pytest.FixtureRequest, house: House) -> Iterator[Face]:
    """Each face in turn over the house."""
    with closing(FACES[request.param](house.app)) as made:
        yield made


@pytest.fixture
def zebu(house: House) -> dict[str, str]:
    """The headers of zebu's live server."""
    return partner_headers(house)
