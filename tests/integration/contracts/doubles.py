"""An engine that is watched: what it is asked is counted, and something can be made to happen in between."""

from collections.abc import Callable, Sequence

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


class WatchedEngine:
    """See `quantleap.adapters.store.seam.Engine`. All is done by the engine inside."""

    def __init__(self, inside: Engine) -> None:
        self.inside = inside
        self.calls: list[str] = []
        self._before: dict[str, list[Callable[[], object]]] = {}

    def before(self, call: str, *happenings: Callable[[], object]) -> None:
        """Each happens right before one of the next calls of that name, in turn."""
        self._before[call] = list(happenings)

    def prepare(self, tell: Callable[[str], None] | None = None) -> None:
        """See `Engine.prepare`."""
        self.inside.prepare(tell)

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        """See `Engine.get`."""
        self._note("get")
        return self.inside.get(key, consistent=consistent)

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
        """See `Engine.get_many`."""
        self._note("get_many")
        return self.inside.get_many(keys, consistent=consistent)

    def query(self, query: Query) -> Page:
        """See `Engine.query`."""
        self._note("query")
        return self.inside.query(query)

    def scan(self, after: Position | None = None, *, limit: int = 1000) -> Page:
        """See `Engine.scan`."""
        self._note("scan")
        return self.inside.scan(after, limit=limit)

    def write(self, write: Put | Update | Delete) -> Item | None:
        """See `Engine.write`."""
        self._note("write")
        return self.inside.write(write)

    def transact(self, writes: Sequence[Write]) -> None:
        """See `Engine.transact`."""
        self._note("transact")
        self.inside.transact(writes)

    def expire(self, at_s: int, *, limit: int) -> int:
        """See `Engine.expire`."""
        self._note("expire")
        return self.inside.expire(at_s, limit=limit)

    def changes(self, after: str | None, *, limit: int = 1000) -> ChangeBatch:
        """See `Engine.changes`."""
        self._note("changes")
        return self.inside.changes(after, limit=limit)

    def close(self) -> None:
        """See `Engine.close`."""
        self.inside.close()

    def _note(self, call: str) -> None:
        self.calls.append(call)
        waiting = self._before.get(call)
        if waiting:
            waiting.pop(0)()
