"""`quantleap serve` as a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import frozen
from tests.integration.api.wire import GIVE_UP_S

PROGRAM = (sys.executable, "-c", "from quantleap.entrypoints.cli.script import run; run()")


@frozen
class Serving:
    """A server that takes connections, and what it said when it began to."""

    process: "subprocess.Popen[str]"
    said: Mapping[str, Any]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.said["url"].rpartition(":")[2])

    def ended(self) -> tuple[int, list[dict[str, Any]]]:
        """Its exit code and its log, once it has ended."""
        _, log = self.process.communicate(timeout=GIVE_UP_S)
        return self.process.returncode, [json.loads(line) for line in log.splitlines()]


def command(store: str, *words: str) -> list[str]:
    """The words of a server's command line."""
    return [*PROGRAM, "serve", "--store", store, "--json", *words]


def environment(**variables: str) -> dict[str, str]:
    """This process's, of which no variable is for quantleap but those."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("QUANTLEAP_")}
    return {**ours, **variables}


@contextmanager
def served(store: str, **variables: str) -> Iterator[Serving]:
    """Serves the store on a port that is free. Killed at the end, if it is still there."""
    with subprocess.Popen(  # noqa: S603 - its own program
        command(store, "--port", "0"),
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield Serving(process, json.loads(_document(process)))
        finally:
            process.kill()


def _document(process: "subprocess.Popen[str]") -> str:
    """The one that it prints, of several lines, the last of which is a brace."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == "}\n":
            return "".join(lines)
    raise AssertionError(process.communicate(timeout=GIVE_UP_S)[1])
