"""Examples by the name of the route: what was sent and answered when the story was told that the tests tell anew."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


def body_example(route_name: str) -> Any:
    """A body that the route takes, None where it takes none."""
    return _examples()[route_name].get("body")


def answer_example(route_name: str) -> Any:
    """An answer of the route."""
    return _examples()[route_name]["answer"]


def path_example(route_name: str, variable: str) -> str:
    """The value of a variable of its path."""
    value: str = _examples()[route_name]["path"][variable]
    return value


@cache
def _examples() -> dict[str, Any]:
    text = files(__package__).joinpath("examples.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
