"""A user's broker accounts of a basket: one document that is put, read, removed, and previewed before it trades."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from tests.integration.api.asking import Asking, invalid, refusal_of
from tests.integration.api.faces import Face
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, STRADDLE, House

from quantleap.application.planning import PlannedRun
from quantleap.domain.lots.scaling import LotRounding
from quantleap.domain.marketplace.strategy import StrategyStatus

GET, PUT, DELETE, PREVIEW = "getAllocation", "putAllocation", "deleteAllocation", "previewAllocation"
MULTIPLY = {
    "mode": "multiply",
    "accounts": [
        {"broker_id": "zebu", "broker_account_id": "A1", "priority": 0},
        {"broker_id": "kite", "broker_account_id": "K1", "priority": 1, "lot_multiplier": Decimal("1.5")},
    ],
}
SPLIT = {
    "mode": "split",
    "accounts": [
        {"broker_id": "zebu", "broker_account_id": "A1", "priority": 0, "weight": 2, "cap_units": 3},
        {"broker_id": "kite", "broker_account_id": "K1", "priority": 1, "weight": 1, "max_lots_per_order": 2},
    ],
}
ACCOUNT = {"broker_id": "zebu", "broker_account_id": "A1"}


@pytest.fixture
def anita(face: Face, house: House) -> Asking:
    return Asking.user(face, house, ANITA)


def alone(**changed: Any) -> dict[str, Any]:
    """One account in mode multiply."""
    return {"mode": "multiply", "accounts": [{**ACCOUNT, **changed}]}


@pytest.mark.parametrize("document", [MULTIPLY, SPLIT], ids=["multiply", "split"])
def test_what_is_put_is_read_back_and_removed(anita: Asking, document: dict[str, Any]) -> None:
    assert anita.good(PUT, json=document, basket_id=CONDOR) == document
    assert anita.good(GET, basket_id=CONDOR) == document
    assert anita.good(DELETE, basket_id=CONDOR) == {"message": "Allocation removed successfully"}
    for route in (GET, DELETE):
        refused = (404, "ALLOCATION_NOT_FOUND", f"No allocation of basket {CONDOR}", {"basket_id": CONDOR})
        assert refusal_of(anita.ask(route, basket_id=CONDOR)) == refused


def test_it_is_the_users_own(anita: Asking, face: Face, house: House) -> None:
    anita.good(PUT, json=MULTIPLY, basket_id=CONDOR)
    assert refusal_of(Asking.user(face, house, BALA).ask(GET, basket_id=CONDOR))[:2] == (404, "ALLOCATION_NOT_FOUND")


def test_the_live_subscription_trades_by_it(anita: Asking, house: House) -> None:
    house.subscribed(ANITA)
    anita.good(PUT, json=SPLIT, basket_id=CONDOR)
    assert house.app.verification.verify(ADMIN).differences == ()


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"accounts": [ACCOUNT]}, invalid("mode", "is required")),
        ({"mode": "both", "accounts": [ACCOUNT]}, invalid("mode", "must be one of multiply, split")),
        ({"mode": "multiply", "accounts": []}, invalid("accounts", "must name 1 to 20 broker accounts")),
        ({"mode": "multiply", "accounts": {}}, invalid("accounts", "must be a list")),
        ({"mode": "multiply", "accounts": [7]}, invalid("accounts[0]", "must be an object")),
        (alone(broker_id="Z"), invalid("accounts[0].broker_id", "must be 1 to 32 lower-case letters, digits, _ or -")),
        (alone(name="x"), invalid("accounts[0]", "has a key that is not known")),
        (alone(priority=1001), invalid("accounts[0].priority", "must be from 0 to 1000")),
        (alone(priority=True), invalid("accounts[0].priority", "must be a whole number, not a boolean")),
        (alone(lot_multiplier=11), invalid("accounts[0].lot_multiplier", "must be from 0.1 to 10")),
        (alone(max_lots_per_order=0), invalid("accounts[0].max_lots_per_order", "must be from 1 to 10000")),
        (alone(weight=1), invalid("accounts[0].weight", "is refused in mode multiply")),
        ({"mode": "split", "accounts": [ACCOUNT]}, invalid("accounts[0].weight", "is required in mode split")),
        (
            {"mode": "multiply", "accounts": [ACCOUNT, ACCOUNT]},
            invalid("accounts[1].broker_account_id", "repeats an account that stands before it"),
        ),
    ],
    ids=str,
)
def test_a_bad_document_is_refused_by_its_path(anita: Asking, body: Any, refused: object) -> None:
    assert refusal_of(anita.ask(PUT, json=body, basket_id=CONDOR)) == refused


def test_a_basket_that_was_never_offered_is_not_there(anita: Asking) -> None:
    for route, body in ((PUT, MULTIPLY), (PREVIEW, None)):
        assert refusal_of(anita.ask(route, json=body, basket_id="missing"))[:2] == (404, "TEMPLATE_NOT_FOUND")


# Previewed


def test_a_preview_tells_lots_quantities_and_orders_of_each_account_and_leg(anita: Asking, house: House) -> None:
    """Lots 2, 3, 1, 2 at 65 a lot. The next entry is tomorrow's: today's minute is over."""
    name = house.subscribed(ANITA).terms.subscription_id
    anita.good(PUT, json=MULTIPLY, basket_id=CONDOR)
    document = anita.good(PREVIEW, basket_id=CONDOR)
    [strategy] = document.pop("strategies")
    assert document == {"subscription_id": name, "status": "ACTIVE", "custom_lot_multiplier": 1}
    first, second = strategy.pop("accounts")
    assert strategy == {
        "strategy_id": "strat_nifty_ic_0920",
        "trade_date": "2026-11-25",
        "skip_reason": None,
        "detail": None,
        "shortfall_units": 0,
    }
    assert first["legs"][1] == {
        "leg_id": "leg_2",
        "lots": 3,
        "lot_size": 65,
        "quantity": 195,
        "orders": [{"lots": 3, "quantity": 195}],
    }
    assert [leg["lots"] for leg in first["legs"]] == [2, 3, 1, 2]
    assert [leg["lots"] for leg in second["legs"]] == [3, 4, 1, 3]
    assert second["warnings"] == ["RATIOS_CHANGED"]


def test_a_preview_is_what_is_planned(anita: Asking, house: House) -> None:
    house.subscribed(ANITA)
    anita.good(PUT, json=MULTIPLY, basket_id=CONDOR)
    [strategy] = anita.good(PREVIEW, basket_id=CONDOR)["strategies"]
    house.clock.move_to(datetime(2026, 11, 25, 3, 50, tzinfo=UTC))
    [run] = house.app.planning.entries_due(ADMIN, date(2026, 11, 25), time(9, 20))
    assert isinstance(run, PlannedRun)
    [plan] = run.plans
    assert [leg["quantity"] for account in strategy["accounts"] for leg in account["legs"]] == [
        leg.quantity for account in plan.accounts for leg in account.share.legs
    ]


def test_todays_entry_is_previewed_until_its_minute(anita: Asking, house: House) -> None:
    for hour, day in ((3, "2026-11-25"), (4, "2026-11-26")):  # 09:20 in India is 03:50
        house.clock.move_to(datetime(2026, 11, 25, hour, tzinfo=UTC))
        asking = Asking.user(anita.face, house, ANITA)
        [strategy] = asking.good(PREVIEW, basket_id=CONDOR)["strategies"]
        assert strategy["trade_date"] == day


def test_orders_are_cut_at_the_accounts_limit_and_a_split_shares_whole_units(anita: Asking, house: House) -> None:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    [strategy] = content.strategies
    legs = tuple(evolve(leg, lots=4) for leg in strategy.legs)
    house.app.authoring.edit(
        ADMIN,
        evolve(content, lot_rounding=LotRounding.WHOLE_UNITS, strategies=(evolve(strategy, legs=legs),)),
    )
    anita.good(PUT, json=SPLIT, basket_id=CONDOR)
    [previewed] = anita.good(PREVIEW, basket_id=CONDOR)["strategies"]
    zebu, kite = previewed["accounts"]
    assert (zebu["units"], kite["units"], previewed["shortfall_units"]) == (3, 1, 0)
    assert zebu["legs"][0]["orders"] == [{"lots": 3, "quantity": 195}]


@pytest.mark.parametrize("reason", ["NO_ALLOCATION", "NOT_ACTIVE", "STRATEGY_INACTIVE", "ZERO_LOTS"])
def test_a_preview_says_why_nothing_is_traded(anita: Asking, house: House, reason: str) -> None:
    name = house.subscribed(ANITA).terms.subscription_id
    content = house.app.authoring.get(ADMIN, CONDOR).content
    [strategy] = content.strategies
    match reason:
        case "NO_ALLOCATION":
            anita.good(DELETE, basket_id=CONDOR)
        case "NOT_ACTIVE":
            house.app.subscriptions.pause(ADMIN, name)
        case "STRATEGY_INACTIVE":
            inactive = evolve(strategy, status=StrategyStatus.INACTIVE)
            house.app.authoring.edit(ADMIN, evolve(content, strategies=(inactive,)))
        case "ZERO_LOTS":
            house.app.authoring.edit(ADMIN, evolve(content, lot_rounding=LotRounding.WHOLE_UNITS))
            anita.good(PUT, json=alone(lot_multiplier=Decimal("0.1")), basket_id=CONDOR)
    [previewed] = anita.good(PREVIEW, basket_id=CONDOR)["strategies"]
    assert previewed["skip_reason"] == reason


def test_a_strategy_that_enters_on_no_day_of_the_next_two_months_says_so() -> None:
    with House.furnished("memory://", start=datetime(2026, 6, 1, tzinfo=UTC)).app as app:
        content = app.authoring.get(ADMIN, CONDOR).content
        [strategy] = content.strategies
        app.authoring.edit(ADMIN, evolve(content, strategies=(evolve(strategy, entry_days_before_expiry=20),)))
        [previewed] = app.allocation_preview.preview(ANITA, CONDOR).strategies
    assert (previewed.trade_date, previewed.skip_reason) == (None, "NOT_SCHEDULED")


def test_a_day_that_no_fact_covers_is_said(anita: Asking, house: House) -> None:
    house.clock.move_to(datetime(2026, 12, 31, 12, tzinfo=UTC))
    asking = Asking.user(anita.face, house, ANITA)
    [previewed] = asking.good(PREVIEW, basket_id=CONDOR)["strategies"]
    assert (previewed["trade_date"], previewed["skip_reason"]) == (None, "FACTS_MISSING")
    assert "2027-01-01" in previewed["detail"]


def test_before_subscribing_a_preview_goes_by_a_multiplier_of_one(anita: Asking) -> None:
    anita.good(PUT, json=alone(), basket_id=STRADDLE)
    document = anita.good(PREVIEW, basket_id=STRADDLE)
    assert (document["subscription_id"], document["status"], document["custom_lot_multiplier"]) == (None, None, 1)
    assert document["strategies"][0]["accounts"][0]["legs"][0]["lots"] > 0


def test_a_preview_tells_no_leg_s_side_or_strike_nor_the_strategy_s_times(anita: Asking) -> None:
    text = anita.ask(PREVIEW, basket_id=CONDOR).text
    for private in ("option_type", "action", "selection", "strike", "entry_time", "09:20", "SELL", "stop_loss"):
        assert private not in text
