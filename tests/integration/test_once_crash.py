"""A process killed in the midst of requests under idempotency keys: each was done and answered, or neither."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.integration.application.house import ADMIN, House
from tests.integration.once_child import WRITERS, ask, user
from tests.integration.races.contestants import furnished, opened

ROOT = Path(__file__).parents[2]
CHILD = "tests.integration.once_child"
KILLS = 100 if os.environ.get("QUANTLEAP_DEEP") == "1" else 5


def answered_by_a_killed_process(file: Path, life: str, chance: random.Random) -> dict[tuple[int, int], str]:
    """The bodies it gave, by writer and number, before it was killed some way into a later request."""
    command = [sys.executable, "-m", CHILD, str(file), life]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        lines = [process.stdout.readline() for _ in range(chance.randrange(1, 40))]
        moment = time.perf_counter_ns() + chance.randrange(3_000_000)
        while time.perf_counter_ns() < moment:
            pass
        process.kill()
        lines += process.stdout.readlines()
        assert process.wait(60) == -signal.SIGKILL
    parts = [line.rstrip("\n").split(" ", 2) for line in lines]
    return {(int(writer), int(number)): body for writer, number, body in parts}


def subscribed(house: House) -> dict[str, list[str]]:
    """The subscriptions of each user, by id."""
    found: dict[str, list[str]] = {}
    for item in house.items():
        if item["entity_type"] == "SUBSCRIPTION":
            found.setdefault(item["user_id"], []).append(item["subscription_id"])
    return found


def test_what_a_killed_process_was_asked_is_completed_by_a_repeat_and_done_once(tmp_path: Path) -> None:
    chance = random.Random(20261124)  # noqa: S311 - the moments of the kills are to repeat
    house = furnished(opened(f"sqlite:///{tmp_path / 'store.db'}"))
    unfinished = 0
    with house.app:
        for life in (f"life{number}" for number in range(KILLS)):
            answered = answered_by_a_killed_process(tmp_path / "store.db", life, chance)
            left = subscribed(house)
            for writer in range(WRITERS):
                told = sum(of == writer for of, _ in answered)
                for number in range(told + 2):
                    again = ask(house.app, life, writer, number)
                    was_done = user(life, writer, number).address in left
                    assert again.is_replay is was_done, "done and not answered, or answered and not done"
                    assert again.answer.body == answered.get((writer, number), again.answer.body)
                    assert was_done or number >= told
                    unfinished += not was_done
        assert {len(ids) for ids in subscribed(house).values()} == {1}
        assert house.app.verification.verify(ADMIN).differences == ()
    assert unfinished >= KILLS * WRITERS
