"""Sixteen at once on real engines: what must happen once happens once, and whoever loses is told why by name."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter

import pytest
from attrs import frozen
from moto import mock_aws
from tests.integration.application.house import ADMIN, KITE, NOON, ZEBU, House, sample_catalog
from tests.integration.contracts.stores import STORES
from tests.integration.dynamodb_local import needs_dynamodb_local
from tests.integration.races.check_then_write import CheckThenWriteEngine, meetings
from tests.integration.races.conftest import REMARKS
from tests.integration.races.contestants import Contestants, Processes, Threads, opened
from tests.integration.races.driver import run
from tests.integration.races.race import CONTESTANTS
from tests.integration.races.table_of_races import CHAPTERS, RACES

from quantleap import composition
from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.seam import Engine
from quantleap.composition import Application, DrivenClock
from quantleap.ports.secrets import Secrets

IS_DEEP = os.environ.get("QUANTLEAP_DEEP") == "1"
DEEP_ROUNDS = 200


@frozen
class Ground:
    """A store, who races over it, and for how many rounds where there is little time."""

    store: str
    short_rounds: int
    applications: int = 1
    in_processes: bool = False

    @property
    def rounds(self) -> int:
        """As many as there is time for."""
        return DEEP_ROUNDS if IS_DEEP else self.short_rounds


GROUNDS: Mapping[str, Ground] = {
    "memory": Ground("memory", 10),
    "sqlite": Ground("sqlite", 5),
    "sqlite in processes": Ground("sqlite", 5, in_processes=True),
    "dynamodb": Ground("dynamodb", 1),
    "dynamodb by several applications": Ground("dynamodb", 1, applications=4),
}

UNMOVED = {"issue a key", "revoke a key"}
"""Races that no condition decides: new keys never meet, and revoking twice is the same as once."""


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    """Processes whose threads are contestants."""
    with Processes.started() as started:
        yield started


def furnished(app: Application) -> House:
    """The sample catalog, and the partners zebu and kite."""
    app.authoring.load_catalog(ADMIN, sample_catalog(app))
    for partner_id in (ZEBU, KITE):
        app.partners.create(ADMIN, partner_id)
    return House(app, DrivenClock(NOON))


@pytest.fixture(
    params=[pytest.param(name, marks=needs_dynamodb_local if "dynamodb" in name else ()) for name in GROUNDS]
)
def ground(request: pytest.FixtureRequest) -> Ground:
    """Each in turn."""
    return GROUNDS[request.param]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_whatever_is_begun_by_many_at_one_instant_keeps_every_promise(
    chapter: str,
    ground: Ground,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    url = STORES[ground.store](tmp_path)
    with ExitStack() as stack:
        applications = [stack.enter_context(opened(url)) for _ in range(ground.applications)]
        house = furnished(applications[0])
        contestants: Contestants = Threads(*applications)
        if ground.in_processes:
            contestants = request.getfixturevalue("processes")
            contestants.open(url)
        began_s = perf_counter()
        tally = run(CHAPTERS[chapter], house, contestants, ground.rounds)
        record_property("rounds_a_second", ground.rounds / (perf_counter() - began_s))
        assert tally.broken == []


@contextmanager
def checking_then_writing(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[House, Contestants]]:
    """A marketplace over the control, and contestants who meet in it."""
    meeting = meetings(CONTESTANTS)
    engine = CheckThenWriteEngine(MemoryEngine(), meeting)

    def store(_: str, *, keys: Path | None, may_create: bool) -> tuple[Engine, Secrets]:
        return engine, KeysInMemory()

    monkeypatch.setattr(composition, "open_store", store)
    with opened("memory://") as app:
        yield furnished(app), Threads(app, around=meeting.attended)


def test_an_engine_that_checks_and_then_writes_breaks_a_promise_of_every_race_that_a_condition_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = {}
    for name, race in RACES.items():
        with checking_then_writing(monkeypatch) as (house, contestants):
            broken[name] = {each.promise for each in run([race], house, contestants, 1).broken if each.race == name}
    assert {name for name, promises in broken.items() if promises} == RACES.keys() - UNMOVED, broken


def test_what_moto_does_in_the_same_races_is_told(
    tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    told = []
    for race in RACES.values():
        with mock_aws(), opened(STORES["moto"](tmp_path)) as app:
            tally = run([race], furnished(app), Threads(app), 1)
        if any(each.race == race.name for each in tally.broken):
            told.append(f"{race.name} ({sum(tally.answered[race.name])} of {CONTESTANTS})")
    record_property("moto", told)
    request.config.stash[REMARKS].append(f"moto breaks {len(told)} of {len(RACES)} races (answered): {', '.join(told)}")
