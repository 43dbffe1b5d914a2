"""Several processes write to one file at once: one winner each time, nothing lost."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from tests.integration.contracts.engines.reading import changes as changes_after
from tests.integration.sqlite_child import LATER, NUMBERS

from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.engines.sqlite_schema import SCHEMA
from quantleap.adapters.store.seam import Key, Query

CHILD = Path(__file__).with_name("sqlite_child.py")
PROCESSES = 4
ROUNDS = 25
ADDS_A_ROUND = 5


@contextmanager
def child(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(CHILD), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert said(process) == "ready"
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(processes: list[subprocess.Popen[str]], line: str) -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()


def count(engine: SqliteEngine) -> object:
    return (engine.get(Key("COUNTER", "COUNTER"), consistent=True) or {}).get("count")


def test_of_several_processes_one_wins_each_conditional_put_and_no_addition_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    with closing(SqliteEngine(file)) as engine:
        engine.prepare()
        with ExitStack() as stack:
            children = [stack.enter_context(child("race", str(file), str(number))) for number in range(PROCESSES)]
            winners = []
            for number in range(ROUNDS):
                tell(children, f"{number:03d}")
                answers = [said(process) for process in children]
                assert sorted(answers) == ["lost"] * (PROCESSES - 1) + ["won"]
                winners.append(str(answers.index("won")))
        assert [item["winner"] for item in engine.query(Query("RACE")).items] == winners
        assert count(engine) == PROCESSES * ROUNDS * ADDS_A_ROUND
        changes = changes_after(engine)
        assert len(changes) == ROUNDS + PROCESSES * ROUNDS * ADDS_A_ROUND
        counted = [change.new["count"] for change in changes if change.new and change.key.partition == "COUNTER"]
        assert counted == list(range(1, PROCESSES * ROUNDS * ADDS_A_ROUND + 1))


def test_of_several_processes_that_prepare_one_file_each_can_use_it(tmp_path: Path) -> None:
    files = [tmp_path / f"folder {number}" / "store.db" for number in range(10)]
    with ExitStack() as stack:
        children = [stack.enter_context(child("prepare")) for _ in range(PROCESSES)]
        for number, file in enumerate(files):
            tell(children, str(file))
            assert [said(process) for process in children] == [str(number)] * PROCESSES
    for file in files:
        with closing(SqliteEngine(file)) as engine:
            assert count(engine) == PROCESSES
        assert [path.name for path in file.parent.iterdir()] == ["store.db"]


def test_of_several_processes_that_migrate_one_file_each_step_is_done_by_one(tmp_path: Path) -> None:
    files = [tmp_path / f"store {number}.db" for number in range(10)]
    for file in files:
        with closing(SqliteEngine(file)) as engine:
            engine.prepare()
    with ExitStack() as stack:
        children = [stack.enter_context(child("migrate")) for _ in range(PROCESSES)]
        for file in files:
            tell(children, str(file))
            steps = [line for process in children for line in iter(partial(said, process), "done")]
            assert len(steps) == LATER.version - SCHEMA.version
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (LATER.version,)
            assert connection.execute("SELECT count(*), sum(doubled) - sum(number * 2) FROM numbers").fetchone() == (
                NUMBERS,
                0,
            )
