"""What a Lambda function costs to start and to answer its first request, beside the floor and a framework.

Each side is a new process, measured by its CPU time from its start: the whole of Python, of the imports and of one
request to DynamoDB Local, which `python -m tools.dynamodb_local` fetches once. The floor is what anybody pays who asks
DynamoDB for one item by boto3 as it is installed. Ours, and the framework, get botocore as a function's bundle holds
it, with the data of four services (`tools/trim_botocore.py`).
"""

import compileall
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen
from tests.integration.api.cold_functions import Asked, Table, run, told
from tests.integration.dynamodb_local import why_left_out
from tools.trim_botocore import trim

from bench.machine import machine
from bench.ratio import Sample, print_row

ROUNDS = 15
AT_MOST_FLOOR = 1.15
LISTED = 10
FLOOR, FRAMEWORK = "bench.cold_floor", "bench.cold_framework"

CpuMs = Callable[[int], float]
"""Milliseconds of one new process, in the round of that number."""


@frozen
class Starts:
    """Processes over one table, with and without a botocore of few services."""

    table: Table
    trimmed: Path

    def floor(self, _: int) -> float:
        """boto3 as it is installed: a client and one item."""
        return self._cpu_ms(FLOOR, [{}], self.table.environment)

    def framework(self, _: int) -> float:
        """FastAPI behind Mangum: one item."""
        return self._cpu_ms(FRAMEWORK, [self.table.first_requests(0)[0].event], self.bundled)

    def ours(self, number: int) -> CpuMs:
        """A function and the first request of that number."""

        def start(round_: int) -> float:
            asked = self.table.first_requests(round_)[number]
            return self._cpu_ms(module_of(asked), [asked.event], self.bundled)

        return start

    @property
    def bundled(self) -> Mapping[str, str]:
        """The environment of what finds botocore as in a bundle."""
        return {**self.table.environment, "PYTHONPATH": os.pathsep.join([str(self.trimmed), os.getcwd()])}

    def _cpu_ms(self, module: str, events: list[dict[str, object]], environment: Mapping[str, str]) -> float:
        found = told(run(module, events, {"PYTHONPATH": os.getcwd(), **environment}))
        assert found["statuses"] == [200], found["statuses"]
        milliseconds: float = found["cpu_s"] * 1000
        return milliseconds


def module_of(asked: Asked) -> str:
    """Where its handler is."""
    return f"quantleap.entrypoints.lambdas.{asked.module}"


def costs_no_more(starts: Starts) -> bool:
    """Every side in turn, round after round, and what is asked of each of ours."""
    names = [asked.name for asked in starts.table.first_requests(0)]
    sides: dict[str, CpuMs] = {"floor": starts.floor, "FastAPI, Mangum": starts.framework}
    sides |= {name: starts.ours(number) for number, name in enumerate(names)}
    figures: dict[str, list[float]] = {name: [] for name in sides}
    for round_ in range(ROUNDS + 1):
        for name, start in sides.items():
            figures[name].append(start(round_))
    for taken in figures.values():
        del taken[0]  # the first compiles what was edited since
    print(f"a function's start and first request, {ROUNDS} rounds, CPU of the whole process")
    for name, taken in figures.items():
        print_row(name, Sample.of(taken), "ms")
    met = [_judged(name, figures) for name in names]
    return all(met)


def _judged(name: str, figures: Mapping[str, list[float]]) -> bool:
    of_floor, of_framework = (_ratio(figures[name], figures[peer]) for peer in ("floor", "FastAPI, Mangum"))
    met = of_floor.median <= AT_MOST_FLOOR and of_framework.median < 1
    print(
        f"  {name}: {of_floor.median:.3f} x the floor (at most {AT_MOST_FLOOR}), "
        f"{of_framework.median:.3f} x FastAPI and Mangum (below 1): {'met' if met else 'MISSED'}"
    )
    return met


def _ratio(ours: list[float], peers: list[float]) -> Sample:
    return Sample.of([our / peer for our, peer in zip(ours, peers, strict=True)])


def list_imports(starts: Starts) -> None:
    """The dearest of a GET's imports, each without those that it imports itself: the least of several runs."""
    asked = starts.table.first_requests(0)[0]
    least: dict[str, int] = {}
    for _ in range(5):
        ran = run(module_of(asked), [asked.event], starts.bundled, options=["-X", "importtime"])
        for line in ran.stderr.splitlines():
            own, _, name = line.removeprefix("import time:").split("|")
            if own.strip().isdecimal():
                least[name.strip()] = min(int(own), least.get(name.strip(), int(own)))
    print(f"the {LISTED} dearest imports of a {asked.name}, microseconds")
    for name in sorted(least, key=least.__getitem__, reverse=True)[:LISTED]:
        print(f"  {least[name]:>7}  {name}")


def measure() -> bool:
    """Start them all, and say whether ours are cheap enough."""
    if (left_out := why_left_out()) is not None:
        print(f"cold start: {left_out}")
        return False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a bundle has its bytecode
    with TemporaryDirectory() as folder:
        trimmed = Path(folder) / "bundle"
        trim(trimmed)
        compileall.compile_dir(trimmed, quiet=1)
        starts = Starts(Table.furnished("ColdStart", Path(folder), ROUNDS + 1), trimmed)
        list_imports(starts)
        return costs_no_more(starts)


def main() -> int:
    """Print the machine and the verdict."""
    print(machine())
    return 0 if measure() else 1


if __name__ == "__main__":
    raise SystemExit(main())
