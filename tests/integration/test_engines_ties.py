"""What ties in an index's sort key comes in an order of each engine's own: the side-by-side comparison takes it so."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, ZEBU
from tests.integration.test_engines_agree import EnginesAgree

from quantleap.domain.lots.multiplier import ONE
from quantleap.domain.principals import PartnerBackend
from quantleap.domain.subscriptions.transitions import Transition

BACKEND = PartnerBackend(ZEBU)
ROUNDS = 4
"""So many that the engines do not come to the same orders by chance."""


@pytest.fixture
def machine() -> Iterator[EnginesAgree]:
    """Every house, with no live subscription."""
    machine = EnginesAgree()
    machine.furnish()
    cancel(machine, machine.subscriptions[1:])
    yield machine
    machine.nothing_differs_once_the_counters_have_followed()
    machine.teardown()


def subscribe_both(machine: EnginesAgree) -> None:
    for user in (ANITA, BALA):
        machine.subscribe(BACKEND, user, CONDOR, multiplier=ONE, request_id=None)


def cancel(machine: EnginesAgree, names: list[str]) -> None:
    """The newest ones."""
    for pick in range(len(names)):
        machine.move_by_the_platform(pick, Transition.CANCEL, None)


def test_plans_of_subscribers_of_one_day_are_the_same(machine: EnginesAgree) -> None:
    for _ in range(ROUNDS):
        subscribe_both(machine)
        machine.plan(ADMIN, date(2026, 11, 23), time(9, 20))
        cancel(machine, machine.subscriptions[-2:])


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_lists_of_subscriptions_of_one_day_are_the_same(machine: EnginesAgree, limit: int) -> None:
    for _ in range(ROUNDS):
        subscribe_both(machine)
        cancel(machine, machine.subscriptions[-2:])
    for by in (BACKEND, ANITA):
        machine.read(by, 0, status=None, partner_id=None, limit=limit)
