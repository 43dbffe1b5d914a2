"""A follower of the audit trail that is killed in the midst of a SQLite store's backlog loses and doubles nothing."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.integration.application.house import ADMIN, House
from tests.integration.application.test_auditing import told_by_the_feed, trail
from tests.integration.contracts.stores import store_over

from quantleap.domain.identifiers import Email
from quantleap.domain.principals import User

CHILD = Path(__file__).with_name("audit_child.py")
SUBSCRIBERS = 80
MOST_LIVES = 60
SAID_NOTHING, SAID_ALL = "", "told\n"


def follow_for(file: Path, milliseconds: int) -> str:
    """What a follower said that was killed so long after it began, if it had not ended."""
    command = [sys.executable, str(CHILD), str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        moment = time.perf_counter_ns() + milliseconds * 1_000_000
        while time.perf_counter_ns() < moment:
            pass
        process.kill()
        said = process.stdout.read()
        assert process.wait(60) in (0, -signal.SIGKILL)
    return said


def test_a_backlog_is_told_in_full_and_once_by_followers_that_are_killed_one_after_the_other(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    chance = random.Random(20261124)  # noqa: S311 - the moments of the kills are to repeat
    house = House.furnished(f"sqlite:///{file}")
    with house.app:
        for number in range(SUBSCRIBERS):
            made = house.subscribed(User(Email(f"u{number}@example.com")))
            house.app.subscriptions.pause(ADMIN, made.terms.subscription_id)
        wanted = told_by_the_feed(house)
        assert len(wanted) > 3 * SUBSCRIBERS
        steps = set()
        for life in range(MOST_LIVES):
            said = follow_for(file, life * 25 + chance.randrange(25))
            steps.add(store_over(house.app._engine).audit.checkpoint().position)
            if said == SAID_ALL:
                break
            assert said == SAID_NOTHING
        assert said == SAID_ALL
        assert len(steps) > 2, "it was never killed in the midst of it"
        assert house.app.auditing.follow() == 0
        whole = trail(house)
        assert len(whole) == len(set(whole))
        assert {entry.entry_id for entry in wanted if entry.mode == "live"} == {entry.entry_id for entry in whole}
