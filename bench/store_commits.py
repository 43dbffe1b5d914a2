"""Commits of the SQLite engine, a record and its change in one transaction, against sqlite3 by hand."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter

from bench.ratio import ROUNDS, Contest, holds
from bench.store_sample import key_of, many_subscribed
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import Engine, Item, ItemAbsent, Put

AT_LEAST = 0.5

_CALLS = 20
_CLOCKED = 250
_PUT = "INSERT INTO items (user_id, sort_key, item) VALUES (?, ?, ?)"
_ADD_CHANGE = "INSERT INTO changes (user_id, sort_key, old, new) VALUES (?, ?, NULL, ?)"


def commits_fast_enough(folder: Path) -> bool:
    """Each side has a file of its own, made by the engine: the same tables, indexes and pragmas, and the same rows.

    A subscription that is not there yet is written with its change, and forced to the disk.
    """
    items = [new.subscription for new in many_subscribed("commit", _CALLS * ROUNDS + 2 + _CLOCKED)]
    ours_file, peer_file = folder / "ours.db", folder / "peer.db"
    with closing(SqliteEngine(ours_file)) as engine, closing(_file_by_hand(peer_file)) as connection:
        engine.prepare()
        ours, peer = _ours(engine, items), _by_hand(connection, items)
        next(ours), next(peer)
        assert _content(ours_file) == _content(peer_file)
        title = "commit a subscription and its change to SQLite, synchronous = FULL"
        contest = Contest(title, "sqlite3", lambda: next(ours), lambda: next(peer), _CALLS, AT_LEAST)
        met = holds(contest)
        print(f"  with the wait for the disk: ours {_rate(ours):,.0f} commits a second, sqlite3 {_rate(peer):,.0f}")
        return met


def _ours(engine: Engine, items: Sequence[Item]) -> Iterator[None]:
    for item in items:
        engine.write(Put(item, ItemAbsent()))
        yield


def _by_hand(connection: sqlite3.Connection, items: Sequence[Item]) -> Iterator[None]:
    """The table's primary key refuses what is there already."""
    for item in items:
        key, text = key_of(item), json.dumps(item, ensure_ascii=False, separators=(",", ":"))
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_PUT, (key.partition, key.sort, text))
        connection.execute(_ADD_CHANGE, (key.partition, key.sort, text))
        connection.execute("COMMIT")
        yield


def _file_by_hand(path: Path) -> sqlite3.Connection:
    with closing(SqliteEngine(path)) as engine:
        engine.prepare()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _content(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        items = connection.execute("SELECT * FROM items").fetchall()
        return items + connection.execute("SELECT * FROM changes").fetchall()


def _rate(commits: Iterator[None]) -> float:
    """Commits a second by the clock on the wall: of the disk more than of the engine."""
    begun = perf_counter()
    for _ in range(_CLOCKED):
        next(commits)
    return _CLOCKED / (perf_counter() - begun)
