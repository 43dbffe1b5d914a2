"""What works beside the server: followers of the change feed, each in a thread of its own."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quantleap.composition import Application

EVERY_S = 1.0
"""From the end of one turn to the beginning of the next."""

_log = logging.getLogger("quantleap.workers")


@contextmanager
def working(app: "Application", *, every_s: float = EVERY_S) -> Iterator[None]:
    """The counters and the audit trail follow the feed for as long as this lasts; a turn under way ends first.

    A turn that fails is logged and made again: following is safe to repeat, and to be killed.
    """
    stop = Event()
    turns = {"counters": app.counters.follow, "audit": app.auditing.follow}
    threads = [
        Thread(target=_work, args=(name, turn, stop, every_s), name=f"worker-{name}", daemon=True)
        for name, turn in turns.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _work(name: str, turn: Callable[[], int], stop: Event, every_s: float) -> None:
    while True:
        try:
            turn()
        except Exception:
            _log.exception("the worker of the %s failed, and tries again", name)
        if stop.wait(every_s):
            return
