"""A process whose threads are contestants, at its parent's word.

Each line of its input is JSON: `{"open": URL}`, or `{"race": NAME, "scene": {...}, "cast": [[NUMBER, PART], ...]}` and
then `"go"`. It answers `"opened"`; `"ready"`, and the endings of its contestants. It ends with its input.
"""

import json
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from attrs import asdict
from tests.integration.races.contestants import Threads, opened
from tests.integration.races.race import Scene
from tests.integration.races.table_of_races import RACES

from quantleap.composition import Application


def main() -> None:
    """Do what the input says."""
    app: Application | None = None
    for line in sys.stdin:
        message = json.loads(line)
        if "open" in message:
            if app is not None:
                app.close()
            app = opened(message["open"], may_create=False).app
            _say("opened")
        else:
            assert app is not None
            _race(app, message)
    if app is not None:
        app.close()


def _race(app: Application, told: Mapping[str, Any]) -> None:
    cast = dict(told["cast"])
    with ThreadPoolExecutor(len(cast)) as pool:
        go = Threads(app).lined_up(pool, RACES[told["race"]], Scene(**told["scene"]), cast)
        _say("ready")
        assert json.loads(sys.stdin.readline()) == "go"
        _say([asdict(ending) for ending in go()])


def _say(message: object) -> None:
    sys.stdout.write(f"{json.dumps(message)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
