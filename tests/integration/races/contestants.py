"""Who races: threads over one application or several, or processes of several threads each."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from threading import Barrier
from typing import Any, Protocol

from attrs import asdict
from tests.integration.application.house import ADMIN, KITE, NOON, ZEBU, House, Impatience, sample_catalog
from tests.integration.contracts.stores import KEYS
from tests.integration.races.race import Ending, Race, Scene, perform

from quantleap.composition import Application, DrivenClock, World, compose

PROCESSES = 4
ROOT = Path(__file__).parents[3]
CHILD = "tests.integration.races.child"


class Contestants(Protocol):
    """Those of one store."""

    def race(self, race: Race, scene: Scene, cast: Sequence[str]) -> list[Ending]:
        """How each of them ended, in the cast's order; all of them began at one instant."""


def opened(url: str, *, keys: Path = KEYS, may_create: bool = True) -> House:
    """A house whose clock stands still, and whose names no other house gives."""
    clock = DrivenClock(NOON)
    return House(compose(url, world=World(clock=clock, waiting=Impatience()), keys=keys, may_create=may_create), clock)


def furnished(house: House) -> House:
    """The same with the sample catalog, and the partners zebu and kite."""
    house.app.authoring.load_catalog(ADMIN, sample_catalog(house.app))
    for partner_id in (ZEBU, KITE):
        house.app.partners.create(ADMIN, partner_id)
    return house


def lined_up(pool: ThreadPoolExecutor, plays: Sequence[Callable[[], Ending]]) -> Callable[[], list[Ending]]:
    """Each play waiting in a thread of its own; the answer lets all go at once, and gives their endings."""
    ready, start = Barrier(len(plays) + 1), Barrier(len(plays) + 1)

    def waiting(play: Callable[[], Ending]) -> Ending:
        ready.wait()
        start.wait()
        return play()

    futures = [pool.submit(waiting, play) for play in plays]
    ready.wait()

    def go() -> list[Ending]:
        start.wait()
        return [future.result() for future in futures]

    return go


class Threads:
    """Contestants in this process, over the applications in turn."""

    def __init__(
        self,
        *applications: Application,
        around: Callable[[int], AbstractContextManager[object]] = lambda _: nullcontext(),
    ) -> None:
        self._applications = applications
        self._around = around

    def race(self, race: Race, scene: Scene, cast: Sequence[str]) -> list[Ending]:
        """See `Contestants.race`."""
        with ThreadPoolExecutor(len(cast)) as pool:
            return self.lined_up(pool, race, scene, dict(enumerate(cast)))()

    def lined_up(
        self, pool: ThreadPoolExecutor, race: Race, scene: Scene, cast: dict[int, str]
    ) -> Callable[[], list[Ending]]:
        """The parts of the contestants of those numbers, waiting."""

        def playing(number: int, part: str) -> Callable[[], Ending]:
            def play() -> Ending:
                with self._around(number):
                    app = self._applications[number % len(self._applications)]
                    return perform(app, race, scene, part, number)

            return play

        return lined_up(pool, [playing(number, part) for number, part in cast.items()])


class Processes:
    """Contestants in processes of their own, told and heard by lines of JSON."""

    def __init__(self, children: Sequence["subprocess.Popen[str]"]) -> None:
        self._children = children

    @classmethod
    @contextmanager
    def started(cls) -> Iterator["Processes"]:
        """Some processes that have opened nothing yet; they end with the context."""
        with ExitStack() as stack:
            yield cls([stack.enter_context(_child()) for _ in range(PROCESSES)])

    def open(self, url: str) -> None:
        """Let each open the store in the place of the one before."""
        self._tell(*[{"open": url}] * PROCESSES)
        assert self._said() == ["opened"] * PROCESSES

    def race(self, race: Race, scene: Scene, cast: Sequence[str]) -> list[Ending]:
        """See `Contestants.race`."""
        numbered = list(enumerate(cast))
        each = len(cast) // PROCESSES
        self._tell(
            *(
                {"race": race.name, "scene": asdict(scene), "cast": numbered[start : start + each]}
                for start in range(0, len(cast), each)
            )
        )
        assert self._said() == ["ready"] * PROCESSES
        self._tell(*["go"] * PROCESSES)
        return [Ending(**ending) for endings in self._said() for ending in endings]

    def _tell(self, *messages: object) -> None:
        for child, message in zip(self._children, messages, strict=True):
            assert child.stdin is not None
            child.stdin.write(f"{json.dumps(message)}\n")
            child.stdin.flush()

    def _said(self) -> list[Any]:
        said = []
        for child in self._children:
            assert child.stdout is not None
            said.append(json.loads(child.stdout.readline()))
        return said


@contextmanager
def _child() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", CHILD]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0
