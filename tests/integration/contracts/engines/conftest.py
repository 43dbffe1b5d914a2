"""The engines the contract is put to: a new one is one line of `ENGINES`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import Engine

ENGINES: dict[str, Callable[[Path], Engine]] = {
    "memory": lambda _: MemoryEngine(),
    "sqlite": lambda folder: SqliteEngine(folder / "store.db"),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """One engine, prepared and empty."""
    with closing(ENGINES[request.param](tmp_path)) as made:
        made.prepare()
        yield made


@pytest.fixture(scope="session")
def all_engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """Every engine, prepared; what a test writes in them stays."""
    with ExitStack() as stack:
        engines = {
            name: stack.enter_context(closing(make(tmp_path_factory.mktemp(name)))) for name, make in ENGINES.items()
        }
        for made in engines.values():
            made.prepare()
        yield engines
