"""A process that subscribes users under idempotency keys without end, until its parent kills it.

Started as `once_child.py FILE LIFE`. It says `ready`, then a line for each answer that it gave: writer, number, body.
"""

import sys
from functools import partial
from itertools import count
from pathlib import Path
from threading import Lock, Thread

from tests.integration.application.house import CONDOR, ZEBU
from tests.integration.contracts.stores import KEYS
from tests.integration.once import asked, attempt

from quantleap.application.answering_once import Answered
from quantleap.composition import Application, compose
from quantleap.domain.identifiers import Email
from quantleap.domain.principals import PartnerBackend

WRITERS = 2
BY = PartnerBackend(ZEBU)

_speaking = Lock()


def user(life: str, writer: int, number: int) -> Email:
    """Whom that writer subscribes by its request of that number."""
    return Email(f"{life}.{writer}.{number}@example.com")


def ask(app: Application, life: str, writer: int, number: int) -> Answered:
    """That request, for the first time or again."""
    act = partial(
        app.subscribing.for_partner,
        BY,
        user=user(life, writer, number),
        basket_id=CONDOR,
        broker_account_id="AB1234",
    )
    return asked(app, attempt(BY, f"{life} {writer} {number}"), act)()


def say(line: str) -> None:
    with _speaking:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def main(file: str, life: str) -> None:
    """Several writers, each by requests of its own."""
    app = compose(f"sqlite:///{Path(file)}", keys=KEYS, may_create=False)

    def write_on(writer: int) -> None:
        for number in count():
            say(f"{writer} {number} {ask(app, life, writer, number).answer.body}")

    say("ready")
    for writer in range(WRITERS):
        Thread(target=write_on, args=(writer,)).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
