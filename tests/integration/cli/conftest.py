"""The command line on a store of its own: empty, or with a small market in it."""

from pathlib import Path

import pytest
from tests.integration.cli.market import Cli, furnish

import quantleap


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """On an empty store."""
    empty = Cli.on_file(tmp_path / "store.db")
    quantleap.open(empty.store).close()
    return empty


@pytest.fixture
def missing(tmp_path: Path) -> Cli:
    """On a file that is not there yet."""
    return Cli.on_file(tmp_path / "missing.db")


@pytest.fixture
def subscriptions(cli: Cli) -> list[str]:
    """The ids of the market's three subscriptions, in the order of their users."""
    return furnish(cli.store)
