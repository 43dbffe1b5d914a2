"""A use case called as a request with an idempotency key calls it."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from quantleap.application.answering_once import Answer, Answered, Attempt
from quantleap.composition import Application
from quantleap.domain.principals import Principal


def attempt(by: Principal, key: str = "k1", *, target: str = "here", body: bytes = b"{}") -> Attempt:
    """A request of that caller."""
    return Attempt(by, ("POST", f"/{target}"), key, body)


def told(outcome: object) -> Answer:
    """The answer that an outcome makes: its representation, which tells it from every other."""
    return Answer(201, json.dumps(repr(outcome)))


def asked(app: Application, made: Attempt, act: Callable[[], object]) -> "partial[Answered]":
    """The call, not yet made."""
    return partial(app.answering_once.run, made, act, told)


def once(app: Application, made: Attempt, act: Callable[[], Any]) -> Any:
    """What the use case gave, by whose commit the answer was kept. It was not asked before."""
    outcomes: list[Any] = []

    def noted(outcome: object) -> Answer:
        outcomes.append(outcome)
        return told(outcome)

    answered = app.answering_once.run(made, act, noted)
    assert not answered.is_replay
    return outcomes[0]
