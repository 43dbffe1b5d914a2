"""The harness: ours and a peer alternate in one run, and the ratio of their CPU times is judged."""

import gc
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from time import process_time

from attrs import frozen

ROUNDS = 25
HEAP_OBJECTS = 200_000


@frozen
class Contest:
    """The same work done by us and by a peer, `calls` times a round. We must be `at_least` times as fast."""

    title: str
    peer_name: str
    ours: Callable[[], object]
    peer: Callable[[], object]
    calls: int
    at_least: float


@frozen
class Sample:
    """Figures of many rounds: the median, and the quartiles as its spread."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: list[float]) -> "Sample":
        """The sample of at least two figures."""
        low, _, high = quantiles(figures, n=4)
        return cls(median(figures), low, high)


@frozen
class Verdict:
    """Microseconds of CPU a call, ours and the peer's, and how many times as fast we are."""

    ours_us: Sample
    peer_us: Sample
    ratio: Sample


def contend(contest: Contest) -> Verdict:
    """Run the contest."""
    ours, peers = alternate((contest.ours, contest.peer), contest.calls)
    ratios = [peer / our for our, peer in zip(ours, peers, strict=True)]
    return Verdict(Sample.of(ours), Sample.of(peers), Sample.of(ratios))


def alternate(sides: Sequence[Callable[[], object]], calls: int) -> list[list[float]]:
    """Microseconds of CPU a call: of each side, those of every round.

    The collector is as it was over a populated heap. The order of the sides changes from round to round.
    """
    heap = [[number] for number in range(HEAP_OBJECTS)]
    figures: list[list[float]] = [[] for _ in sides]
    turns = list(zip(sides, figures, strict=True))
    for call, _ in turns:  # the first call fills caches
        call()
    gc.collect()
    for _ in range(ROUNDS):
        for call, times in turns:
            times.append(_us_a_call(call, calls))
        turns.reverse()
    heap.clear()
    return figures


def _us_a_call(call: Callable[[], object], calls: int) -> float:
    begun = process_time()
    for _ in range(calls):
        call()
    return (process_time() - begun) / calls * 1e6


def holds(contest: Contest) -> bool:
    """Run the contest, print both sides and the ratio, and say whether it is met."""
    verdict = contend(contest)
    met = verdict.ratio.median >= contest.at_least
    print(contest.title)
    print_conditions()
    print_row("ours", verdict.ours_us)
    print_row(contest.peer_name, verdict.peer_us)
    print_row("ratio", verdict.ratio, "x ")
    most = f", so at most {1 / contest.at_least:.3g} x its CPU"
    print(f"  at least {contest.at_least:.3g} x as fast{most}: {'met' if met else 'MISSED'}")
    return met


def print_conditions() -> None:
    """Under what the figures that follow were taken."""
    collector = "on" if gc.isenabled() else "off"
    print(f"  gc {collector}, {HEAP_OBJECTS:,} objects alive, {ROUNDS} rounds, CPU by process_time")


def print_row(name: str, sample: Sample, unit: str = "us") -> None:
    """One line: the median and its spread."""
    print(f"  {name:<14}{sample.median:9.2f} {unit}  ({sample.low:.2f} to {sample.high:.2f})")
