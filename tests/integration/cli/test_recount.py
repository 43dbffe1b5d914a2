"""`recount`: what it corrects, what it says, and that `verify` sends people to it."""

from contextlib import closing

from tests.integration.cli.market import BASKET_ID, Cli

from quantleap.adapters.store import keys
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import Delete, Key, Update
from quantleap.composition import DEFAULT_OWNER
from quantleap.domain.identifiers import Email, Mode, PartnerId

ZEBU = keys.partner_counters(PartnerId("zebu", Mode.LIVE))
BASKET = keys.basket(Email(DEFAULT_OWNER), BASKET_ID)


def write(cli: Cli, *writes: Update | Delete) -> None:
    with closing(SqliteEngine(cli.path)) as engine:
        for each in writes:
            engine.write(each)


def test_a_store_in_order_has_nothing_to_correct(cli: Cli, subscriptions: list[str]) -> None:
    cli.ok("verify")

    assert cli.ok("recount") == "3 live subscriptions counted: nothing to correct.\n"
    assert cli.json("recount") == {"live_subscriptions": 3, "corrections": [], "passed_over": []}


def test_what_was_corrected_is_shown_and_verify_that_asked_for_it_is_content(
    cli: Cli, subscriptions: list[str]
) -> None:
    cli.ok("verify")
    wrong = (Update(ZEBU, add={"active_subscriptions": 1}), Update(BASKET, remove=("subscriber_count",)))
    write(cli, *wrong)
    problems = [each["problem"] for each in cli.json("verify", exit_code=1)["differences"]]
    assert problems == [
        "has 3 live subscriptions and no counter that can be read: `quantleap recount` repairs it",
        "has 3 ACTIVE subscriptions, its counter says 4: `quantleap recount` repairs it",
    ]

    assert cli.json("recount")["corrections"] == [
        {"counter": BASKET_ID, "before": None, "after": 3},
        {"counter": "partner_zebu_live ACTIVE", "before": 4, "after": 3},
    ]
    assert cli.json("verify")["ok"] is True

    write(cli, *wrong)
    assert [line.split() for line in cli.ok("recount").splitlines()] == [
        ["3", "live", "subscriptions", "counted:", "2", "counters", "corrected."],
        ["counter", "before", "after"],
        [BASKET_ID, "-", "3"],
        ["partner_zebu_live", "ACTIVE", "4", "3"],
    ]


def test_what_could_not_be_read_is_listed(cli: Cli, subscriptions: list[str]) -> None:
    [user] = [str(item["user_id"]) for item in cli.items() if item["sort_key"] == f"SUBSCRIPTION#{subscriptions[0]}"]
    write(cli, Update(Key(user, f"SUBSCRIPTION#{subscriptions[0]}"), assign={"status": "ASLEEP"}))

    problem = f"item SUBSCRIPTION#{subscriptions[0]}: 'ASLEEP' is not a valid SubscriptionStatus"
    document = cli.json("recount")
    assert document["live_subscriptions"] == 2
    assert {"subject": "record", "problem": problem} in document["passed_over"]
    shown = cli.ok("recount")
    assert "Not counted, since it cannot be read: 1." in shown
    assert problem in shown
    assert "@" not in shown


def test_a_recount_that_was_ended_early_is_named_by_verify_and_ended_by_the_next(
    cli: Cli, subscriptions: list[str]
) -> None:
    cli.ok("verify")
    mark = {"recount": "req_00000000000a", "recount_since": "2026-11-24T06:30:00.000000Z"}
    write(cli, Update(keys.COUNTERS_CHECKPOINT, assign=mark))

    [difference] = cli.json("verify", exit_code=1)["differences"]
    assert difference["subject"] == "counters"
    assert "quantleap recount" in difference["problem"]
    cli.ok("recount")
    assert cli.json("verify")["ok"] is True
