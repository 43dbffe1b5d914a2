"""A store whose requests are recorded, each as the access pattern it is, under the use case that sent it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field
from tests.integration.application.house import House
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.described_table import key_of, query_of, request_at

from quantleap import composition
from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.seam import (
    ChangeBatch,
    Delete,
    Engine,
    Item,
    Key,
    Page,
    Position,
    Put,
    Query,
    Update,
    Write,
)
from quantleap.composition import Application, stores
from quantleap.composition.use_case import UseCase
from quantleap.ports.secrets import Secrets


@define
class Call:
    """A use case that was called (`subscriptions.pause` is `app.subscriptions.pause`), and what it asked for."""

    use_case: str
    asked: list[AccessPattern] = field(factory=list)


@define
class Record:
    """Every call, in order; the first holds what was asked before any."""

    calls: list[Call] = field(factory=lambda: [Call("nobody")])
    _under_way: list[Call] = field(factory=list)

    @contextmanager
    def of(self, use_case: str) -> Iterator[None]:
        """That one asks from now on; where another one called it, that one again afterwards."""
        call = Call(use_case)
        self.calls.append(call)
        self._under_way.append(call)
        try:
            yield
        finally:
            self._under_way.pop()

    def note(self, pattern: AccessPattern) -> None:
        """The call under way asks; where none is, the last one, of which something is still read."""
        (self._under_way or self.calls)[-1].asked.append(pattern)


class RecordedEngine:
    """See `quantleap.adapters.store.seam.Engine`. All is done by the engine inside."""

    def __init__(self, inside: Engine, record: Record) -> None:
        self._inside = inside
        self._record = record

    def prepare(self, tell: Callable[[str], None] | None = None) -> None:
        """See `Engine.prepare`."""
        self._inside.prepare(tell)

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        """See `Engine.get`."""
        self._record.note(request_at(Operation.GET, [key], consistent=consistent))
        return self._inside.get(key, consistent=consistent)

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
        """See `Engine.get_many`."""
        self._record.note(request_at(Operation.BATCH_GET, keys, consistent=consistent))
        return self._inside.get_many(keys, consistent=consistent)

    def query(self, query: Query) -> Page:
        """See `Engine.query`."""
        self._record.note(query_of(query))
        return self._inside.query(query)

    def scan(self, after: Position | None = None, *, limit: int = 1000) -> Page:
        """See `Engine.scan`."""
        self._record.note(request_at(Operation.SCAN, [], consistent=True))
        return self._inside.scan(after, limit=limit)

    def write(self, write: Put | Update | Delete) -> Item | None:
        """See `Engine.write`."""
        operation = {Put: Operation.PUT, Update: Operation.UPDATE}[type(write)]  # no use case deletes by itself
        self._record.note(request_at(operation, [_key_written(write)]))
        return self._inside.write(write)

    def transact(self, writes: Sequence[Write]) -> None:
        """See `Engine.transact`."""
        self._record.note(request_at(Operation.TRANSACT, map(_key_written, writes)))
        self._inside.transact(writes)

    def expire(self, at_s: int, *, limit: int) -> int:
        """See `Engine.expire`."""
        self._record.note(request_at(Operation.EXPIRE, []))
        return self._inside.expire(at_s, limit=limit)

    def changes(self, after: str | None, *, limit: int = 1000) -> ChangeBatch:
        """See `Engine.changes`."""
        self._record.note(request_at(Operation.READ_STREAM, []))
        return self._inside.changes(after, limit=limit)

    def close(self) -> None:
        """See `Engine.close`."""
        self._inside.close()


def _key_written(write: Write) -> Key:
    return key_of(write.item) if isinstance(write, Put) else write.key


class _Named:
    """A use case whose calls are noted. What it gave and is read later counts to it until another is called."""

    def __init__(self, name: str, use_case: object, record: Record) -> None:
        self._name = name
        self._use_case = use_case
        self._record = record

    def __getattr__(self, method: str) -> Callable[..., object]:
        def called(*args: object, **kwargs: object) -> object:
            with self._record.of(f"{self._name}.{method}"):
                answer: object = getattr(self._use_case, method)(*args, **kwargs)
            return answer

        return called


USE_CASES = {
    name: each.kind
    for name, each in vars(Application).items()
    if isinstance(each, UseCase) and each.kind.__module__.startswith("quantleap.application.")
}
"""The use cases of an application, by name."""


@define
class RecordedHouse:
    """A house in memory, what its use cases asked, and the engine within, where something may happen in between."""

    house: House
    record: Record
    inside: WatchedEngine


@contextmanager
def recorded_house() -> Iterator[RecordedHouse]:
    """An empty one."""
    inside, secrets = stores.open_store("memory://", keys=None, may_create=True)
    watched, record = WatchedEngine(inside), Record()
    engine = RecordedEngine(watched, record)

    def store(_: str, *, keys: Path | None, may_create: bool) -> tuple[Engine, Secrets]:
        return engine, secrets

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "open_store", store)
        plain = House.over("memory://")
    named: dict[str, Any] = {name: _Named(name, getattr(plain.app, name), record) for name in USE_CASES}
    vars(plain.app).update(named)  # where a use case is once it is built
    with plain.app:
        yield RecordedHouse(plain, record, watched)
