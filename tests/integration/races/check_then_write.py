"""An engine that keeps no promise of concurrency: the control of the races."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError, local
from typing import TypeAlias

from msgspec.structs import replace
from tests.integration.contracts.doubles import WatchedEngine

from quantleap.adapters.store.engines.evaluation import holds
from quantleap.adapters.store.engines.valid_writes import target
from quantleap.adapters.store.seam import (
    Check,
    Delete,
    Engine,
    Item,
    Put,
    Refusal,
    Update,
    Write,
    WriteRefusedError,
)

_Changing: TypeAlias = Put | Update | Delete
_TOO_LONG_S = 10


class Meetings(local):
    """Where all contestants wait for each other: twice each, in their first write, or at their end without one."""

    def __init__(self, barriers: Sequence[Barrier]) -> None:
        self.number = 0
        self._barriers = barriers
        self._due: list[Barrier] = []

    @classmethod
    def of(cls, contestants: int) -> "Meetings":
        """Those of so many."""
        return cls((Barrier(contestants), Barrier(contestants)))

    @contextmanager
    def attended(self, number: int) -> Iterator[None]:
        """That contestant, in its own thread, meets the others twice at the latest when it ends."""
        self.number, self._due = number, list(self._barriers)
        try:
            yield
        finally:
            while self._due:
                self.meet()

    def meet(self) -> None:
        """Wait for the others, where a meeting is still to come."""
        if self._due:
            with suppress(BrokenBarrierError):  # somebody never came: go on without
                self._due.pop(0).wait(_TOO_LONG_S)


class CheckThenWriteEngine(WatchedEngine):
    """It asks the conditions of what it reads, and then writes without any, one item after another.

    Contestants meet between the check and the first item, and again before the other items, which half of them write
    in the opposite order.
    """

    def __init__(self, inside: Engine, meetings: Meetings) -> None:
        super().__init__(inside)
        self._meetings = meetings

    def write(self, write: _Changing) -> Item | None:
        """See `Engine.write`, of which it keeps nothing."""
        self._check([write])
        self._meetings.meet()
        after = self.inside.write(replace(write, condition=None))
        self._meetings.meet()
        return after

    def transact(self, writes: Sequence[Write]) -> None:
        """See `Engine.transact`, of which it keeps nothing."""
        self._check(writes)
        self._meetings.meet()
        changing = [replace(write, condition=None) for write in writes if not isinstance(write, Check)]
        first, *others = reversed(changing) if self._meetings.number % 2 else changing
        self.inside.write(first)
        self._meetings.meet()
        for other in others:
            self.inside.write(other)

    def _check(self, writes: Sequence[Write]) -> None:
        refusals = []
        for number, write in enumerate(writes):
            item = self.inside.get(target(write), consistent=True)
            if write.condition is not None and not holds(write.condition, item):
                refusals.append(Refusal(number, item))
        if refusals:
            raise WriteRefusedError(refusals)
