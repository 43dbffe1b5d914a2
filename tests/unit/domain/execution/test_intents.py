"""From plans to order intents, on Monday 2026-01-12."""

from collections.abc import Callable
from datetime import date

import pytest

from quantleap.domain.execution.exits import AccountPositions, ExitRow, OpenPosition, plan_exit
from quantleap.domain.execution.frame import EntryFrame, ExchangeFacts, RunFrame, exit_frame
from quantleap.domain.execution.intents import order_intents
from quantleap.domain.execution.order_intent import IntentStatus
from quantleap.domain.execution.plan import Planner, PlanRow, SubscriberPlan
from quantleap.domain.execution.run import Run, RunKind
from quantleap.domain.identifiers import Mode
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.marketplace.leg import Action
from quantleap.domain.marketplace.strategy import Strategy

BuildFrame = Callable[..., EntryFrame]
BuildRow = Callable[..., PlanRow]
BUY, SELL = Action


def test_an_entry_buys_before_it_sells(frame_of: BuildFrame, row: BuildRow) -> None:
    frame = frame_of()
    intents = order_intents(Planner(frame).plan(row(multiplier=Multiplier(2_000_000))), frame)

    assert [(intent.side, intent.key.leg_id, intent.lots) for intent in intents] == [
        (BUY, "leg_3", 2),
        (BUY, "leg_4", 4),
        (SELL, "leg_1", 4),
        (SELL, "leg_2", 6),
    ]


def test_an_intent_carries_run_contract_algo_and_versions(frame_of: BuildFrame, row: BuildRow) -> None:
    frame = frame_of()
    first = order_intents(Planner(frame).plan(row()), frame)[0]

    assert first.key.run == frame.run
    assert (first.key.subscription_id, first.key.broker_id) == ("sub_zebu_1", "zebu")
    assert (first.expiry, first.lot_size, first.instrument) == (date(2026, 1, 13), 65, None)
    assert (first.basket_id, first.basket_version, first.subscription_version) == ("basket", 1, 7)
    assert (first.algo_id, first.status) == ("ALGO1", IntentStatus.PLANNED)


def test_slices_of_a_leg_are_numbered_and_every_id_is_its_own(frame_of: BuildFrame, row: BuildRow) -> None:
    frame = frame_of()
    accounts = (BrokerAccount("zebu", "A"), BrokerAccount("zebu", "B", max_lots_per_order=7))
    plan = Planner(frame).plan(
        row(multiplier=Multiplier(10_000_000), allocation=Allocation(AllocationMode.MULTIPLY, accounts))
    )
    intents = order_intents(plan, frame)

    of_leg_2 = [
        (each.key.broker_account_id, each.key.slice_index, each.lots) for each in intents if each.key.leg_id == "leg_2"
    ]
    assert of_leg_2 == [("A", 0, 27), ("A", 1, 3), ("B", 0, 7), ("B", 1, 7), ("B", 2, 7), ("B", 3, 7), ("B", 4, 2)]
    assert len({intent.intent_id for intent in intents}) == len(intents)


def test_the_same_attempt_gives_the_same_intents_and_another_gives_none_of_them(
    frame_of: BuildFrame, row: BuildRow
) -> None:
    frame = frame_of()
    plan = Planner(frame).plan(row())

    assert order_intents(plan, frame) == order_intents(Planner(frame).plan(row()), frame, attempt=0)
    first = {intent.intent_id for intent in order_intents(plan, frame)}
    assert first.isdisjoint(intent.intent_id for intent in order_intents(plan, frame, attempt=1))


def test_a_skipped_account_has_no_intents(frame_of: BuildFrame, row: BuildRow) -> None:
    frame = frame_of()
    tenth = BrokerAccount("zebu", "A", lot_multiplier=Multiplier(100_000))
    plan = Planner(frame).plan(row(allocation=Allocation(AllocationMode.MULTIPLY, (tenth, BrokerAccount("zebu", "B")))))

    assert {intent.key.broker_account_id for intent in order_intents(plan, frame)} == {"B"}
    assert order_intents(Planner(frame).plan(row(allocation=None)), frame) == ()


@pytest.fixture
def leaving(intraday: Callable[..., Strategy], facts: ExchangeFacts) -> RunFrame:
    return exit_frame("basket", 3, intraday(), Run("condor", date(2026, 1, 12), RunKind.EXIT), facts)


def position(leg_id: str, action: Action, instrument: str, lots: int) -> OpenPosition:
    return OpenPosition(
        leg_id=leg_id, action=action, instrument=instrument, expiry=date(2026, 1, 13), lot_size=65, lots=lots
    )


def exit_plan(frame: RunFrame, *positions: OpenPosition) -> SubscriberPlan:
    account = AccountPositions(broker_id="zebu", broker_account_id="A", max_lots_per_order=None, positions=positions)
    row = ExitRow(subscription_id="sub_zebu_1", mode=Mode.LIVE, partner_id=None, version=4, accounts=(account,))
    return plan_exit(frame, row)


def test_an_exit_reverses_the_entrys_order_and_its_sides(leaving: RunFrame) -> None:
    plan = exit_plan(
        leaving,
        position("leg_1", SELL, "C1", 2),
        position("leg_2", SELL, "P1", 3),
        position("leg_3", BUY, "C2", 1),
        position("leg_4", BUY, "P2", 2),
    )

    assert [(intent.side, intent.key.leg_id, intent.instrument) for intent in order_intents(plan, leaving)] == [
        (BUY, "leg_2", "P1"),
        (BUY, "leg_1", "C1"),
        (SELL, "leg_4", "P2"),
        (SELL, "leg_3", "C2"),
    ]


def test_a_leg_held_in_two_contracts_is_left_under_different_ids(leaving: RunFrame) -> None:
    plan = exit_plan(leaving, position("leg_1", SELL, "MON", 30), position("leg_1", SELL, "TUE", 1))
    intents = order_intents(plan, leaving)

    assert [(intent.instrument, intent.key.slice_index, intent.lots) for intent in intents] == [
        ("TUE", 0, 1),
        ("MON", 1, 27),
        ("MON", 2, 3),
    ]
    assert len({intent.intent_id for intent in intents}) == 3
