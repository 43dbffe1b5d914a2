"""Eight processes over one store never let more requests of a partner pass than its bucket allows. Nobody sleeps."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from attrs import frozen
from tests.integration.contracts.stores import KEYS, STORES
from tests.integration.dynamodb_local import needs_dynamodb_local

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Engine
from quantleap.composition import compose
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.partners.token_bucket import SECOND_NS

CHILD = Path(__file__).with_name("rate_limit_child.py")
PROCESSES = 8
NOW = 1_790_000_000 * SECOND_NS


class Children:
    """Processes that take tokens, all at once."""

    def __init__(self, started: Sequence["subprocess.Popen[str]"]) -> None:
        self._started = started

    @classmethod
    @contextmanager
    def of(cls, url: str) -> Iterator["Children"]:
        """Eight over that store; they end with the context."""
        with ExitStack() as stack:
            children = cls([stack.enter_context(_child(url)) for _ in range(PROCESSES)])
            assert children._said() == ["ready"] * PROCESSES
            yield children

    def take(self, partner: str, times: int, instants: Sequence[int], *, limit: int = 60) -> int:
        """Each takes so many tokens, by its own clock's instant: how many all of them got."""
        for child, now_ns in zip(self._started, instants, strict=True):
            told = {"partner": partner, "limit": limit, "now_ns": now_ns, "times": times}
            assert child.stdin is not None
            child.stdin.write(f"{json.dumps(told)}\n")
            child.stdin.flush()
        return sum(int(str(said)) for said in self._said())

    def _said(self) -> list[object]:
        said = []
        for child in self._started:
            assert child.stdout is not None
            said.append(json.loads(child.stdout.readline()))
        return said


@contextmanager
def _child(url: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, str(CHILD), url, str(KEYS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0


@frozen
class Shared:
    """A store, and the processes over it."""

    engine: Engine
    children: Children

    def writes(self, partner: str) -> object:
        """How often the partner's bucket was written."""
        bucket = self.engine.get(keys.rate_limit(PartnerId(partner, Mode.LIVE)), consistent=True)
        return None if bucket is None else bucket["version"]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("dynamodb", marks=needs_dynamodb_local)])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """Each test has partners of its own."""
    url = STORES[request.param](tmp_path_factory.mktemp("store"))
    with compose(url, keys=KEYS) as app, Children.of(url) as children:
        yield Shared(app._engine, children)


def test_no_more_pass_than_the_bucket_allows_and_no_fewer(shared: Shared) -> None:
    passed = 0
    for seconds, times, expected in ((0, 15, 60), (0, 2, 0), (3, 5, 3), (3.5, 2, 0), (63, 15, 60)):
        now = NOW + int(seconds * SECOND_NS)
        got = shared.children.take("zebu", times, [now] * PROCESSES)
        assert got == expected
        passed += got
        assert shared.writes("zebu") == passed, "a refused request writes nothing"


def test_clocks_that_are_up_to_seven_seconds_fast_let_at_most_seven_more_pass(shared: Shared) -> None:
    fast = [second * SECOND_NS for second in range(PROCESSES)]
    first = shared.children.take("kite", 20, [NOW + ahead for ahead in fast])
    assert 60 <= first <= 60 + 7
    later = shared.children.take("kite", 20, [NOW + 5 * SECOND_NS + ahead for ahead in fast])
    assert first + later <= 60 + 7 + 5


def test_a_limit_of_its_own_is_kept_by_all_of_them(shared: Shared) -> None:
    assert shared.children.take("yak", 2, [NOW] * PROCESSES, limit=7) == 7
    assert shared.children.take("yak", 2, [NOW + 61 * SECOND_NS] * PROCESSES, limit=7) == 7
