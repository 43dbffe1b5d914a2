"""A process that writes to a store at its parent's word.

Started as `sqlite_child.py` with `prepare`, `migrate`, `race FILE NAME` or `write FILE NAME KEEP_CHANGES`.
It says `ready` once, then one line for each thing done. Its parent may kill it at any time.
"""

import sys
from itertools import count
from pathlib import Path
from threading import Lock, Thread

from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.engines.sqlite_file import SqliteFile
from quantleap.adapters.store.engines.sqlite_schema import SCHEMA, Schema
from quantleap.adapters.store.seam import Item, ItemAbsent, Key, Put, Update, WriteRefusedError

ADDS_A_ROUND = 5
ITEMS_A_TRANSACTION = 4
WRITERS = 2
COUNTER = Key("COUNTER", "COUNTER")

NUMBERS = 5_000

LATER = Schema(
    tables=(*SCHEMA.tables, "CREATE TABLE numbers (number INTEGER NOT NULL, doubled INTEGER)"),
    migrations={
        **SCHEMA.migrations,
        SCHEMA.version: (
            "CREATE TABLE numbers (number INTEGER NOT NULL)",
            (
                "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                "INSERT INTO numbers SELECT i FROM n"
            ),
        ),
        SCHEMA.version + 1: (
            "ALTER TABLE numbers ADD COLUMN doubled INTEGER",
            "UPDATE numbers SET doubled = 2 * number",
        ),
    },
)
"""A schema two versions on, whose steps take milliseconds each."""

_speaking = Lock()


def say(line: str) -> None:
    with _speaking:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def prepare() -> None:
    """Prepare each file named on a line of the input, and write an item of its own to it."""
    for number, line in enumerate(sys.stdin):
        engine = SqliteEngine(Path(line.rstrip("\n")))
        engine.prepare()
        engine.write(Update(COUNTER, add={"count": 1}))
        engine.close()
        say(str(number))


def migrate() -> None:
    """Bring each file named on a line of the input to the later schema; say each step that is its own, then `done`."""
    for line in sys.stdin:
        SqliteFile(Path(line.rstrip("\n")), busy_timeout_ms=30_000, schema=LATER).prepare(say)
        say("done")


def race(file: str, name: str) -> None:
    """In each round named on a line of the input, try to be the first to write its item; then add to a counter."""
    engine = SqliteEngine(Path(file))
    for line in sys.stdin:
        try:
            engine.write(Put({"user_id": "RACE", "sort_key": line.strip(), "winner": name}, ItemAbsent()))
        except WriteRefusedError:
            say("lost")
        else:
            say("won")
        for _ in range(ADDS_A_ROUND):
            engine.write(Update(COUNTER, add={"count": 1}))
    engine.close()


def write(file: str, name: str, keep_changes: int) -> None:
    """Write transactions without end from several threads, and say the number of each when it is committed."""
    engine = SqliteEngine(Path(file), keep_changes=keep_changes)

    def write_on(writer: int) -> None:
        for number in count():
            items: list[Item] = [
                {
                    "user_id": name,
                    "sort_key": f"{writer}#{number:06d}#{part}",
                    "partner_id": name,
                    "subscription_status_date": f"ACTIVE#{number:06d}",
                    "filler": "x" * 300,
                }
                for part in range(ITEMS_A_TRANSACTION)
            ]
            engine.transact([*(Put(item, ItemAbsent()) for item in items), Update(COUNTER, add={"count": 1})])
            say(f"{writer}#{number:06d}")

    for writer in range(WRITERS):
        Thread(target=write_on, args=(writer,)).start()


if __name__ == "__main__":
    say("ready")
    match sys.argv[1:]:
        case ["prepare"]:
            prepare()
        case ["migrate"]:
            migrate()
        case ["race", file, name]:
            race(file, name)
        case ["write", file, name, keep_changes]:
            write(file, name, int(keep_changes))
