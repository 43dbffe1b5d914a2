"""Every store in turn, or all of them at once."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.integration.contracts.stores import EVERY_STORE, KEYS, STORES, Store, side_by_side, store_over, surroundings

from quantleap.composition import compose


@pytest.fixture(params=EVERY_STORE)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """One store, empty."""
    if request.param == "moto" and "more_than_a_page" in request.node.originalname:
        pytest.skip("moto copies every table for each transaction: what is long takes it for ever")
    if request.param == "moto" and "at_once_that_exclude" in request.node.originalname:
        pytest.skip("moto lets two transactions win that exclude each other")
    with surroundings(request.param), compose(STORES[request.param](tmp_path), keys=KEYS) as app:
        yield store_over(app._engine)


@pytest.fixture(scope="session")
def all_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """Every store that is here; what a test writes in them stays."""
    with ExitStack() as stack:
        yield {
            name: store_over(
                stack.enter_context(compose(STORES[name](tmp_path_factory.mktemp(name)), keys=KEYS))._engine
            )
            for name in side_by_side()
        }
