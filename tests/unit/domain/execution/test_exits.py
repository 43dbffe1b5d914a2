"""What subscribers leave in the EXIT of Monday 2026-01-12."""

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.execution.exits import AccountPositions, ExitRow, OpenPosition, plan_exit
from quantleap.domain.execution.frame import ExchangeFacts, RunFrame, exit_frame
from quantleap.domain.execution.plan import ExitWarning, PlanOutcome, SubscriberPlan
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import Run, RunKind
from quantleap.domain.identifiers import Mode
from quantleap.domain.marketplace.leg import Action
from quantleap.domain.marketplace.strategy import Strategy

SOLD = OpenPosition(
    leg_id="leg_1",
    action=Action.SELL,
    instrument="NIFTY26JAN24500CE",
    expiry=date(2026, 1, 13),
    lot_size=65,
    lots=30,
)
BOUGHT = evolve(SOLD, leg_id="leg_3", action=Action.BUY, instrument="NIFTY26JAN24700CE", lots=2)


@pytest.fixture(scope="module")
def frame(intraday: Callable[..., Strategy], facts: ExchangeFacts) -> RunFrame:
    return exit_frame("basket", 3, intraday(), Run("condor", date(2026, 1, 12), RunKind.EXIT), facts)


def leave(frame: RunFrame, *positions: OpenPosition, max_lots_per_order: int | None = None) -> SubscriberPlan:
    account = AccountPositions(
        broker_id="zebu", broker_account_id="AB1234", max_lots_per_order=max_lots_per_order, positions=positions
    )
    row = ExitRow(subscription_id="sub_zebu_1", mode=Mode.LIVE, partner_id=None, version=4, accounts=(account,))
    return plan_exit(frame, row)


def test_everything_open_is_left_in_slices(frame: RunFrame) -> None:
    plan = leave(frame, BOUGHT, SOLD)

    assert (plan.outcome, plan.subscription_version) == (PlanOutcome.PLANNED, 4)
    legs = plan.accounts[0].share.legs
    assert [(leg.instrument, leg.slices, leg.quantity) for leg in legs] == [
        (SOLD.instrument, (27, 3), 1950),
        (BOUGHT.instrument, (2,), 130),
    ]
    assert plan.accounts[0].share.warnings == ()


def test_contracts_of_one_day_keep_the_lot_they_were_entered_with(frame: RunFrame) -> None:
    december = evolve(SOLD, instrument="NIFTY25DEC24500CE", expiry=date(2025, 12, 30), lot_size=75)
    legs = leave(frame, december, SOLD).accounts[0].share.legs

    assert {leg.expiry: (leg.lot_size, leg.slices) for leg in legs} == {
        date(2025, 12, 30): (75, (24, 6)),
        date(2026, 1, 13): (65, (27, 3)),
    }


def test_an_accounts_own_limit_slices_its_exit(frame: RunFrame) -> None:
    assert leave(frame, BOUGHT, max_lots_per_order=1).accounts[0].share.legs[0].slices == (1, 1)


def test_with_nothing_open_there_is_nothing_to_leave(frame: RunFrame) -> None:
    plan = leave(frame)

    assert (plan.outcome, plan.skip_reason, plan.accounts) == (PlanOutcome.SKIPPED, SkipReason.NO_OPEN_POSITION, ())


@pytest.mark.parametrize(
    ("sold_lots", "warnings", "left"),
    [
        (88, (), [88, 2]),
        (89, (ExitWarning.EXIT_CONTINUES,), [89, 1]),
        (90, (ExitWarning.EXIT_CONTINUES,), [90]),
        (200, (ExitWarning.EXIT_CONTINUES,), [90]),
    ],
)
def test_an_exit_of_more_than_ninety_orders_leaves_what_was_sold_first_and_continues(
    sold_lots: int, warnings: tuple[ExitWarning, ...], left: list[int], frame: RunFrame
) -> None:
    share = leave(frame, BOUGHT, evolve(SOLD, lots=sold_lots), max_lots_per_order=1).accounts[0].share

    assert share.warnings == warnings
    assert [leg.lots for leg in share.legs] == left
    assert sum(len(leg.slices) for leg in share.legs) == min(90, sold_lots + 2)


def test_an_open_position_holds_something() -> None:
    with pytest.raises(InvalidInputError):
        evolve(SOLD, lots=0)
