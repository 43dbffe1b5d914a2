"""Random lineages of shards: items are spread over them, they are replaced and split, and batches read in between."""

from collections import defaultdict
from typing import TypeAlias

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.adapters.fake_stream import MOST_EMPTY_ANSWERS, FakeStream, numbers, read

from quantleap.adapters.store.seam import Change
from quantleap.ports.errors import FeedTrimmedError


@frozen
class _Write:
    item: int


@frozen
class _Replace:
    """The shard of an item closes; its items go on in one child, or in two."""

    item: int
    halves: bool


@frozen
class _Read:
    limit: int


@frozen
class _Trim:
    """A day goes by."""


_Step: TypeAlias = _Write | _Replace | _Read | _Trim

_ITEMS = st.integers(0, 5)
_WRITES = st.builds(_Write, _ITEMS)
_STEPS: st.SearchStrategy[_Step] = (
    _WRITES | _WRITES | st.builds(_Replace, _ITEMS, st.booleans()) | st.builds(_Read, st.integers(1, 4))
)


class _World:
    """A table whose items are written, the stream of it, and what was read."""

    def __init__(self, names: list[str], gaps: list[int], roots: int) -> None:
        self.fake = FakeStream()
        self.written: dict[str, list[int]] = defaultdict(list)
        self.seen: list[Change] = []
        self.position: str | None = None
        self._names = iter(names)
        self._gaps = gaps
        self._shard_of: dict[int, str] = {}
        opened = [self._opened(None) for _ in range(roots)]
        for item in range(6):
            self._shard_of[item] = opened[item % roots]

    def do(self, step: _Step) -> None:
        match step:
            case _Write(item):
                made = self.written[str(item)]
                made.append(len(made) + 1)
                self.fake.write(self._shard_of[item], str(item), len(made) - 1 or None, len(made))
            case _Replace(item, halves):
                self._replace(self._shard_of[item], halves=halves)
            case _Read(limit):
                self.read(limit)
            case _Trim():
                self.fake.trim()

    def read(self, limit: int) -> bool:
        batch = read(self.fake, self.position, limit)
        assert len(batch.changes) <= limit
        self.seen += batch.changes
        self.position = batch.position
        return batch.is_last

    def read_all(self, limit: int) -> None:
        while not self.read(limit):
            pass

    def read_of(self, item: str) -> list[int]:
        return numbers([made for made in self.seen if made.key.partition == item])

    def _replace(self, old: str, *, halves: bool) -> None:
        self.fake.close_shard(old)
        items = [item for item, shard in self._shard_of.items() if shard == old]
        children = [self._opened(old) for _ in range(2 if halves else 1)]
        for number, item in enumerate(items):
            self._shard_of[item] = children[number % len(children)]

    def _opened(self, parent: str | None) -> str:
        name = next(self._names)
        self.fake.open_shard(name, parent, self._gaps[len(self.fake.shards) % len(self._gaps)])
        return name


_WORLDS = st.builds(
    _World,
    names=st.permutations([f"shard-{number:03}" for number in range(100)]),
    gaps=st.lists(st.integers(0, MOST_EMPTY_ANSWERS), min_size=1, max_size=5),
    roots=st.integers(1, 3),
)
_LIMITS = st.integers(1, 4)


@given(world=_WORLDS, steps=st.lists(_STEPS, max_size=40), limit=_LIMITS)
def test_batch_by_batch_each_change_is_read_once_and_in_order_of_its_item(
    world: _World, steps: list[_Step], limit: int
) -> None:
    for step in steps:
        world.do(step)

    world.read_all(limit)

    assert {item: world.read_of(item) for item in world.written} == dict(world.written)
    assert len(world.seen) == sum(map(len, world.written.values()))


@given(
    world=_WORLDS,
    before=st.lists(_STEPS, max_size=10),
    steps=st.lists(_STEPS | st.just(_Trim()), max_size=30),
    limit=_LIMITS,
)
def test_what_is_trimmed_unread_is_never_passed_over_in_silence(
    world: _World, before: list[_Step], steps: list[_Step], limit: int
) -> None:
    for step in before:
        world.do(step)
    world.read_all(limit)
    try:
        for step in steps:
            world.do(step)
        world.read_all(limit)
    except FeedTrimmedError:
        return

    assert {item: world.read_of(item) for item in world.written} == dict(world.written)
