"""Stores that cannot be used: one line that says what to do, exit code 1, soon, and nothing made."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from tests.integration.cli.market import Cli, run
from tests.integration.contracts.stores import new_table
from tests.integration.dynamodb_local import REGION, endpoint, needs_dynamodb_local
from tests.integration.sqlite_child import LATER

from quantleap.adapters.store.engines import sqlite
from quantleap.adapters.store.engines.dynamodb_client import dynamodb_client
from quantleap.adapters.store.engines.sqlite_file import SqliteFile
from quantleap.adapters.store.engines.sqlite_schema import SCHEMA

NO_NAME = "store: must be dynamodb:// and a table's name, as dynamodb://TradingConfigurations"
NO_OPTIONS = "store: may have the options region and endpoint, each once and not empty"
NO_ENDPOINT = "store: has an endpoint that is none: it must be as http://127.0.0.1:8000"
AT = f"dynamodb://Trading?region={REGION}&endpoint="
BOTH = pytest.mark.parametrize("words", [("init",), ("catalog", "list")], ids=" ".join)
"""The command that may make a store, and one that may not."""

URLS = [
    ("dynamodb://", NO_NAME),
    ("dynamodb://?region=ap-south-1", NO_NAME),
    ("dynamodb:///Trading", NO_NAME),
    ("dynamodb://Trading/", NO_NAME),
    ("dynamodb://Trading/2026?region=ap-south-1", NO_NAME),
    ("dynamodb://Trading#1", NO_NAME),
    ("dynamodb://ab", NO_NAME),
    ("dynamodb://" + "a" * 256, NO_NAME),
    ("dynamodb://Trading$", NO_NAME),
    ("dynamodb://me:s3cret@Trading", NO_NAME),
    ("dynamodb://Trading:80", NO_NAME),
    ("dynamodb://Trading:s3cret", "store: is no URL"),
    ("dynamodb://[s3cret", "store: is no URL"),
    ("dynamodb://Trading?regoin=ap-south-1", NO_OPTIONS),
    ("dynamodb://Trading?region=ap-south-1&region=us-east-1", NO_OPTIONS),
    ("dynamodb://Trading?region=ap-south-1&region=ap-south-1", NO_OPTIONS),
    ("dynamodb://Trading?region=", NO_OPTIONS),
    ("dynamodb://Trading?region", NO_OPTIONS),
    (f"{AT}localhost:8000", NO_ENDPOINT),
    (f"{AT}127.0.0.1:8000", NO_ENDPOINT),
    (f"{AT}ftp://127.0.0.1", NO_ENDPOINT),
    (f"{AT}http://", NO_ENDPOINT),
    (f"{AT}http://127.0.0.1:99999", NO_ENDPOINT),
    (f"{AT}http://[s3cret", NO_ENDPOINT),
    (f"{AT}http://me:s3cret@127.0.0.1", NO_ENDPOINT),
    (f"{AT}http://127.0.0.1/path", NO_ENDPOINT),
    ("dynamodb://Trading?region=mars!", "table Trading has a region that is none: mend it"),
]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "platform.keys"


@BOTH
@pytest.mark.parametrize(("url", "line"), URLS, ids=lambda value: value[:60])
def test_a_url_of_no_table_is_refused_with_what_to_write(
    url: str, line: str, words: tuple[str, ...], keys: Path
) -> None:
    said = Cli(url, keys).refused(*words)

    assert said.startswith(f"quantleap: {line}")
    assert "s3cret" not in said
    assert not keys.parent.exists()


# Where the table is


@contextmanager
def unreachable() -> Iterator[int]:
    """A port of this machine on which nobody listens, and nobody will."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


@BOTH
def test_a_port_where_nobody_is_is_told_in_seconds(words: tuple[str, ...], keys: Path) -> None:
    with unreachable() as port:
        cli = Cli(f"{AT}http://127.0.0.1:{port}", keys)
        exit_code, _, said = outside(*words, store=cli.store, env={"QUANTLEAP_KEYS": str(keys)}, within_s=15)

    assert exit_code == 1
    assert said.startswith("quantleap: table Trading cannot be reached: mend the endpoint, region or network")
    assert not keys.parent.exists()


