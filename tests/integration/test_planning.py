"""The sample catalog planned with the shipped facts of the exchange, from the due run to the order intents."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from quantleap.adapters.calendars.package_data import PackageReferenceData
from quantleap.domain.execution.frame import EntryFrame, ExchangeFacts, RunTemplate, entry_frame
from quantleap.domain.execution.intents import order_intents
from quantleap.domain.execution.plan import Planner, PlanRow
from quantleap.domain.execution.run import Run, RunKind, due_run
from quantleap.domain.identifiers import Mode
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.document import read_catalog
from quantleap.domain.marketplace.leg import Action

PACKAGE = PackageReferenceData()
FACTS = ExchangeFacts(
    PACKAGE.trading_calendar(), PACKAGE.expiry_rules(), PACKAGE.contract_terms(), PACKAGE.quantity_limits()
)
CATALOG = read_catalog(json.loads(PACKAGE.sample_catalog(), parse_float=Decimal))
BASKETS = [Basket.new(CATALOG.owner, content, datetime(2026, 1, 1, tzinfo=UTC)) for content in CATALOG.templates]
CONDOR = BASKETS[0]


def condor_frame(on: date) -> EntryFrame:
    [strategy] = CONDOR.strategies
    run = due_run(strategy, RunKind.ENTRY, on, FACTS.calendar, FACTS.expiry_rules)
    assert run is not None
    assert strategy.entry_time == time(9, 20)
    return entry_frame(RunTemplate.of(CONDOR), run, FACTS)


def subscriber(multiplier: str) -> PlanRow:
    return PlanRow(
        subscription_id="sub_direct_1",
        mode=Mode.LIVE,
        partner_id=None,
        multiplier=Multiplier.parse(Decimal(multiplier)),
        ends_on=None,
        allocation=Allocation.single("zebu", "AB1234"),
        version=1,
    )


@pytest.mark.parametrize(
    ("multiplier", "lots"), [("1", (2, 3, 1, 2)), ("2", (4, 6, 2, 4)), ("1.5", (3, 4, 1, 3)), ("10", (20, 30, 10, 20))]
)
def test_the_condor_at_nine_twenty_on_a_friday(multiplier: str, lots: tuple[int, ...]) -> None:
    frame = condor_frame(date(2026, 1, 16))
    plan = Planner(frame).plan(subscriber(multiplier))

    assert frame.expiry == date(2026, 1, 20)
    assert tuple(leg.lots for leg in plan.accounts[0].share.legs) == lots
    assert sum(intent.quantity for intent in order_intents(plan, frame)) == 65 * sum(lots)


def test_the_december_contract_trades_75_a_lot_and_the_january_one_65_a_day_later() -> None:
    expiries = {day: condor_frame(day) for day in (date(2025, 12, 30), date(2025, 12, 31))}

    assert [(frame.expiry, frame.lot_size) for frame in expiries.values()] == [
        (date(2025, 12, 30), 75),
        (date(2026, 1, 6), 65),
    ]


def test_the_condors_orders_buy_the_wings_first() -> None:
    frame = condor_frame(date(2026, 1, 16))
    intents = order_intents(Planner(frame).plan(subscriber("1")), frame)

    assert [intent.side for intent in intents] == [Action.BUY, Action.BUY, Action.SELL, Action.SELL]


def test_every_sample_strategy_plans_on_every_day_it_enters_from_february_2025_to_november_2026() -> None:
    first, last = date(2025, 2, 3), date(2026, 11, 30)
    planned = 0
    for offset in range((last - first).days + 1):
        for basket in BASKETS:
            for strategy in basket.strategies:
                on = first + timedelta(days=offset)
                run = due_run(strategy, RunKind.ENTRY, on, FACTS.calendar, FACTS.expiry_rules)
                if run is not None:
                    frame = entry_frame(RunTemplate.of(basket), run, FACTS)
                    assert order_intents(Planner(frame).plan(subscriber("1")), frame)
                    planned += 1

    assert planned > 400


def test_a_run_that_was_not_asked_for_is_not_due_on_budget_sunday() -> None:
    strategies = [strategy for basket in BASKETS for strategy in basket.strategies]
    due: list[Run | None] = [
        due_run(strategy, kind, date(2026, 2, 1), FACTS.calendar, FACTS.expiry_rules)
        for strategy in strategies
        for kind in RunKind
    ]

    assert set(due) == {None}
