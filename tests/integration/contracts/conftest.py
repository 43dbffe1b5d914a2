"""Every store in turn, or all of them at once."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.integration.contracts.stores import STORES, Store, store_over

from quantleap.composition import compose


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """One store, empty."""
    with compose(STORES[request.param](tmp_path)) as app:
        yield store_over(app._engine)


@pytest.fixture(scope="session")
def all_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """Every store; what a test writes in them stays."""
    with ExitStack() as stack:
        yield {
            name: store_over(stack.enter_context(compose(url(tmp_path_factory.mktemp(name))))._engine)
            for name, url in STORES.items()
        }