def outside(
    *words: str, store: str, env: dict[str, str], within_s: float = 60, first: str = ""
) -> tuple[int, str, str]:
    """The exit code of a command in a process of its own, with nothing in the environment but this, and what it said.

    `first` is run before it.
    """
    code = f"{first}\nfrom quantleap.entrypoints.cli.main import run; run()"
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", code, *words, "--store", store],
        env={"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true", **CREDENTIALS, **env},
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@BOTH
@pytest.mark.parametrize(
    ("store", "line"),
    [
        ("dynamodb://Trading", "needs a region: add ?region=ap-south-1 to the URL or set AWS_REGION"),
        ("dynamodb://Trading?region=ap-south-1", "needs credentials and there are none: set them in the environment"),
    ],
    ids=["no region", "no credentials"],
)
def test_an_environment_without_region_or_credentials_says_how_to_give_them(
    store: str, line: str, words: tuple[str, ...], keys: Path, tmp_path: Path
) -> None:
    env = {"HOME": str(tmp_path), "QUANTLEAP_KEYS": str(keys), **dict.fromkeys(CREDENTIALS, "")}
    exit_code, out, said = outside(*words, store=store, env=env, within_s=30)

    assert (exit_code, out) == (1, "")
    assert said.startswith(f"quantleap: table Trading {line}")
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


NOT_INSTALLED = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "{package}":
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
"""


@BOTH
@pytest.mark.parametrize("package", ["botocore", "jmespath"])
def test_where_the_packages_of_aws_are_missing_the_line_says_how_to_install_them(
    package: str, words: tuple[str, ...], keys: Path
) -> None:
    first = NOT_INSTALLED.format(package=package)
    env = {"QUANTLEAP_KEYS": str(keys)}
    exit_code, out, said = outside(*words, store="dynamodb://Trading?region=ap-south-1", env=env, first=first)

    assert (exit_code, out) == (1, "")
    assert said == f"quantleap: a DynamoDB store needs {package}: pip install 'quantleap[aws]'\n"
    assert not keys.parent.exists()


@needs_dynamodb_local
@BOTH
def test_a_table_with_other_keys_is_refused_and_left_alone(words: tuple[str, ...], keys: Path) -> None:
    name = new_table()
    with closing(dynamodb_client(REGION, endpoint())) as client:
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )
        before = client.describe_table(TableName=name)["Table"]
        said = Cli(f"dynamodb://{name}?region={REGION}&endpoint={endpoint()}", keys).refused(*words)

        assert client.describe_table(TableName=name)["Table"] == before
    assert f"table {name}" in said
    assert said.endswith(("name another table", "run `quantleap init`"))
    assert not keys.parent.exists()


# SQLite


@pytest.mark.parametrize("words", [("init",), ("catalog", "list"), ("verify",)], ids=" ".join)
@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"notes of somebody else\n" * 50, "is not a SQLite file: name another, or move this one away"),
        (b"", "is no store of quantleap: name another file, or move this one away"),
        (b"SQLite format 3\0" + b"\xa5" * 4080, "is "),
    ],
    ids=["no database", "empty", "no pages"],
)
def test_a_file_that_is_no_store_is_refused_and_left_as_it_was(
    missing: Cli, content: bytes, line: str, words: tuple[str, ...]
) -> None:
    missing.path.write_bytes(content)

    assert f"quantleap: {missing.path} {line}" in missing.refused(*words)
    assert missing.path.read_bytes() == content
    assert [path.name for path in missing.path.parent.iterdir()] == [missing.path.name]


def test_a_damaged_store_says_to_restore_it(cli: Cli) -> None:
    cli.ok("catalog", "load", "--sample")
    content = cli.path.read_bytes()
    cli.path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))

    for words in (("catalog", "list"), ("verify",), ("init",)):
        assert cli.refused(*words).startswith(f"quantleap: {cli.path} is damaged: restore it from a backup")


@pytest.mark.parametrize("words", [("init",), ("catalog", "list")], ids=" ".join)
def test_a_newer_store_says_to_upgrade(cli: Cli, words: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(cli.path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA.version + 1}")

    assert cli.refused(*words).endswith(
        f"was written by a newer quantleap (its schema is {SCHEMA.version + 1}, not {SCHEMA.version}): upgrade"
    )


def test_an_older_store_says_to_run_init_which_brings_it_up_to_date_step_by_step(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SqliteFile", partial(SqliteFile, schema=LATER))

    assert cli.refused("catalog", "list").endswith(": run `quantleap init`")
    result = cli.run("init")
    assert (result.exit_code, result.stdout) == (0, f"{cli.store} is ready.\n")
    assert result.stderr.splitlines() == [
        f"bringing the schema from version {version} to {version + 1}"
        for version in range(SCHEMA.version, LATER.version)
    ]
    cli.ok("catalog", "list")


@pytest.mark.parametrize("path", ["/proc/none/store.db", "/dev/null/store.db"])
def test_a_place_where_no_file_can_be_made_is_named(path: str) -> None:
    result = run("init", "--store", f"sqlite:///{path}")

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{path}.keys" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_named_and_stays_empty(missing: Cli) -> None:
    missing.path.parent.chmod(0o500)
    try:
        assert "Permission denied" in missing.refused("init")
        assert list(missing.path.parent.iterdir()) == []
    finally:
        missing.path.parent.chmod(0o700)
