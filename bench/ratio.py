"""The harness: ours and a peer alternate in one run, and the ratio of their CPU times is judged."""

import gc
from collections.abc import Callable
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
    """Run the contest, gc on over a populated heap. Who begins changes from round to round."""
    heap = [[number] for number in range(HEAP_OBJECTS)]
    ours: list[float] = []
    peers: list[float] = []
    sides = [(contest.ours, ours), (contest.peer, peers)]
    for call, _ in sides:  # the first call fills caches
        call()
    gc.collect()
    for _ in range(ROUNDS):
        for call, times in sides:
            times.append(_us_a_call(call, contest.calls))
        sides.reverse()
    heap.clear()
    ratios = [peer / our for our, peer in zip(ours, peers, strict=True)]
    return Verdict(Sample.of(ours), Sample.of(peers), Sample.of(ratios))


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
    collector = "on" if gc.isenabled() else "off"
    print(f"  gc {collector}, {HEAP_OBJECTS:,} objects alive, {ROUNDS} rounds, CPU by process_time")
    _print_row("ours", verdict.ours_us, "us")
    _print_row(contest.peer_name, verdict.peer_us, "us")
    _print_row("ratio", verdict.ratio, "x ")
    print(f"  at least {contest.at_least} x: {'met' if met else 'MISSED'}")
    return met


def _print_row(name: str, sample: Sample, unit: str) -> None:
    print(f"  {name:<14}{sample.median:9.2f} {unit}  ({sample.low:.2f} to {sample.high:.2f})")
