"""Sixteen who claim one store at once with four different sets of keys: it is claimed with one of them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.integration.application.house import House
from tests.integration.contracts.stores import STORES
from tests.integration.dynamodb_local import needs_dynamodb_local
from tests.integration.races.check_then_write import CheckThenWriteEngine, Meetings
from tests.integration.races.contestants import Threads, opened
from tests.integration.races.driver import Tally, run
from tests.integration.races.race import CONTESTANTS, Answers, Ending, Part, Race, Scene, answered

from quantleap import composition
from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.adapters.store import keys
from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.seam import Delete, Engine
from quantleap.composition import Application
from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.ports.errors import MisconfiguredError

OWNERS = 4
ROUNDS = 5


def _unclaimed(house: House, scene: Scene) -> Scene:
    house.app._engine.write(Delete(keys.CLAIM))
    return scene


def _claim(app: Application, _: Scene, number: int) -> str:
    app.claiming.claim()
    return f"the keys of {number % OWNERS}"


def _claimed_with_one(_: House, __: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    owners = set(answered(endings))
    if len(owners) != 1:
        yield f"it is claimed with {', '.join(sorted(owners))}"


CLAIM = Race(
    name="claim a store",
    prepare=_unclaimed,
    parts={"claim": Part(_claim, (ConcurrentUpdateError, MisconfiguredError))},
    answers=(Answers(("claim",), CONTESTANTS // OWNERS, CONTESTANTS // OWNERS),),
    kept=_claimed_with_one,
)


def claimed_over(engine: Engine, meetings: Meetings | None, monkeypatch: pytest.MonkeyPatch) -> Tally:
    """What comes of it where every application has keys of its own."""
    monkeypatch.setattr(composition, "open_store", lambda _, **__: (engine, KeysInMemory()))
    houses = [opened("memory://") for _ in range(OWNERS)]
    applications = [house.app for house in houses]
    contestants = Threads(*applications) if meetings is None else Threads(*applications, around=meetings.attended)
    return run([CLAIM], houses[0], contestants, ROUNDS)


def test_in_memory_one_set_of_keys_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert claimed_over(MemoryEngine(), None, monkeypatch).broken_in(CLAIM) == []


def test_an_engine_that_checks_and_then_writes_lets_all_of_them_claim_it(monkeypatch: pytest.MonkeyPatch) -> None:
    meetings = Meetings.of(CONTESTANTS)
    tally = claimed_over(CheckThenWriteEngine(MemoryEngine(), meetings), meetings, monkeypatch)
    assert tally.answered[CLAIM.name] == [CONTESTANTS] * ROUNDS


@needs_dynamodb_local
def test_in_dynamodb_one_set_of_keys_is_kept(tmp_path: Path) -> None:
    url = STORES["dynamodb"](tmp_path)
    with ExitStack() as stack:
        houses = [opened(url, keys=tmp_path / f"{number}.keys") for number in range(OWNERS)]
        for house in houses:
            stack.enter_context(house.app)
        tally = run([CLAIM], houses[0], Threads(*(house.app for house in houses)), ROUNDS)
    assert tally.broken_in(CLAIM) == []  # and whoever has other keys finds so by verifying
