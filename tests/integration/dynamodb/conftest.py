"""Engines over one table of Amazon's DynamoDB Local, and one whose every request a test answers."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from types import SimpleNamespace
from uuid import uuid4

import boto3
import pytest
from attrs import field, frozen
from tests.integration.contracts.stores import new_table
from tests.integration.dynamodb.wire import Wire, never_sent
from tests.integration.dynamodb_local import REGION, endpoint

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine

_POLLED_EVERY_S = 0.02

NOWHERE = "http://127.0.0.1:9"


@frozen
class Watched:
    """An engine, what it sends, and the pauses in seconds that it would have made."""

    engine: DynamoDbEngine
    wire: Wire
    pauses: list[float] = field(factory=list)


@pytest.fixture(autouse=True)
def library_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses, in seconds, that the client library would have made before its own repeats."""
    pauses: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=pauses.append))
    return pauses


@pytest.fixture
def alone() -> Iterator[Watched]:
    """An engine with no service: a request that nothing is played for fails the test."""
    pauses: list[float] = []
    with closing(DynamoDbEngine(new_table(), region=REGION, endpoint=NOWHERE, pause=pauses.append)) as engine:
        yield Watched(engine, Wire(engine, otherwise=never_sent), pauses)


@pytest.fixture(scope="session")
def shared() -> Iterator[DynamoDbEngine]:
    """One prepared table for the whole run; each test has partitions of its own."""
    with closing(DynamoDbEngine(new_table(), region=REGION, endpoint=endpoint())) as engine:
        engine.prepare()
        yield engine


@pytest.fixture
def watched(shared: DynamoDbEngine) -> Iterator[Watched]:
    """An engine of its own over the shared table."""
    pauses: list[float] = []
    with closing(DynamoDbEngine(shared._table, region=REGION, endpoint=endpoint(), pause=pauses.append)) as engine:
        yield Watched(engine, Wire(engine), pauses)


@pytest.fixture(scope="session")
def own_server() -> str:
    """A server for tests that add indexes: the local engine adds none while items of seven other tables may expire."""
    return endpoint.__wrapped__()


@pytest.fixture
def opened(own_server: str) -> Iterator[Callable[[str], Watched]]:
    """Opens an engine over the table of that name, which nobody has prepared. It is deleted in the end."""
    with ExitStack() as stack:

        def open_one(table: str) -> Watched:
            pauses: list[float] = []

            def pause(wanted_s: float) -> None:
                pauses.append(wanted_s)
                time.sleep(_POLLED_EVERY_S)  # the engine builds an index in its own time

            engine = DynamoDbEngine(table, region=REGION, endpoint=own_server, pause=pause)
            stack.enter_context(closing(engine))
            return Watched(engine, Wire(engine), pauses)

        yield open_one
    client = boto3.client("dynamodb", region_name=REGION, endpoint_url=own_server)
    for table in client.list_tables()["TableNames"]:
        client.delete_table(TableName=table)
    client.close()


@pytest.fixture
def partition() -> str:
    """A partition that no other test has."""
    return uuid4().hex
