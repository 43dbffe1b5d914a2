"""Sixteen at once on real engines: what must happen once happens once, and whoever loses is told why by name."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from attrs import frozen
from moto import mock_aws
from tests.integration.application.house import House
from tests.integration.contracts.stores import STORES
from tests.integration.dynamodb_local import needs_dynamodb_local
from tests.integration.races.check_then_write import CheckThenWriteEngine, Meetings
from tests.integration.races.conftest import REMARKS
from tests.integration.races.contestants import Contestants, Processes, Threads, furnished, opened
from tests.integration.races.driver import run
from tests.integration.races.race import CONTESTANTS
from tests.integration.races.table_of_races import CHAPTERS, RACES

from quantleap import composition
from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.adapters.store.engines.memory import MemoryEngine

IS_DEEP = os.environ.get("QUANTLEAP_DEEP") == "1"
DEEP_ROUNDS = 200


@frozen
class Ground:
    """A store, who races over it, and for how many rounds where the long form is not asked for."""

    store: str
    short_rounds: int
    applications: int = 1
    in_processes: bool = False


GROUNDS: Mapping[str, Ground] = {
    "memory": Ground("memory", 5),
    "sqlite": Ground("sqlite", 3),
    "sqlite in processes": Ground("sqlite", 3, in_processes=True),
    "dynamodb": Ground("dynamodb", 1),
    "dynamodb by several applications": Ground("dynamodb", 1, applications=4),
}
_GROUNDS = [
    pytest.param(ground, id=name, marks=needs_dynamodb_local if ground.store == "dynamodb" else ())
    for name, ground in GROUNDS.items()
]

UNMOVED = {"issue a key", "revoke a key"}
"""Races that no condition decides: new keys never meet, and a key revoked twice is as revoked as once."""

MOTO_RACES = [race for race in RACES.values() if race not in CHAPTERS["counting"]]
"""It has no stream to count from."""


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    """Processes whose threads are contestants."""
    with Processes.started() as started:
        yield started


def contestants_of(ground: Ground, houses: Sequence[House], url: str, request: pytest.FixtureRequest) -> Contestants:
    """Whoever races there."""
    if not ground.in_processes:
        return Threads(*(house.app for house in houses))
    processes: Processes = request.getfixturevalue("processes")
    processes.open(url)
    return processes


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("ground", _GROUNDS)
def test_what_many_begin_at_one_instant_keeps_every_promise(
    ground: Ground, chapter: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url, rounds = STORES[ground.store](tmp_path), DEEP_ROUNDS if IS_DEEP else ground.short_rounds
    with ExitStack() as stack:
        houses = [opened(url) for _ in range(ground.applications)]
        for house in houses:
            stack.enter_context(house.app)
        contestants = contestants_of(ground, [furnished(houses[0]), *houses[1:]], url, request)
        tally = run(CHAPTERS[chapter], houses[0], contestants, rounds)
    assert tally.broken == []


def test_an_engine_that_checks_and_then_writes_breaks_a_promise_of_every_race_that_a_condition_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken: dict[str, list[str]] = {}
    for race in RACES.values():
        meetings = Meetings.of(CONTESTANTS)
        engine = CheckThenWriteEngine(MemoryEngine(), meetings)
        monkeypatch.setattr(composition, "open_store", lambda _, engine=engine, **__: (engine, KeysInMemory()))
        house = opened("memory://")
        with house.app:
            tally = run([race], furnished(house), Threads(house.app, around=meetings.attended), 1)
        broken[race.name] = tally.broken_in(race)
    assert {name for name, promises in broken.items() if promises} == RACES.keys() - UNMOVED, broken


def test_what_moto_does_in_the_same_races_is_told(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    races = MOTO_RACES if IS_DEEP else CHAPTERS["subscribing"]
    told = []
    for race in races:
        with mock_aws():  # anew: moto copies all it has at every transaction
            house = opened(STORES["moto"](tmp_path))
            with house.app:
                tally = run([race], furnished(house), Threads(house.app), 1)
        assert len(tally.answered[race.name]) == 1
        if tally.broken_in(race):
            told.append(f"{race.name}: {sum(tally.answered[race.name])}")
    request.config.stash[REMARKS].append(
        f"moto breaks {len(told)} of {len(races)} races, and answers so many of {CONTESTANTS}: {'; '.join(told)}"
    )
