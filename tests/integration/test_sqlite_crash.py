"""A process killed in the midst of writing loses nothing it was told is committed, and leaves nothing half done."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.integration.contracts.engines.reading import changes as changes_after
from tests.integration.contracts.engines.reading import end_of_feed

from quantleap.adapters.store.engines.feed import KEEP_CHANGES
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import Change, Item, Key, Query

CHILD = Path(__file__).with_name("sqlite_child.py")
KILLS = 200 if os.environ.get("QUANTLEAP_DEEP") == "1" else 8
ITEMS_A_TRANSACTION = 4
WRITERS = 2
COUNTER = Key("COUNTER", "COUNTER")


def acknowledged_by_a_killed_writer(
    file: Path, name: str, chance: random.Random, *, keep_changes: int = KEEP_CHANGES
) -> set[str]:
    """The transactions a writer said were committed, killed some way into a later one."""
    command = [sys.executable, str(CHILD), "write", str(file), name, str(keep_changes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        lines = [process.stdout.readline() for _ in range(chance.randrange(80))]
        moment = time.perf_counter_ns() + chance.randrange(1_000_000)
        while time.perf_counter_ns() < moment:
            pass
        process.kill()
        lines += process.stdout.readlines()
        assert process.wait(60) == -signal.SIGKILL
    assert all(line.endswith("\n") for line in lines)
    return {line.strip() for line in lines}


def every_item(engine: SqliteEngine, query: Query) -> list[Item]:
    items = engine.query(query)
    assert items.next is None
    return items.items


def check_a_life(engine: SqliteEngine, name: str, acknowledged: set[str], changes: list[Change], before: int) -> int:
    """Hold what one killed writer left to what it said; returns how many transactions it committed."""
    items = every_item(engine, Query(name, limit=100_000))
    parts = Counter(str(item["sort_key"]).rpartition("#")[0] for item in items)
    assert set(parts.values()) <= {ITEMS_A_TRANSACTION}, "half a transaction"
    assert acknowledged <= parts.keys(), "an acknowledged transaction is lost"
    assert len(parts.keys() - acknowledged) <= WRITERS, "more was committed than was under way"

    indexed = every_item(engine, Query(name, index="PartnerSubscriptions", limit=100_000))
    assert {item["sort_key"] for item in indexed} == {item["sort_key"] for item in items}

    written = [change for change in changes if change.key != COUNTER]
    assert all(change.old is None for change in written)
    assert sorted(str(change.key.sort) for change in written) == [item["sort_key"] for item in items]
    assert {change.key.sort: change.new for change in written} == {item["sort_key"]: item for item in items}
    counted = [change.new["count"] for change in changes if change.key == COUNTER and change.new]
    assert counted == list(range(before + 1, before + len(parts) + 1))
    return len(parts)


def test_a_killed_writer_leaves_whole_transactions_and_all_it_acknowledged(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    chance = random.Random(20251010)  # noqa: S311 - the moments of the kills are to repeat
    with closing(SqliteEngine(file)) as engine:
        engine.prepare()
    position, committed = None, 0
    for life in range(KILLS):
        acknowledged = acknowledged_by_a_killed_writer(file, f"LIFE{life}", chance)
        with closing(SqliteEngine(file)) as engine:
            changes = changes_after(engine, position)
            committed += check_a_life(engine, f"LIFE{life}", acknowledged, changes, committed)
            position = end_of_feed(engine, position)
            assert (engine.get(COUNTER, consistent=True) or {}).get("count", 0) == committed
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert committed > KILLS


def test_a_killed_writer_leaves_a_feed_that_is_trimmed_as_if_it_had_not_been_killed(tmp_path: Path) -> None:
    keep = 50
    chance = random.Random(20261010)  # noqa: S311 - the moments of the kills are to repeat
    with closing(SqliteEngine(tmp_path / "store.db")) as engine:
        engine.prepare()
        committed = 0
        for life in range(KILLS):
            acknowledged_by_a_killed_writer(tmp_path / "store.db", f"LIFE{life}", chance, keep_changes=keep)
            count = (engine.get(COUNTER) or {}).get("count", 0)
            assert isinstance(count, int)
            committed = count
            kept = changes_after(engine)
            assert len(kept) == min(keep, committed * (ITEMS_A_TRANSACTION + 1))
            counted = [change.new["count"] for change in kept if change.key == COUNTER and change.new]
            assert counted == list(range(committed - len(counted) + 1, committed + 1))
        assert committed * (ITEMS_A_TRANSACTION + 1) > keep
