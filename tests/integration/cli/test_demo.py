"""`demo`: the whole story, and the figures it ends with."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.integration.cli.market import Cli, furnish, run

from quantleap.entrypoints.cli.demo import story
from quantleap.entrypoints.cli.demo.chapter import Chapter, Check
from quantleap.entrypoints.cli.demo.closing import verify_store
from quantleap.entrypoints.cli.demo.stage import Stage


def told(*words: str) -> Any:
    result = run("demo", "--json", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout, parse_float=Decimal)


def test_a_thousand_subscribers_are_right_to_the_paisa_and_to_the_lot() -> None:
    document = told("--subscribers", "1000")

    charging, planning, refunding = document["charging"], document["planning"], document["refunding"]
    assert (charging["gross"], charging["commission"], charging["platform"]) == (999_000, 299_700, 699_300)
    assert document["subscribing"]["subscriber_count"] == 1000
    assert (planning["subscribers_planned"], planning["cancelled_is_planned"]) == (999, False)
    assert (planning["lot_size"], planning["orders"]) == (65, 7992)
    assert [leg["quantity"] for leg in planning["legs"]] == [259_740, 389_610, 129_870, 259_740]
    assert [part["refund"] for part in refunding["parts"]] == [Decimal("100.05"), Decimal("100.05"), Decimal("798.9")]
    assert (refunding["refunded"], refunding["clawed_back"]) == (999, Decimal("299.7"))
    assert document["statement"]["total"] == Decimal("299400.3")
    assert document["verify"] == {
        "ok": True, "subscriptions": 1000, "charges": 1000, "transactions": 1003, "differences": [],
    }  # fmt: skip
    assert document["ok"] is True
    assert all(check["holds"] for check in document["checks"])


def test_people_are_told_the_same_with_indian_amounts() -> None:
    result = run("demo", "--subscribers", "25")

    assert (result.exit_code, result.stderr) == (0, "")
    for words in (
        "1. The marketplace opens",
        "refused: The API key, secret or token is not valid",
        "gross                 INR 24,975.00",
        "Can only pause ACTIVE subscriptions. Current status: PAUSED",
        "the one who left     enters nothing",
        "leg_2 PE  SELL           3     3         3         6       390      9,360",
        "together    INR 999.00          INR 299.70           INR 699.30",
        "25 subscriptions, 25 charges and 28 ledger transactions checked: everything agrees.",
    ):
        assert words in result.stdout
    assert "sk_zebu" not in result.stdout


def test_lots_are_split_into_whole_units_over_two_brokers() -> None:
    [plan] = told("--subscribers", "2")["planning"]["plans"]

    assert [(account["broker_id"], account["units"]) for account in plan["accounts"]] == [("zebu", 1), ("angelone", 1)]
    assert [[leg["lots"] for leg in account["legs"]] for account in plan["accounts"]] == [[2, 3, 1, 2]] * 2


def test_a_temporary_store_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert told("--subscribers", "2")["store"] == "temporary"
    assert list(tmp_path.iterdir()) == []


def test_it_leaves_the_environments_store_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.db"

    assert run("demo", "--subscribers", "2", env={"QUANTLEAP_STORE": f"sqlite:///{mine}"}).exit_code == 0
    assert not mine.exists()


def test_a_store_of_ones_own_keeps_the_story_and_is_not_written_to_twice(cli: Cli) -> None:
    cli.ok("demo", "--subscribers", "2")
    before = cli.items()

    assert cli.refused("demo", "--subscribers", "2") == (
        "quantleap: --store: holds data already, and the demo needs an empty store: name another"
    )
    assert cli.items() == before
    assert cli.json("verify")["ok"] is True


def test_a_store_with_nothing_but_the_partner_is_not_empty(cli: Cli) -> None:
    cli.ok("partner", "create", "zebu", "--mode", "live")

    assert "holds data already" in cli.refused("demo", "--subscribers", "2")


def test_a_store_of_another_owner_is_not_empty(cli: Cli) -> None:
    furnish(cli.store)
    before = cli.items()

    result = run("demo", "--store", cli.store, env={"QUANTLEAP_OWNER": "boss@example.com"})

    assert result.exit_code == 1
    assert "holds data already" in result.stderr
    assert cli.items() == before


def test_a_claim_that_does_not_hold_ends_with_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def verify_wrongly(stage: Stage) -> Chapter:
        return evolve(verify_store(stage), checks=(Check("two and two are five", 5, 4),))

    monkeypatch.setattr(story, "STORY", (*story.STORY[:-1], verify_wrongly))
    shown = run("demo", "--subscribers", "2")
    document = json.loads(run("demo", "--subscribers", "2", "--json").stdout)

    assert shown.exit_code == 1
    assert shown.stdout.splitlines()[-1] == "Some claims do not hold."
    assert document["ok"] is False
    assert document["checks"][-1] == {"claim": "two and two are five", "expected": 5, "found": 4, "holds": False}
