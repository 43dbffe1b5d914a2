"""Planning a minute at which several strategies of one template are due: its subscribers are read once for all."""

import gc
from collections.abc import Iterator
from datetime import date, time
from types import SimpleNamespace
from weakref import ref

import pytest
from attrs import evolve
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, STRADDLE, House
from tests.integration.contracts.doubles import WatchedEngine

from quantleap.application.planning import PlannedRun, SkippedRun
from quantleap.domain.execution.plan import PlanRow
from quantleap.domain.execution.run import NotDue
from quantleap.domain.identifiers import Email, Mode
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.principals import User
from quantleap.ports.errors import UnavailableError

WEDNESDAY, NINE_TWENTY = date(2026, 11, 25), time(9, 20)


@pytest.fixture
def strategy(house: House) -> Strategy:
    """The condor's own; beside it a second that trades twice the lots. Anita and bala are subscribed."""
    content = house.app.authoring.get(ADMIN, CONDOR).content
    [own] = content.strategies
    double = evolve(own, strategy_id="z_double", legs=tuple(evolve(leg, lots=leg.lots * 2) for leg in own.legs))
    house.app.authoring.edit(ADMIN, content.with_strategy(double))
    house.subscribed(ANITA)
    house.subscribed(BALA)
    return own


def runs(house: House) -> Iterator[PlannedRun]:
    for run in house.app.planning.entries_due(ADMIN, WEDNESDAY, NINE_TWENTY):
        assert isinstance(run, PlannedRun)
        yield run


def lots(run: PlannedRun) -> list[tuple[str, tuple[int, ...]]]:
    return [(plan.subscription_id, plan.accounts[0].share.lots) for plan in run.plans]


def test_each_run_plans_every_subscriber_by_its_own_strategy_and_of_one_version(
    house: House, strategy: Strategy
) -> None:
    one, two = runs(house)
    assert (one.frame.strategy, two.frame.run.strategy_id) == (strategy, "z_double")
    assert one.frame.basket_version == two.frame.basket_version == house.app.authoring.get(ADMIN, CONDOR).version
    names = [name for name, _ in lots(one)]
    assert len(names) == 2
    assert lots(two) == [(name, (4, 6, 2, 4)) for name in names]


@pytest.mark.usefixtures("strategy")
def test_plans_are_the_same_whichever_run_is_read_first_and_where_both_are_read_in_turn(house: House) -> None:
    in_order = [list(run.plans) for run in runs(house)]
    one, two = runs(house)
    assert [list(run.plans) for run in (two, one)] == in_order[::-1]
    one, two = runs(house)
    in_turn = list(zip(one.plans, two.plans, strict=True))
    assert [list(plans) for plans in zip(*in_turn, strict=True)] == in_order


@pytest.mark.usefixtures("strategy")
def test_a_subscriber_who_joins_between_two_runs_of_a_template_is_in_neither(house: House) -> None:
    one, two = runs(house)
    before = lots(one)
    house.subscribed(User(Email("chandra@example.com")))
    assert [name for name, _ in lots(two)] == [name for name, _ in before]
    assert [len(lots(run)) for run in runs(house)] == [3, 3]


@pytest.mark.usefixtures("strategy")
def test_after_a_fault_in_one_run_the_next_reads_every_subscriber(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = WatchedEngine(house.app._engine)
    monkeypatch.setattr(house.app.planning._subscriptions, "_engine", watched)

    def fail() -> None:
        raise UnavailableError("gone for a moment")

    watched.before("query", fail)
    one, two = runs(house)
    with pytest.raises(UnavailableError):
        list(one.plans)
    assert len(list(two.plans)) == 2


def test_a_strategy_without_a_run_that_day_leaves_the_others_their_subscribers(
    house: House, strategy: Strategy
) -> None:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    house.app.authoring.edit(ADMIN, content.with_strategy_replaced(evolve(strategy, entry_days_before_expiry=0)))
    skipped, run = house.app.planning.entries_due(ADMIN, WEDNESDAY, NINE_TWENTY)
    assert skipped == SkippedRun(CONDOR, strategy.strategy_id, NotDue.OTHER_DAY_BEFORE_EXPIRY)
    assert isinstance(run, PlannedRun)
    assert len(list(run.plans)) == 2


@pytest.mark.usefixtures("strategy")
def test_subscribers_are_kept_no_longer_than_until_the_last_run_of_their_template_was_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    straddle, condor = (house.app.authoring.get(ADMIN, basket_id).content for basket_id in (STRADDLE, CONDOR))
    last = evolve(condor.strategies[0], strategy_id="zz_last")
    house.app.authoring.edit(ADMIN, straddle.with_strategy(last))
    inside, given = house.app.planning._subscriptions, []

    def subscribers(mode: Mode, basket_id: str) -> Iterator[PlanRow]:
        for row in inside.subscribers(mode, basket_id):
            given.append(ref(row))
            yield row

    kept = []
    with monkeypatch.context() as patched:
        patched.setattr(house.app.planning, "_subscriptions", SimpleNamespace(subscribers=subscribers))
        for run in runs(house):
            list(run.plans)
            gc.collect()
            kept.append((run.frame.run.strategy_id, sum(row() is not None for row in given)))
    assert kept == [(condor.strategies[0].strategy_id, 2), ("z_double", 0), ("zz_last", 0)]
