"""`run plan`: what the strategies due at a minute enter, and for whom not."""

from pathlib import Path

import pytest
from tests.integration.cli.market import ADMIN, BASKET_ID, USERS, Cli, furnish

from quantleap.composition import compose
from quantleap.domain.identifiers import Email, Mode
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount

PLAN = ("run", "plan", "--date", "2026-11-25", "--at", "09:20")


def allocate(cli: Cli, user: str, *accounts: BrokerAccount) -> None:
    with compose(cli.store) as app:
        app.allocations.put(ADMIN, BASKET_ID, Allocation(AllocationMode.SPLIT, accounts), user=Email(user))


@pytest.mark.usefixtures("subscriptions")
def test_lots_quantities_and_orders_are_summed_over_subscribers(cli: Cli) -> None:
    document = cli.json(*PLAN)

    assert (document["trade_date"], document["at"], document["mode"]) == ("2026-11-25", "09:20", "live")
    [run] = document["runs"]
    assert (run["expiry"], run["lot_size"], run["basket_version"]) == ("2026-12-01", 65, 2)
    assert (run["subscribers"], run["subscribers_planned"], run["orders"]) == (3, 3, 12)
    assert [leg["lots"] for leg in run["legs"]] == [12, 18, 6, 12]
    assert [leg["quantity"] for leg in run["legs"]] == [780, 1170, 390, 780]
    assert (run["plans"], run["has_more"]) == ([], True)


@pytest.mark.usefixtures("subscriptions")
def test_who_trades_nothing_is_counted_by_reason(cli: Cli) -> None:
    with compose(cli.store) as app:
        app.allocations.delete(ADMIN, BASKET_ID, user=Email(USERS[0]))
    allocate(cli, USERS[1], BrokerAccount("zebu", "ZB2", weight=1), BrokerAccount("angelone", "AO2", weight=0))

    [run] = cli.json(*PLAN)["runs"]

    assert (run["subscribers_planned"], run["subscribers_skipped"]) == (2, {"NO_ALLOCATION": 1})
    assert run["accounts_skipped"] == {"ZERO_LOTS": 1}
    assert "subscribers skipped  1 NO_ALLOCATION" in cli.ok(*PLAN)


@pytest.mark.usefixtures("subscriptions")
def test_the_first_subscribers_are_shown_account_by_account_and_order_by_order(cli: Cli) -> None:
    allocate(
        cli,
        USERS[0],
        BrokerAccount("zebu", "ZB1", weight=1, max_lots_per_order=2),
        BrokerAccount("angelone", "AO1", weight=1),
    )
    [run] = cli.json(*PLAN, "--subscribers", "3")["runs"]
    [plan] = [each for each in run["plans"] if len(each["accounts"]) == 2]
    zebu, angelone = plan["accounts"]

    assert run["has_more"] is False
    assert (zebu["units"], angelone["units"]) == (1, 1)
    assert [leg["lots"] for leg in angelone["legs"]] == [2, 3, 1, 2]
    assert zebu["legs"][1]["slices"] == [{"lots": 2, "quantity": 130}, {"lots": 1, "quantity": 65}]


def test_people_are_shown_the_first_subscribers_and_why_one_trades_nothing(cli: Cli, subscriptions: list[str]) -> None:
    with compose(cli.store) as app:
        app.allocations.delete(ADMIN, BASKET_ID, user=Email(USERS[0]))
    lines = cli.ok(*PLAN, "--subscribers", "3").splitlines()
    cut = cli.ok(*PLAN, "--subscribers", "1").splitlines()

    [skipped] = [line.split() for line in lines if line.startswith(subscriptions[0])]
    assert skipped[1:] == ["-", "-", "0", "0", "NO_ALLOCATION"]
    assert [line.split()[1:] for line in lines if line.startswith(subscriptions[1])][1] == [
        "zebu/ZB2", "leg_2", "6", "390", "390",
    ]  # fmt: skip
    assert "see more" not in lines[-1]
    assert cut[-1] == "Only the first 1 are shown; see more with --subscribers."


def test_who_paused_is_not_planned(cli: Cli, subscriptions: list[str]) -> None:
    cli.ok("subscription", "pause", subscriptions[0])

    assert cli.json(*PLAN)["runs"][0]["subscribers"] == 2


def test_test_data_has_runs_of_its_own(tmp_path: Path) -> None:
    cli = Cli.on_file(tmp_path / "store.db")
    furnish(cli.store, Mode.TEST)

    assert cli.json(*PLAN)["runs"][0]["subscribers"] == 0
    assert cli.json(*PLAN, "--mode", "test")["runs"][0]["subscribers"] == 3


def test_a_minute_at_which_nothing_is_due_says_so(cli: Cli) -> None:
    words = ("run", "plan", "--date", "2026-11-25", "--at", "09:21")

    assert cli.ok(*words) == "No strategy enters at 09:21 on Wednesday 2026-11-25.\n"
    assert cli.json(*words)["runs"] == []


def test_a_strategy_that_has_no_run_that_day_is_named_with_the_reason(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "catalog.json"
    cli.ok("catalog", "load", "--sample")
    with compose(cli.store) as app:
        text = app.reference_data.sample_catalog()
    file.write_text(text.replace('"strategy_id": "strat_nifty_ic_0920",', '"strategy_id": "strat_nifty_ic_0920",\n'
                                 '"entry_days_before_expiry": 0,'))  # fmt: skip
    cli.ok("catalog", "load", str(file))

    assert cli.json(*PLAN)["skipped_runs"] == [
        {
            "basket_id": BASKET_ID,
            "strategy_id": "strat_nifty_ic_0920",
            "reason": "OTHER_DAY_BEFORE_EXPIRY",
            "detail": None,
        }
    ]
    assert "OTHER_DAY_BEFORE_EXPIRY" in cli.ok(*PLAN)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-24", "2026-11-24 is not a trading day: Prakash Gurpurb Sri Guru Nanak Dev"),
        ("2026-11-28", "2026-11-28 is not a trading day: weekend"),
        ("2027-11-25", "No trading calendar for NSE on 2027-11-25"),
    ],
)
def test_a_day_without_trading_is_refused_with_its_reason(cli: Cli, day: str, words: str) -> None:
    assert cli.refused("run", "plan", "--date", day, "--at", "09:20") == f"quantleap: {words}"
