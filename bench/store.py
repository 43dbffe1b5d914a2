"""The record store: what an operation costs the client, beside its peers and on each engine.

Needs Amazon's DynamoDB Local, which it starts by itself: `python -m tools.dynamodb_local` fetches it once.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from attrs import frozen
from tests.integration.dynamodb_local import REGION, endpoint, use_dummy_credentials, why_left_out

from bench.machine import machine
from bench.ratio import ROUNDS, Contest, Sample, alternate, holds, print_conditions, print_row
from bench.store_boto3 import Boto3Operations
from bench.store_commits import commits_fast_enough
from bench.store_operations import PAGE, TABLE, EngineOperations, Operations, check
from bench.store_pynamodb import PynamoOperations
from bench.store_rows import ROWS, decodes_faster, report_whole_path, small_enough
from bench.store_sample import Subscribed, load, many_subscribed
from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import Engine

AT_LEAST_BOTO3 = 1 / 1.1
AT_LEAST_PYNAMODB = 1 / 0.9

_LOADED = 200
_TRANSACTIONS = 12


@frozen
class _Timed:
    """One operation, and how often it is called in a round."""

    title: str
    of: Callable[[Operations], Callable[[], object]]
    calls: int


_TIMED = (
    _Timed("get a subscription", lambda operations: operations.get, 10),
    _Timed(f"query a page of {PAGE} by index", lambda operations: operations.page, 4),
    _Timed("a conditional update", lambda operations: operations.update, 10),
    _Timed("a transaction of 4", lambda operations: operations.transact, _TRANSACTIONS),
)

_Peer: TypeAlias = Callable[[str, str, Subscribed, Sequence[Subscribed]], Operations]


def costs_no_more(engine: Engine, name: str, peer: _Peer, at_least: float) -> bool:
    """The four operations against a peer, on one table, each side with a subscription of its own to charge."""
    ours_own, ours_new = _belongings(engine, f"ours{name}")
    peer_own, peer_new = _belongings(engine, f"peer{name}")
    ours = EngineOperations(engine, ours_own, ours_new)
    peers = peer(REGION, endpoint(), peer_own, peer_new)
    check(ours, engine, ours_own, ours_new[0])
    check(peers, engine, peer_own, peer_new[0])
    met = [
        holds(Contest(f"{timed.title}, DynamoDB", name, timed.of(ours), timed.of(peers), timed.calls, at_least))
        for timed in _TIMED
    ]
    return all(met)


def report_side_by_side(engines: Mapping[str, Engine]) -> None:
    """The same operations on each engine. No bound: they promise different things for it."""
    operations = {name: EngineOperations(engine, *_belongings(engine, name)) for name, engine in engines.items()}
    print("the operations on each engine, this process alone: neither the server's CPU nor any waiting")
    print_conditions()
    for timed in _TIMED:
        print(timed.title)
        sides = [timed.of(by_engine) for by_engine in operations.values()]
        for name, figures in zip(operations, alternate(sides, timed.calls), strict=True):
            print_row(name, Sample.of(figures))


def _belongings(engine: Engine, name: str) -> tuple[Subscribed, list[Subscribed]]:
    """For one side alone: a subscription that is there, and those it makes: to be checked, to warm up, to be timed."""
    own, *new = many_subscribed(name, 1 + 2 + ROUNDS * _TRANSACTIONS)
    load(engine, [own.subscription])
    return own, new


def measure() -> bool:
    """Whether every bound is met; each is measured and printed whatever the others say."""
    if reason := why_left_out():
        sys.exit(reason)
    use_dummy_credentials()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="quantleap-bench-")))
        engines: dict[str, Engine] = {
            "memory": MemoryEngine(),
            "sqlite": SqliteEngine(folder / "store.db"),
            "dynamodb": DynamoDbEngine(TABLE, region=REGION, endpoint=endpoint()),
        }
        for engine in engines.values():
            stack.enter_context(closing(engine))
            engine.prepare()
            load(engine, [new.subscription for new in many_subscribed("loaded", _LOADED)])
        dynamodb = engines["dynamodb"]
        met = [
            small_enough(),
            decodes_faster(REGION),
            costs_no_more(dynamodb, "boto3", Boto3Operations, AT_LEAST_BOTO3),
            costs_no_more(dynamodb, "pynamodb", PynamoOperations, AT_LEAST_PYNAMODB),
            commits_fast_enough(folder),
        ]
        report_side_by_side(engines)
        load(dynamodb, [new.subscription for new in many_subscribed("row", ROWS)])
        report_whole_path(dynamodb)
    return all(met)


def main() -> int:
    """Print the machine and the verdicts; 1 when one is missed."""
    print(machine())
    return 0 if measure() else 1


if __name__ == "__main__":
    raise SystemExit(main())
