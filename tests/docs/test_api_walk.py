"""docs/api-walk.md is run as it stands, but for the port: its commands work, and answer what it shows."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from attrs import frozen

from quantleap.entrypoints.server.running import listen

WALK = Path(__file__).parents[2] / "docs" / "api-walk.md"
PORT_SHOWN = "8000"
GIVE_UP_S = 240.0
PROGRAM = "from quantleap.entrypoints.cli.script import run; run()"

LEFT_OUT = "..."
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

VARYING = {
    r"\b(sub_zebu|req)_[0-9a-f]+": r"\1_",
    r"\b\d{4}-\d\d-\d\dT[0-9:.]+Z": "an instant",
    r"\b[12]\d{9}\b": "0",
    r"(?<=again in )\d+(?= s)": "0",
    r"(?<=retry-after: )\d+": "0",
}
"""What is another in every run: names, instants, Unix seconds, seconds to wait."""


@frozen
class Step:
    """A block of commands, and what is shown below it, if anything is: JSON with a status, or lines of text."""

    commands: str
    kind: str
    shown: str


def steps() -> list[Step]:
    """The walk's, in order."""
    found: list[Step] = []
    for kind, text in FENCED.findall(WALK.read_text("utf-8")):
        if kind == "sh":
            found.append(Step(text, "", ""))
        else:
            found[-1] = Step(found[-1].commands, kind, text)
    return found


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each step printed, all run by one shell in an empty folder."""
    if which("curl") is None or which("bash") is None:
        pytest.skip("the walk needs curl and bash")
    folder = tmp_path_factory.mktemp("walk")
    with listen("127.0.0.1", 0) as free:
        port = str(free.getsockname()[1])
    script = [f"exec > {number}.out\n{step.commands.replace(PORT_SHOWN, port)}" for number, step in enumerate(steps())]
    run_in(folder, "set -eu\n" + "\n".join(script))
    return [(folder / f"{number}.out").read_text("utf-8") for number in range(len(script))]


def run_in(folder: Path, script: str) -> None:
    """Run it by a bash that finds `quantleap`; whatever it started is ended with it."""
    program = folder / "bin" / "quantleap"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{PROGRAM}" "$@"\n')
    program.chmod(0o755)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("QUANTLEAP_")}
    with subprocess.Popen(  # noqa: S603 - the document's own commands
        ["bash", "-c", script],  # noqa: S607 - the reader's
        cwd=folder,
        env={**ours, "PATH": f"{program.parent}:{ours['PATH']}"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            _, said = shell.communicate(timeout=GIVE_UP_S)
        finally:
            end_group(shell.pid)
    assert shell.returncode == 0, said


def end_group(leader: int) -> None:
    """Nothing is left running of what that process started."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def masked(text: str) -> str:
    """With what varies made alike."""
    for pattern, instead in VARYING.items():
        text = re.sub(pattern, instead, text)
    return text


def document_of(shown: str) -> tuple[Any, str]:
    """The JSON and the status below it, where there is one; what is left out is a key or an element of that name."""
    text, _, status = shown.strip().rpartition("\n")
    if not status.isdecimal():
        text, status = shown, ""
    text = text.replace(", ...}", ', "...": null}').replace(", ...]", ', "..."]')
    return json.loads(masked(text)), status


def differences(shown: Any, real: Any, at: str = "") -> Iterator[str]:
    """Where the answer is not what is shown of it."""
    if isinstance(shown, dict) and isinstance(real, dict):
        named = shown.keys() - {LEFT_OUT}
        if not named <= real.keys() or (LEFT_OUT not in shown and named != real.keys()):
            yield f"{at}: has {sorted(real)}"
        for name in named & real.keys():
            yield from differences(shown[name], real[name], f"{at}.{name}")
    elif isinstance(shown, list) and isinstance(real, list):
        first = [each for each in shown if each != LEFT_OUT]
        if len(real) < len(first) or (len(first) == len(shown) and len(real) != len(first)):
            yield f"{at}: has {len(real)} elements"
        for number, (one, other) in enumerate(zip(first, real, strict=False)):
            yield from differences(one, other, f"{at}[{number}]")
    elif shown != real:
        yield f"{at}: {real!r} is shown as {shown!r}"


SHOWN = [pytest.param(number, id=step.commands.splitlines()[-1]) for number, step in enumerate(steps()) if step.kind]


@pytest.mark.parametrize("number", SHOWN)
def test_what_is_shown_is_what_came(answers: list[str], number: int) -> None:
    step, answer = steps()[number], answers[number]
    if step.kind == "json":
        shown, status = document_of(step.shown)
        real, its_status = document_of(answer)
        assert its_status == status, answer
        assert list(differences(shown, real)) == []
    else:
        assert masked(answer).splitlines() == masked(step.shown).splitlines()


def test_a_difference_is_found() -> None:
    real = {"a": 1, "b": [1, 2], "c": {"d": "x"}}
    assert list(differences({"a": 1, "...": None}, real)) == []
    assert list(differences({"b": [1, "..."], "...": None}, real)) == []
    for wrong in ({"a": 1}, {"a": 2, "...": None}, {"b": [1], "...": None}, {"z": 1, "...": None}, {"b": [2, "..."]}):
        assert list(differences(wrong, real)) != []


def test_the_walk_goes_where_it_should() -> None:
    """Each status that a client meets first is shown."""
    shown = [document_of(step.shown)[1] for step in steps() if step.kind == "json"]
    assert {"200", "201", "400", "401", "403", "404", "409", "429"} <= set(shown)
