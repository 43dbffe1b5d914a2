"""`statement`, `init` and `verify`."""

import stat
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from tests.integration.cli.market import ADMIN, Cli, run

from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import Delete, Key
from quantleap.composition import compose
from quantleap.domain.errors import RefundExceedsChargeError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.money import Money
from quantleap.domain.periods import Month, kolkata_date
from quantleap.domain.principals import System

ZEBU = PartnerId("zebu", Mode.LIVE)


def charge_all(cli: Cli, subscriptions: list[str]) -> Month:
    """Charge the first period of each, refund 500.00 of the first, adjust by 10.00, pay 100.00; gives the month."""
    with compose(cli.store) as app:
        billing = System("billing")
        days = [app.subscriptions.get(ADMIN, each).terms.started_on for each in subscriptions]
        charges = [
            app.billing.charge_next(billing, each, through=day) for each, day in zip(subscriptions, days, strict=True)
        ]
        assert charges[0] is not None
        app.billing.refund(ADMIN, charges[0].charge_id, Money(50_000, "INR"), reference="refund-1")
        app.billing.adjust(ADMIN, ZEBU, Money(-1_000, "INR"), reference="late-fee", reason="late report")
        app.billing.pay_out(ADMIN, ZEBU, Money(10_000, "INR"), reference="payout-1")
        return Month.of(kolkata_date(charges[0].posted_at))


def test_a_statement_adds_up_to_the_paisa(cli: Cli, subscriptions: list[str]) -> None:
    month = charge_all(cli, subscriptions)
    document = cli.json("statement", "partner_zebu_live", str(month))

    assert (document["charged"], document["refunded"]) == (2997, 500)
    assert (document["commission"], document["clawed_back"]) == (Decimal("899.1"), 150)
    assert document["total"] == sum(line["net_commission"] for line in document["lines"]) == Decimal("749.1")
    assert document["closing_balance"] == Decimal("639.1")
    assert document["adjustments"] == [{"reference": "late-fee", "reason": "late report", "amount": -10}]
    assert document["payouts"] == [{"reference": "payout-1", "amount": 100}]
    assert (document["lines_count"], document["limit"], document["has_more"]) == (3, None, False)


def test_a_statement_for_people_has_indian_amounts_and_says_when_it_is_cut(cli: Cli, subscriptions: list[str]) -> None:
    month = charge_all(cli, subscriptions)
    shown = cli.ok("statement", "zebu", str(month), "--limit", "2")

    assert "charged          INR 2,997.00" in shown
    assert "Only the first 2 lines are shown; see more with --limit." in shown
    assert sum(line.startswith("sub_zebu_") for line in shown.splitlines()) == 2
    assert "adjustment  late-fee   INR -10.00" in shown
    assert cli.json("statement", "zebu", str(month), "--limit", "2")["has_more"] is True


def test_a_statement_in_another_currency_is_one_of_its_own(cli: Cli, subscriptions: list[str]) -> None:
    month = charge_all(cli, subscriptions)
    document = cli.json("statement", "zebu", str(month), "--currency", "USD")

    assert (document["currency"], document["lines_count"]) == ("USD", 0)


def test_a_parked_subscription_shows_why(cli: Cli, subscriptions: list[str]) -> None:
    charge_all(cli, subscriptions)
    with compose(cli.store) as app, pytest.raises(RefundExceedsChargeError):
        app.billing.refund(ADMIN, f"chg_{subscriptions[1]}_0000", Money(10**6, "INR"), reference="too-much")

    assert cli.json("subscription", "show", subscriptions[1])["parked"] == "a refund above its charge was asked for"
    assert "a refund above its charge was asked for" in cli.ok("subscription", "show", subscriptions[1])
    assert cli.json("subscription", "show", subscriptions[0])["parked"] is None


def test_a_statement_without_postings_is_all_zero(cli: Cli) -> None:
    cli.ok("partner", "create", "zebu", "--mode", "live")
    shown = cli.ok("statement", "zebu", "2026-01")

    assert "closing balance  INR 0.00" in shown
    assert shown.splitlines()[-1] == "lines            0"


def test_init_makes_the_store_for_its_owner_alone_and_is_safe_to_repeat(tmp_path: Path) -> None:
    cli = Cli.on_file(tmp_path / "data" / "store.db")

    assert cli.json("init") == {"store": cli.store, "ready": True}
    assert cli.ok("init") == f"{cli.store} is ready.\n"
    assert stat.S_IMODE(cli.path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(cli.path.stat().st_mode) == 0o600


def test_the_store_is_the_environments_unless_an_option_names_one(tmp_path: Path) -> None:
    named, other = (f"sqlite:///{tmp_path}/{name}.db" for name in ("named", "other"))

    assert run("init", env={"QUANTLEAP_STORE": named}).stdout == f"{named} is ready.\n"
    assert run("init", "--store", other, env={"QUANTLEAP_STORE": named}).stdout == f"{other} is ready.\n"


def test_the_default_store_is_a_private_folder_in_the_users_data(tmp_path: Path) -> None:
    result = run("init", env={"XDG_DATA_HOME": str(tmp_path)})
    file = tmp_path / "quantleap" / "quantleap.db"

    assert result.stdout == f"sqlite:///{file} is ready.\n"
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_sound_store_is_verified(cli: Cli, subscriptions: list[str]) -> None:
    charge_all(cli, subscriptions)

    assert cli.json("verify") == {
        "ok": True,
        "subscriptions": 3,
        "charges": 3,
        "transactions": 6,
        "differences": [],
    }
    assert cli.ok("verify") == ("3 subscriptions, 3 charges and 6 ledger transactions checked: everything agrees.\n")


def test_every_difference_is_listed_and_ends_with_exit_code_1(cli: Cli, subscriptions: list[str]) -> None:
    cli.ok("verify")
    [marker, *_] = [item for item in cli.items() if item["entity_type"] == "LIVE_SUBSCRIPTION"]
    with closing(SqliteEngine(cli.path)) as engine:
        engine.write(Delete(Key(str(marker["user_id"]), str(marker["sort_key"]))))

    document = cli.json("verify", exit_code=1)
    result = cli.run("verify")

    assert document["ok"] is False
    [difference] = document["differences"]
    assert difference["subject"] in subscriptions
    assert (result.exit_code, result.stderr) == (1, "")
    assert f"{difference['subject']}  {difference['problem']}" in result.stdout
