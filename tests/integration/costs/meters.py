"""Three ways to count what an engine is asked: calls of the seam, statements of SQLite, requests on the wire."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.costs.cost import BATCH_GET, EXPIRE, FEED, GET, PUT, QUERY, SCAN, TRANSACT, UPDATE
from tests.integration.dynamodb.wire import Sent, Wire

from quantleap.adapters.store.access_patterns.pattern import Operation
from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.engines.sqlite import SqliteEngine


class Meter(Protocol):
    """Counts from `begin` on. `names` says what of it each operation of the table of costs is; one without is none."""

    names: Mapping[Operation, str]

    def begin(self) -> None:
        """Forget what was asked before."""

    def counted(self) -> Counter[str]:
        """What was asked since."""


def expected(meter: Meter, requests: Mapping[Operation, int]) -> Counter[str]:
    """What the meter shows at that cost."""
    shown: Counter[str] = Counter()
    for operation, count in requests.items():
        if operation in meter.names:
            shown[meter.names[operation]] += count
    return shown


class SeamMeter:
    """Calls of an engine, whichever is inside."""

    names: Mapping[Operation, str] = {
        GET: "get",
        BATCH_GET: "get_many",
        QUERY: "query",
        SCAN: "scan",
        PUT: "write",
        UPDATE: "write",
        TRANSACT: "transact",
        EXPIRE: "expire",
        FEED: "changes",
    }

    def __init__(self, engine: WatchedEngine) -> None:
        self._engine = engine

    def begin(self) -> None:
        """See `Meter`."""
        self._engine.calls.clear()

    def counted(self) -> Counter[str]:
        """See `Meter`."""
        return Counter(self._engine.calls)


class StatementMeter:
    """What SQLite runs: a read of however many items is one statement by itself, a write one transaction.

    A transaction that is refused ends in a rollback, and counts as one too. A batch of the feed is a snapshot, in which
    its ends and its changes are read.
    """

    names: Mapping[Operation, str] = {
        **dict.fromkeys((GET, BATCH_GET, QUERY, SCAN), "statement"),
        **dict.fromkeys((PUT, UPDATE, TRANSACT, EXPIRE), "write transaction"),
        FEED: "snapshot",
    }

    def __init__(self, engine: SqliteEngine) -> None:
        self._ran: list[str] = []
        with engine._file.connection() as connection:  # the one that a single thread is lent ever after
            connection.set_trace_callback(self._ran.append)

    def begin(self) -> None:
        """See `Meter`."""
        self._ran.clear()

    def counted(self) -> Counter[str]:
        """See `Meter`."""
        return Counter(_units(self._ran))


def _units(statements: Iterable[str]) -> Iterable[str]:
    is_inside = False
    for statement in statements:
        word = statement.split()[0]
        if word == "BEGIN":
            assert not is_inside
            is_inside = True
            yield "write transaction" if statement == "BEGIN IMMEDIATE" else "snapshot"
        elif word in ("COMMIT", "ROLLBACK"):
            is_inside = False
        elif not is_inside:
            assert word in ("SELECT", "WITH"), statement
            yield "statement"


class WireMeter:
    """Requests that leave the client, its own repeats among them.

    A batch of the feed is more requests the more shards the stream has, each to the stream's own service; what is
    counted of it is the one by which it begins, which asks the table which stream it has. Expiry is the service's own.
    """

    names: Mapping[Operation, str] = {
        **{operation: operation.value for operation in Operation if operation is not EXPIRE},
        FEED: "DescribeTable",
    }

    def __init__(self, engine: DynamoDbEngine) -> None:
        self._wire = Wire(engine)

    @property
    def sent(self) -> list[Sent]:
        """What was asked since, request by request."""
        return self._wire.sent

    def begin(self) -> None:
        """See `Meter`."""
        self._wire.sent.clear()

    def counted(self) -> Counter[str]:
        """See `Meter`."""
        return Counter(self._wire.operations)
