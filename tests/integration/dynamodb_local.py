"""Amazon's DynamoDB Local for tests: one server a test process, started when a test first asks where it is."""

import atexit
import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tools.dynamodb_local import JAR, LIBRARIES, folder, is_fetched

needs_dynamodb_local = pytest.mark.dynamodb_local
"""On a test, or on one parameter of it, that asks for `endpoint`: it is skipped where the engine is left out."""

REGION = "ap-south-1"

_LEFT_OUT = "Amazon's DynamoDB Local is left out"
_JAVA = 17
_HOST = "127.0.0.1"
_STARTED_WITHIN_S = 60
_POLLED_EVERY_S = 0.05

# The shell becomes the server. What it leaves behind kills the server when this process closes the pipe or is no more,
# however it ended.
_NEVER_OUTLIVING = 'exec 3<&0; { read -r _ <&3; kill -9 $$; } & exec "$@" 3<&-'


class NotStartedError(Exception):
    """The server ended, or gave no answer in time."""


def use_dummy_credentials() -> None:
    """Let no client of this process, or of one that it starts, find the credentials of a real account."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        os.environ.pop(name, None)
    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION=REGION)


@cache
def why_left_out() -> str | None:
    """One line where the engine cannot run here, else None. Found out once a process."""
    if _java_version() < _JAVA:
        return f"{_LEFT_OUT}: no Java {_JAVA} (install default-jre-headless)"
    if not is_fetched():
        return f"{_LEFT_OUT}: not fetched (run `nox -s engine`)"
    return None


@cache
def endpoint() -> str:
    """The URL of a server with empty memory, tables and streams alike. It ends with this process.

    Whoever calls it is marked `needs_dynamodb_local`. Tables are shared by the whole process: each test names its own.
    Raises NotStartedError.
    """
    with ExitStack() as server:
        place = Path(server.enter_context(TemporaryDirectory(prefix="dynamodb-local-")))
        port = _free_port()
        log = server.enter_context((place / "log").open("wb"))
        process = server.enter_context(  # left by closing the pipe and waiting
            subprocess.Popen(  # noqa: S603 - no word of it is a user's
                ["/bin/sh", "-c", _NEVER_OUTLIVING, "sh", *_command(port)],
                cwd=place,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the tests, which still clean up
            )
        )
        try:
            _wait_for_answer(process, port)
        except NotStartedError as error:
            said = (place / "log").read_text(errors="replace").strip()
            raise NotStartedError(f"{error}: {said}") from error
        atexit.register(server.pop_all().close)
    return f"http://{_HOST}:{port}"


def _java_version() -> int:
    java = shutil.which("java")
    if java is None:
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603 - ours
    version = re.search(r'version "(\d+)', told)  # Java 8 calls itself 1.8
    return int(version[1]) if version else 0


def _command(port: int) -> list[str]:
    libraries, jar = folder() / LIBRARIES, folder() / JAR
    engine = ["java", "-Xmx1g", f"-Djava.library.path={libraries.absolute()}", "-jar", str(jar.absolute())]
    return [*engine, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind((_HOST, 0))
        return int(chosen.getsockname()[1])


def _wait_for_answer(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _STARTED_WITHIN_S
    while time.monotonic() < deadline:
        if _answers(port):
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(_POLLED_EVERY_S)
            raise NotStartedError("DynamoDB Local ended as it started")
    raise NotStartedError(f"DynamoDB Local gave no answer in {_STARTED_WITHIN_S} s")


def _answers(port: int) -> bool:
    connection = HTTPConnection(_HOST, port, timeout=_STARTED_WITHIN_S)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()
