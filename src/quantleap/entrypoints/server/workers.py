"""What works beside the server: followers of the change feed, and the sweep, each in a thread of its own."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quantleap.composition import Application

EVERY_S = 1.0
"""From the end of a follower's turn to the beginning of its next."""

SWEEP_EVERY_S = 60.0
"""The same of the sweep: nothing that is past is given to anybody, so that nobody waits for it."""

_log = logging.getLogger("quantleap.workers")


@contextmanager
def working(app: "Application", *, every_s: float = EVERY_S, sweep_every_s: float = SWEEP_EVERY_S) -> Iterator[None]:
    """The counters and the audit trail follow the feed, and what has expired is removed, for as long as this lasts.

    A turn under way ends first. One that fails is logged and made again: each is safe to repeat, and to be killed.
    """
    stop = Event()
    turns: dict[str, tuple[Callable[[], int], float]] = {
        "counters": (app.counters.follow, every_s),
        "audit": (app.auditing.follow, every_s),
        "sweep": (app.tidying.sweep, sweep_every_s),
    }
    threads = [
        Thread(target=_work, args=(name, turn, stop, pause_s), name=f"worker-{name}", daemon=True)
        for name, (turn, pause_s) in turns.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _work(name: str, turn: Callable[[], int], stop: Event, pause_s: float) -> None:
    while True:
        try:
            turn()
        except Exception:
            _log.exception("the worker of the %s failed, and tries again", name)
        if stop.wait(pause_s):
            return
