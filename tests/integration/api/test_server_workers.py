"""What works beside the server keeps up with the feed, outlives its own failures, and stops when it is told to."""

import logging
import threading
from threading import Event
from typing import cast

import pytest
from attrs import define, field
from tests.integration.api.wire import GIVE_UP_S
from tests.integration.application.house import House

from quantleap.composition import Application
from quantleap.entrypoints.server.workers import working
from quantleap.ports.errors import UnavailableError


@define
class Turns:
    """A worker that fails at its first turn, and then says when a turn had no fault."""

    went_well: Event = field(factory=Event)
    made: int = 0

    def follow(self) -> int:
        """See `Counting.follow`."""
        return self._turn()

    def sweep(self) -> int:
        """See `Tidying.sweep`."""
        return self._turn()

    def _turn(self) -> int:
        self.made += 1
        if self.made == 1:
            raise UnavailableError("the store is away")
        self.went_well.set()
        return 0


@define
class Works:
    """What of an application works beside the server."""

    counters: Turns = field(factory=Turns)
    auditing: Turns = field(factory=Turns)
    tidying: Turns = field(factory=Turns)


def _workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("worker-")]


def test_a_turn_that_fails_is_logged_and_made_again(caplog: pytest.LogCaptureFixture) -> None:
    works = Works()
    with caplog.at_level(logging.ERROR), working(cast("Application", works), every_s=0.0, sweep_every_s=0.0):
        for each in (works.counters, works.auditing, works.tidying):
            assert each.went_well.wait(GIVE_UP_S)
    assert {record.getMessage() for record in caplog.records} == {
        "the worker of the counters failed, and tries again",
        "the worker of the audit failed, and tries again",
        "the worker of the sweep failed, and tries again",
    }


def test_none_is_left_behind() -> None:
    with working(cast("Application", Works()), every_s=GIVE_UP_S):
        assert len(_workers()) == 3
    assert _workers() == []


def test_the_sweep_keeps_a_time_of_its_own() -> None:
    works = Works()
    with working(cast("Application", works), every_s=0.0, sweep_every_s=GIVE_UP_S):
        assert works.counters.went_well.wait(GIVE_UP_S)
    assert works.tidying.made == 1


def test_what_was_committed_is_counted_and_audited_before_it_ends() -> None:
    house = House.furnished("memory://")
    with house.app as app:
        house.subscribed()
        with working(app, every_s=0.0):
            pass  # the first turn is made in any case
        assert app.counters.follow() == 0
        assert app.auditing.follow() == 0
