"""`subscription list`, `show`, `pause`, `resume` and `cancel`."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from tests.integration.cli.market import BASKET_ID, USERS, Cli, furnish

from quantleap.domain.identifiers import Mode

LIST = ("subscription", "list", "--partner", "partner_zebu_live")


def test_a_partners_subscriptions_are_listed_in_the_published_form(cli: Cli, subscriptions: list[str]) -> None:
    document = cli.json(*LIST)

    assert {each["subscription_id"] for each in document["subscriptions"]} == set(subscriptions)
    first = next(each for each in document["subscriptions"] if each["user_email"] == USERS[0])
    assert first["basket_id"] == BASKET_ID
    assert (first["subscription_price"], first["partner_commission"]) == (999, Decimal("299.7"))
    assert (first["currency"], first["custom_lot_multiplier"]) == ("INR", 2)
    assert first["next_billing_date"].endswith("T18:30:00Z")
    assert (document["partner_id"], document["limit"], document["has_more"]) == ("partner_zebu_live", 50, False)


def test_a_list_is_narrowed_by_user_and_status(cli: Cli, subscriptions: list[str]) -> None:
    cli.ok("subscription", "pause", subscriptions[0])

    paused = cli.json(*LIST, "--status", "PAUSED")["subscriptions"]
    of_bina = cli.json(*LIST, "--user", "Bina@Example.com")

    assert [each["subscription_id"] for each in paused] == subscriptions[:1]
    assert [each["subscription_id"] for each in of_bina["subscriptions"]] == [subscriptions[1]]
    assert of_bina["filtered_by"] == {"user_email": USERS[1]}


@pytest.mark.usefixtures("subscriptions")
def test_a_cut_list_says_so(cli: Cli) -> None:
    assert cli.ok(*LIST, "--limit", "2").splitlines()[-1] == (
        "Only 2 subscriptions are shown; see more with --limit, "
        "or go on with --cursor and the next_cursor that --json shows."
    )
    assert len(cli.json(*LIST, "--limit", "2")["subscriptions"]) == 2


def test_a_cut_list_goes_on_by_its_cursor_with_the_same_filters_alone(cli: Cli, subscriptions: list[str]) -> None:
    first = cli.json(*LIST, "--limit", "2")
    rest = cli.json(*LIST, "--limit", "1", "--cursor", first["next_cursor"])

    shown = [each["subscription_id"] for each in (*first["subscriptions"], *rest["subscriptions"])]
    assert sorted(shown) == sorted(subscriptions)
    assert (first["has_more"], rest["has_more"], rest["next_cursor"]) == (True, False, None)
    for words in ((*LIST, "--status", "ACTIVE"), (*LIST, "--user", USERS[0]), ("catalog", "list")):
        assert cli.refused(*words, "--cursor", first["next_cursor"]) == (
            "quantleap: cursor: is not a position of this list"
        )


def test_a_list_that_ends_at_its_limit_has_no_cursor(cli: Cli, subscriptions: list[str]) -> None:
    assert cli.json(*LIST, "--limit", str(len(subscriptions)))["next_cursor"] is None
    assert cli.json(*LIST, "--user", USERS[0], "--limit", "1")["next_cursor"] is None


def test_every_move_is_answered_as_published_and_kept_in_the_history(cli: Cli, subscriptions: list[str]) -> None:
    [subscription_id, *_] = subscriptions
    answers = [
        cli.json("subscription", "pause", subscription_id, "--reason", "on holiday"),
        cli.json("subscription", "resume", subscription_id),
        cli.json("subscription", "cancel", subscription_id, "--reason", "moved abroad"),
    ]
    shown = cli.json("subscription", "show", subscription_id)

    assert [(each["message"], each["status"]) for each in answers] == [
        ("Subscription paused successfully", "PAUSED"),
        ("Subscription resumed successfully", "ACTIVE"),
        ("Subscription cancelled successfully", "CANCELLED"),
    ]
    history = shown["status_history"]
    assert [(entry["status"], entry["reason"]) for entry in history] == [
        ("ACTIVE", None),
        ("PAUSED", "on holiday"),
        ("ACTIVE", None),
        ("CANCELLED", "moved abroad"),
    ]
    assert all(entry["changed_by"].startswith("admin:") for entry in history[1:])
    assert all(before["timestamp"] <= after["timestamp"] for before, after in pairwise(history))
    for name, answer in zip(("paused_at", "resumed_at", "cancelled_at"), answers, strict=True):
        assert shown[name] == answer[name]


def test_an_illegal_move_is_refused_in_the_published_words(cli: Cli, subscriptions: list[str]) -> None:
    before = cli.items()

    assert cli.refused("subscription", "resume", subscriptions[0]) == (
        "quantleap: Can only resume PAUSED subscriptions. Current status: ACTIVE"
    )
    assert cli.items() == before


def test_a_subscription_is_shown_with_its_history(cli: Cli, subscriptions: list[str]) -> None:
    cli.ok("subscription", "pause", subscriptions[0], "--reason", "on holiday")
    shown = cli.ok("subscription", "show", subscriptions[0])

    assert "price a month         INR 999.00" in shown
    assert "partner's commission  30% of it" in shown
    assert shown.splitlines()[-1].endswith("on holiday")


def test_the_counters_follow_a_cancellation(cli: Cli, subscriptions: list[str]) -> None:
    cli.ok("verify")
    cli.ok("subscription", "cancel", subscriptions[0])

    [basket] = [item for item in cli.items() if item.get("sort_key") == f"BASKET#{BASKET_ID}"]
    assert basket["subscriber_count"] == 2


def test_test_data_is_found_in_test_mode_only(tmp_path: Path) -> None:
    cli = Cli.on_file(tmp_path / "store.db")
    [subscription_id, *_] = furnish(cli.store, Mode.TEST)

    assert cli.refused("subscription", "pause", subscription_id) == f"quantleap: No subscription {subscription_id}"
    assert cli.json("subscription", "pause", subscription_id, "--mode", "test")["status"] == "PAUSED"
    shown = cli.json("subscription", "show", subscription_id, "--mode", "test")
    assert shown["status_history"][-1]["changed_by"] == "system:operator"
    assert len(cli.json("subscription", "list", "--partner", "partner_zebu_test")["subscriptions"]) == 3
