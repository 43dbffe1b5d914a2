"""An engine that cannot be opened or reached says so in one line, which tells what to do and shows no secret."""

import socket
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.integration.contracts.stores import new_table
from tests.integration.dynamodb.wire import LIBRARY_ATTEMPTS
from tests.integration.dynamodb_local import REGION, endpoint, needs_dynamodb_local

from quantleap.adapters.aws_session import _session
from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.seam import Delete, Key, Put, Query, StoreUnavailableError, Update

PASSWORD = "s3cret-in-the-url"
CALLS: dict[str, Callable[[DynamoDbEngine], object]] = {
    "prepare": lambda engine: engine.prepare(),
    "get": lambda engine: engine.get(Key("p", "1")),
    "get_many": lambda engine: engine.get_many([Key("p", "1")]),
    "query": lambda engine: engine.query(Query("p")),
    "scan": lambda engine: engine.scan(),
    "put": lambda engine: engine.write(Put({"user_id": "p", "sort_key": "1"})),
    "update": lambda engine: engine.write(Update(Key("p", "1"), assign={"a": 1})),
    "delete": lambda engine: engine.write(Delete(Key("p", "1"))),
    "transact": lambda engine: engine.transact([Put({"user_id": "p", "sort_key": "1"})]),
    "changes": lambda engine: engine.changes(None),
}


def said_by_all(engine: DynamoDbEngine, *left_out: str) -> set[str]:
    """What the calls refuse by."""
    said = set()
    for name in CALLS.keys() - set(left_out):
        with pytest.raises(StoreUnavailableError) as refusal:
            CALLS[name](engine)
        said.add(str(refusal.value))
    return said


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A machine on which nothing of AWS is set up, and a process that has read nothing of it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    _session.cache_clear()
    yield
    _session.cache_clear()


@pytest.mark.usefixtures("no_settings")
def test_without_credentials_every_call_says_where_to_set_them() -> None:
    with closing(DynamoDbEngine("Table", region=REGION)) as engine:
        assert said_by_all(engine) == {
            "table Table needs credentials and there are none: set them in the environment (NoCredentialsError)"
        }


def test_with_half_of_the_credentials_every_call_says_so(no_settings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    with pytest.raises(StoreUnavailableError, match="these are incomplete: set them in the environment"):
        DynamoDbEngine("Table", region=REGION)


@pytest.mark.usefixtures("no_settings")
def test_without_a_region_opening_says_where_to_set_it() -> None:
    with pytest.raises(StoreUnavailableError) as refusal:
        DynamoDbEngine("Table")
    assert str(refusal.value) == (
        "table Table needs a region: add ?region=ap-south-1 to the URL or set AWS_REGION (NoRegionError)"
    )


@pytest.mark.parametrize("region", ["not a region", "x" * 64, "-", "a.b"])
def test_a_region_that_is_none_is_refused(region: str) -> None:
    with pytest.raises(StoreUnavailableError, match="has a region that is none: mend it"):
        DynamoDbEngine("Table", region=region)


@pytest.mark.parametrize(
    "url", ["nowhere", "http://", f"http://admin:{PASSWORD}@", f"http://admin:{PASSWORD}@a b/", "http://-.-"]
)
def test_an_endpoint_that_is_none_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(StoreUnavailableError) as refusal:
        DynamoDbEngine("Table", region=REGION, endpoint=url)
    assert str(refusal.value) == "table Table is at an endpoint that is no URL: mend the endpoint"
    assert PASSWORD not in "".join(traceback.format_exception(refusal.value))


def test_a_profile_that_is_not_there_is_named_as_the_cause(no_settings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(StoreUnavailableError, match="mend AWS_PROFILE"):
        DynamoDbEngine("Table", region=REGION)


def test_a_configuration_that_cannot_be_read_is_named_as_the_cause(
    no_settings: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("no section\n")
    with pytest.raises(StoreUnavailableError, match=r"mend those in the environment and ~/\.aws/config"):
        DynamoDbEngine("Table", region=REGION)


def test_at_an_endpoint_where_nobody_listens_every_call_says_what_to_mend(library_pauses: list[float]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens
        url = f"http://admin:{PASSWORD}@127.0.0.1:{taken.getsockname()[1]}"
        with closing(DynamoDbEngine("Table", region=REGION, endpoint=url)) as engine:
            assert said_by_all(engine) == {
                "table Table cannot be reached: mend the endpoint, region or network (EndpointConnectionError)"
            }
    assert 0 < len(library_pauses) < LIBRARY_ATTEMPTS * len(CALLS)


@needs_dynamodb_local
def test_without_its_table_every_call_but_prepare_says_how_to_make_it() -> None:
    table = new_table()
    with closing(DynamoDbEngine(table, region=REGION, endpoint=endpoint())) as engine:
        (said,) = said_by_all(engine, "prepare")
    assert said.startswith(f"table {table} does not exist: create it with `quantleap init`, or mend the name, region")


@needs_dynamodb_local
@pytest.mark.parametrize("name", ["a b", "ab", "x" * 256, "tablé"])
def test_a_name_that_no_table_can_have_is_refused_by_every_call(name: str) -> None:
    with closing(DynamoDbEngine(name, region=REGION, endpoint=endpoint())) as engine:
        assert said_by_all(engine) == {
            f"table {name} is no name a table can have: name it by 3 to 255 letters, digits, `_`, `-` and `.`"
        }
