"""`catalog load`, `catalog list` and `catalog show`."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from tests.integration.cli.market import BASKET_ID, Cli, run

from quantleap.adapters.calendars.package_data import PackageReferenceData

SAMPLE = PackageReferenceData().sample_catalog()


def test_the_sample_is_loaded_once_and_then_left_alone(cli: Cli) -> None:
    first = cli.json("catalog", "load", "--sample")
    again = cli.json("catalog", "load", "--sample")

    assert [each["changed"] for each in first["templates"]] == [True] * 4
    assert [each["changed"] for each in again["templates"]] == [False] * 4
    assert [each["version"] for each in again["templates"]] == [2] * 4


def test_a_file_is_loaded_and_its_edit_makes_a_new_version(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "catalog.json"
    file.write_text(SAMPLE)
    cli.ok("catalog", "load", str(file))
    file.write_text(SAMPLE.replace("999.00", "1099.00", 1))

    loaded = cli.json("catalog", "load", str(file))["templates"]

    assert {each["basket_id"]: each["version"] for each in loaded if each["changed"]} == {BASKET_ID: 3}
    assert cli.json("catalog", "show", BASKET_ID)["subscription_price"] == 1099


def test_a_list_names_the_published_fields_and_an_exact_price(cli: Cli) -> None:
    cli.ok("catalog", "load", "--sample")
    document = cli.json("catalog", "list")

    cheap = next(each for each in document["templates"] if each["basket_name"] == "MIDCPNIFTY income ladder")
    assert cheap["subscription_price"] == Decimal("799.5")
    assert (cheap["currency"], cheap["strategies_count"], cheap["is_marketplace_enabled"]) == ("INR", 2, True)
    assert (document["limit"], document["has_more"]) == (100, False)


def test_a_list_says_that_it_was_cut_and_how_to_see_more(cli: Cli) -> None:
    cli.ok("catalog", "load", "--sample")

    assert cli.ok("catalog", "list", "--limit", "3").splitlines()[-1] == (
        "Only 3 baskets are shown; see more with --limit, or go on with --cursor and the next_cursor that --json shows."
    )
    assert "--limit" not in cli.ok("catalog", "list", "--limit", "4")
    assert cli.json("catalog", "list", "--limit", "3")["has_more"] is True


def test_a_list_goes_on_by_its_cursor(cli: Cli) -> None:
    cli.ok("catalog", "load", "--sample")
    first = cli.json("catalog", "list", "--limit", "3")
    rest = cli.json("catalog", "list", "--cursor", first["next_cursor"])

    assert first["templates"] + rest["templates"] == cli.json("catalog", "list")["templates"]
    assert (len(rest["templates"]), rest["has_more"], rest["next_cursor"]) == (1, False, None)


def test_a_basket_is_shown_with_strategies_and_legs(cli: Cli) -> None:
    cli.ok("catalog", "load", "--sample")
    shown = cli.ok("catalog", "show", BASKET_ID)

    assert "price a month       INR 999.00" in shown
    assert "capital required    INR 50,000.00" in shown
    assert "enters         09:20 Mon, Tue, Wed, Thu, Fri" in shown
    assert "leg_2  SELL  PE         3  ATM -200 points  30 %" in shown


def test_every_kind_of_strike_and_limit_is_spelled(cli: Cli, tmp_path: Path) -> None:
    document = json.loads(SAMPLE)
    [strategy] = document["templates"][0]["strategies"]
    strategy["target_profit"] = {"type": "ABSOLUTE", "value": 5000}
    strategy["mtm_stop_loss"] = {"type": "PERCENTAGE", "value": 25}
    strategy["legs"][0] |= {
        "selection_method": "PERCENTAGE_OF_STRADDLE_PREMIUM",
        "selection_value": 50,
        "selection_operator": "CLOSEST",
        "trailing_stop": {"type": "POINTS", "value": 15},
        "re_entry": {"max_count": 2},
    }
    strategy["legs"][1] |= {"selection_method": "ATM_PERCENT", "selection_value": -1}
    strategy["legs"][2] |= {
        "selection_method": "PREMIUM",
        "selection_value": 60,
        "selection_operator": "LTE",
    }
    file = tmp_path / "catalog.json"
    file.write_text(json.dumps(document))
    cli.ok("catalog", "load", str(file))

    shown = cli.ok("catalog", "show", BASKET_ID)

    for words in ("INR 5000", "25 %", "premium CLOSEST 50 % of the straddle's", "15 points", "ATM -1 %"):
        assert words in shown
    assert "premium LTE 60" in shown


def test_a_shown_basket_has_amounts_as_numbers_and_everything_its_author_wrote(cli: Cli) -> None:
    cli.ok("catalog", "load", "--sample")
    document = cli.json("catalog", "show", BASKET_ID)

    assert (document["subscription_price"], document["total_capital_required"]) == (999, 50000)
    [strategy] = document["strategies"]
    assert [leg["lots"] for leg in strategy["legs"]] == [2, 3, 1, 2]
    assert document["created_at"].endswith("Z")


def test_the_sample_takes_the_owner_that_the_environment_names(cli: Cli) -> None:
    owned = {"QUANTLEAP_OWNER": "Boss@Example.com"}

    assert run("catalog", "load", "--sample", "--store", cli.store, env=owned).exit_code == 0
    assert len(json.loads(run("catalog", "list", "--json", "--store", cli.store, env=owned).stdout)["templates"]) == 4
    assert cli.json("catalog", "list")["templates"] == []


@pytest.mark.parametrize("words", [(), ("FILE", "--sample")])
def test_load_takes_a_file_or_the_sample(cli: Cli, words: tuple[str, ...]) -> None:
    assert "FILE: give a file, or --sample and no file" in cli.refused("catalog", "load", *words, exit_code=2)
