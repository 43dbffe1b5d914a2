"""The program as a whole: help, version, exit codes, pipes, terminals and interruptions."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.integration.cli.market import Cli, run

from quantleap import __version__
from quantleap.entrypoints.cli import catalog

PROGRAM = "from quantleap.entrypoints.cli.main import run; run()"
ESCAPE = b"\x1b["
HEAVY = {"pydantic_settings", "platformdirs", "rich", "injector", "sqlite3"}
COMMANDS = (
    ("init",),
    ("verify",),
    ("recount",),
    ("demo",),
    ("statement",),
    ("run", "plan"),
    *(("catalog", name) for name in ("load", "list", "show")),
    *(("partner", name) for name in ("create", "keys", "rotate", "revoke")),
    *(("subscription", name) for name in ("list", "show", "pause", "resume", "cancel")),
)


def started(*words: str, code: str = PROGRAM, **streams: Any) -> subprocess.Popen[bytes]:
    """The program, or other code, in a process of its own, in an environment that says nothing."""
    silent = {name: value for name, value in os.environ.items() if not name.startswith(("QUANTLEAP_", "NO_COLOR"))}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    terminal = {"TERM": "xterm-256color", "COLUMNS": "100"}
    return subprocess.Popen([sys.executable, "-c", code, *words], env={**silent, **terminal}, **streams)  # noqa: S603 - ours


def finished(*words: str, code: str = PROGRAM, **streams: Any) -> tuple[int, bytes, bytes]:
    """Its exit code, and what it wrote to stdout and stderr."""
    with started(*words, code=code, **streams) as process:
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err


def in_terminal(*words: str) -> bytes:
    """Everything that the program writes to a terminal of 100 columns, once it ended well."""
    leader, follower = pty.openpty()
    with started(*words, stdin=follower, stdout=follower, stderr=follower) as process:
        os.close(follower)
        written = b"".join(iter(lambda: _read(leader), b""))
    os.close(leader)
    assert process.returncode == 0
    return written


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side is closed
        return b""


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_a_help_with_an_example_and_the_common_options(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")

    assert result.exit_code == 0
    example = " ".join(result.stdout.partition("Example:")[2].split())
    assert example.startswith(f"quantleap {' '.join(words)}")
    for option in ("--store URL", "--json", "--debug"):
        assert option in result.stdout


@pytest.mark.parametrize("words", [(), ("catalog",), ("partner",), ("subscription",), ("run",)], ids=" ".join)
def test_a_group_alone_shows_its_help(words: tuple[str, ...]) -> None:
    alone, asked = run(*words), run(*words, "--help")

    assert (alone.exit_code, alone.stdout.strip()) == (0, asked.stdout.strip())
    assert "Commands:" in alone.stdout


def test_the_version_is_shown() -> None:
    result = run("--version")

    assert (result.exit_code, result.stdout) == (0, f"quantleap {__version__}\n")


def test_an_answer_in_a_pipe_is_plain_text(cli: Cli) -> None:
    cli.ok("catalog", "load", "--sample")
    exit_code, out, err = finished("catalog", "list", "--store", cli.store)

    assert (exit_code, err) == (0, b"")
    assert ESCAPE not in out
    assert out.decode() == cli.ok("catalog", "list")


def test_an_answer_on_a_terminal_is_drawn(cli: Cli) -> None:
    cli.ok("catalog", "load", "--sample")
    drawn = in_terminal("catalog", "show", "basket_admin_8f3e2a1b", "--store", cli.store)

    assert ESCAPE in drawn
    assert "─────".encode() in drawn
    assert b"ATM +200 points" in drawn


def test_progress_is_shown_on_a_terminal_only() -> None:
    drawn = in_terminal("demo", "--subscribers", "2")
    exit_code, out, err = finished("demo", "--subscribers", "2")

    assert b"Subscribing" in drawn
    assert b"claims hold" in drawn
    assert (exit_code, err) == (0, b"")
    assert b"Subscribing" not in out


def test_help_on_a_terminal_is_drawn() -> None:
    assert "╭─".encode() in in_terminal("catalog", "load", "--help")


def test_json_on_a_terminal_is_json_all_the_same(cli: Cli) -> None:
    drawn = in_terminal("catalog", "list", "--json", "--store", cli.store)

    assert json.loads(drawn) == {"templates": [], "limit": 100, "has_more": False, "next_cursor": None}


def test_a_closed_pipe_is_silent(cli: Cli) -> None:
    cli.ok("catalog", "load", "--sample")
    readable, writable = os.pipe()
    os.close(readable)
    with os.fdopen(writable, "wb") as closed:
        exit_code, _, err = finished("catalog", "list", "--store", cli.store, stdout=closed)

    assert (exit_code, err) == (1, b"")


def test_an_interruption_ends_with_130_without_a_traceback_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with started("demo", "--subscribers", "9999") as process:
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob("*/demo.db")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (130, b"")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_outside_a_command_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("typer.core.TyperGroup.main", interrupted)

    assert run("--version").exit_code == 130


def test_a_full_disk_is_told_in_the_systems_words(cli: Cli) -> None:
    with Path("/dev/full").open("wb") as full:
        exit_code, _, err = finished("init", "--store", cli.store, stdout=full)

    assert exit_code == 1
    assert err.splitlines()[0] == b"quantleap: The system says: No space left on device"
    assert b"Traceback" not in err


def test_what_nobody_expected_is_one_line_that_keeps_its_words_to_itself(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise LookupError("asha@example.com")

    monkeypatch.setattr(catalog, "gather", broken)

    assert cli.refused("catalog", "list") == (
        "quantleap: Unexpected LookupError: a fault of quantleap. Repeat it with --debug for the traceback"
    )
    debugged = cli.run("catalog", "list", "--debug")
    assert debugged.exit_code == 1
    assert debugged.stderr.startswith("Traceback")
    assert debugged.stderr.splitlines()[-1].startswith("quantleap: Unexpected LookupError")


def imported_by(code: str) -> set[str]:
    """The packages that are loaded once the code has run."""
    exit_code, out, err = finished(
        code=f"import sys; {code}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    )
    assert (exit_code, err) == (0, b"")
    return set(out.decode().split())


def test_the_program_loads_neither_pydantic_nor_rich_nor_a_store_before_it_needs_them() -> None:
    loaded = imported_by("import quantleap.entrypoints.cli.main")

    assert "typer" in loaded
    assert not loaded & {"pydantic", *HEAVY}


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("catalog", "load", "--help")], ids=" ".join)
def test_help_and_version_load_neither_rich_nor_a_store(words: tuple[str, ...]) -> None:
    loaded = imported_by(
        "from typer.testing import CliRunner; from quantleap.entrypoints.cli.main import app; "
        f"assert CliRunner().invoke(app, {list(words)}).exit_code == 0"
    )

    assert not loaded & HEAVY


@pytest.mark.parametrize("store", ["memory://", "sqlite:///{folder}/store.db"])
@pytest.mark.parametrize("words", [("init",), ("demo", "--subscribers", "2")], ids=" ".join)
def test_no_store_but_a_table_loads_the_packages_of_aws(store: str, words: tuple[str, ...], tmp_path: Path) -> None:
    given = [*words, "--store", store.format(folder=tmp_path)]
    loaded = imported_by(
        "from typer.testing import CliRunner; from quantleap.entrypoints.cli.main import app; "
        f"assert CliRunner().invoke(app, {given}).exit_code == 0"
    )

    assert "injector" in loaded
    assert not loaded & {"boto3", "botocore"}
