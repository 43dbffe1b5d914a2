"""`init`, `demo` and `verify` on each kind of store: what they make, what they say, and whose keys they take."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.integration.cli.market import Cli, furnish, run
from tests.integration.contracts.stores import REAL_STORES, STORES, everything, side_by_side
from tests.integration.dynamodb_local import needs_dynamodb_local

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.engines.dynamodb_table import create_table_request
from quantleap.adapters.store.seam import Delete, Engine, Item, Key, StoreMissingError
from quantleap.composition.stores import open_store

KEPT_STORES = [param for param in REAL_STORES if param.values != ("memory",)]
NAMES = re.compile(r"\b(?:sub_zebu|chg_sub_zebu|key|txn)_\w+|\bpk_zebu_live_\w+|\b(?:ZB|AO)[0-9]{4}\b")
"""What no two runs have alike. Accounts tell which subscriber comes first, an order that is each engine's own."""


@pytest.fixture(params=KEPT_STORES)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Cli:
    """On a store that outlives a command, which is not there yet."""
    return Cli(STORES[request.param](tmp_path), tmp_path / "keys" / "platform.keys")


@pytest.fixture
def table(tmp_path: Path) -> Cli:
    """On a table that is not there yet; its test needs the engine."""
    return Cli(STORES["dynamodb"](tmp_path), tmp_path / "platform.keys")


def engine_of(cli: Cli) -> Engine:
    engine, _ = open_store(cli.store, keys=cli.keys, may_create=False)
    return engine


def items_of(cli: Cli) -> list[Item]:
    with closing(engine_of(cli)) as engine:
        return everything(engine)


def key_file(cli: Cli) -> Path:
    if cli.store.startswith("dynamodb"):
        assert cli.keys is not None
        return cli.keys
    return Path(f"{cli.path}.keys")


def drop_claim(cli: Cli) -> None:
    with closing(engine_of(cli)) as engine:
        engine.write(Delete(Key("PLATFORM", "CLAIM")))


# init


@pytest.mark.parametrize("name", REAL_STORES)
def test_init_makes_each_kind_of_store_and_is_safe_to_repeat(name: str, tmp_path: Path) -> None:
    cli = Cli(STORES[name](tmp_path), tmp_path / "platform.keys")
    for _ in range(2):
        result = cli.run("init", "--json")
        assert (result.exit_code, json.loads(result.stdout)) == (0, {"store": cli.store, "ready": True})


def test_repeating_init_changes_neither_the_store_nor_its_keys(kept: Cli) -> None:
    assert kept.run("init").exit_code == 0
    before, keys = items_of(kept), key_file(kept).read_bytes()

    assert kept.ok("init") == f"{kept.store} is ready.\n"
    assert (items_of(kept), key_file(kept).read_bytes()) == (before, keys)
    assert key_file(kept).stat().st_mode & 0o777 == 0o600


def test_after_init_the_other_commands_work(kept: Cli) -> None:
    kept.run("init")

    kept.ok("catalog", "load", "--sample")
    kept.ok("partner", "create", "zebu", "--mode", "live")
    assert "key_" in kept.ok("partner", "keys", "zebu")
    assert kept.json("recount")["corrections"] == []
    assert kept.json("verify")["ok"] is True


@pytest.mark.parametrize(
    "words",
    [("catalog", "list"), ("catalog", "load", "--sample"), ("partner", "keys", "zebu"), ("verify",), ("recount",)],
    ids=" ".join,
)
def test_without_init_each_command_says_in_one_line_what_to_do_and_makes_nothing(
    kept: Cli, words: tuple[str, ...]
) -> None:
    assert "does not exist: create it with `quantleap init`" in kept.refused(*words)
    assert not key_file(kept).exists()
    if kept.store.startswith("dynamodb"):
        with pytest.raises(StoreMissingError):
            items_of(kept)
    else:
        assert not kept.path.exists()


@needs_dynamodb_local
def test_the_steps_of_making_a_table_are_told_on_stderr_a_line_each(table: Cli) -> None:
    result = table.run("init")

    assert (result.exit_code, result.stdout) == (0, f"{table.store} is ready.\n")
    assert re.match(r"creating table \w+ with 6 indexes\n", result.stderr)


@needs_dynamodb_local
def test_an_index_that_a_table_lacks_is_named_with_what_to_do(table: Cli, tmp_path: Path) -> None:
    Cli(STORES["dynamodb"](tmp_path), table.keys).run("init")  # makes the keys
    with closing(engine_of(table)) as engine:
        assert isinstance(engine, DynamoDbEngine)
        request = create_table_request(engine._table)
        request["GlobalSecondaryIndexes"] = [
            index for index in request["GlobalSecondaryIndexes"] if index["IndexName"] != "PartnerSubscriptions"
        ]
        request["AttributeDefinitions"] = [
            each for each in request["AttributeDefinitions"] if each["AttributeName"] != "partner_id"
        ]
        engine._client.create_table(**request)
    table.ok("partner", "create", "zebu", "--mode", "live")

    said = table.refused("subscription", "list", "--partner", "zebu")
    assert "lacks an index: run `quantleap init`" in said


# demo


def figures(cli: Cli) -> Any:
    """What the demo says, but for the store, the seconds, and names that are drawn by chance."""
    result = cli.run("demo", "--subscribers", "25", "--json")
    assert result.exit_code == 0
    document = json.loads(NAMES.sub("(a name)", result.stdout), parse_float=Decimal)
    assert document.pop("store") == cli.store
    assert document.pop("seconds") > 0
    return document


def test_the_demo_says_the_same_on_every_store(tmp_path: Path) -> None:
    said = {name: figures(Cli(STORES[name](tmp_path), tmp_path / "platform.keys")) for name in side_by_side()}

    assert said["memory"]["ok"] is True
    assert all(document == said["memory"] for document in said.values())


def test_the_demo_takes_an_empty_store_that_init_made_and_refuses_it_once_it_holds_data(kept: Cli) -> None:
    kept.run("init")
    kept.ok("demo", "--subscribers", "2")
    before = items_of(kept)

    assert kept.refused("demo", "--subscribers", "2") == (
        "quantleap: --store: holds data already, and the demo needs an empty store: name another"
    )
    assert items_of(kept) == before
    assert kept.json("verify")["ok"] is True


def test_the_demo_makes_a_store_that_is_missing_and_claims_it(kept: Cli) -> None:
    assert kept.run("demo", "--subscribers", "2").exit_code == 0
    assert [item["sort_key"] for item in items_of(kept) if item["user_id"] == "PLATFORM"] == ["CLAIM"]


# The platform's keys


@pytest.fixture
def swapped(kept: Cli, tmp_path: Path) -> Iterator[Cli]:
    """A store that init made, whose key file is now another store's."""
    other = Cli.on_file(tmp_path / "other.db")
    for each in (kept, other):
        assert each.run("init").exit_code == 0
    key_file(kept).write_bytes(key_file(other).read_bytes())
    yield kept
    assert key_file(kept).read_bytes() == key_file(other).read_bytes()


def test_the_keys_of_another_store_are_refused_by_init_and_by_the_demo(swapped: Cli) -> None:
    before = items_of(swapped)
    for words in (("init",), ("demo", "--subscribers", "2")):
        assert swapped.refused(*words) == (
            "quantleap: the keys are not those that the store was made with: "
            "bring its own file of keys back, or name another"
        )
    assert items_of(swapped) == before


def test_verify_tells_that_the_keys_are_anothers(swapped: Cli) -> None:
    assert swapped.json("verify", exit_code=1)["differences"] == [
        {
            "subject": "platform's keys",
            "problem": "are not those that the store was made with: bring its own back",
        }
    ]


def test_lost_keys_are_missed_and_not_replaced(kept: Cli) -> None:
    kept.run("init")
    key_file(kept).unlink()
    for words in (("init",), ("verify",), ("partner", "create", "zebu", "--mode", "live")):
        assert "is missing: restore it from a backup or where it was made" in kept.refused(*words)
    assert not key_file(kept).exists()


@pytest.mark.parametrize("words", [("init",), ("verify",)], ids=" ".join)
def test_keys_that_others_may_read_are_refused(kept: Cli, words: tuple[str, ...]) -> None:
    kept.run("init")
    key_file(kept).chmod(0o644)

    assert kept.refused(*words) == f"quantleap: {key_file(kept)} must be readable by its owner alone: chmod 600 it"


def test_a_store_that_nobody_claimed_yet_is_claimed_by_init_and_agrees_until_then(kept: Cli) -> None:
    kept.run("init")
    drop_claim(kept)

    assert kept.json("verify")["ok"] is True
    kept.ok("init")
    assert [item["sort_key"] for item in items_of(kept) if item["user_id"] == "PLATFORM"] == ["CLAIM"]


@needs_dynamodb_local
def test_keys_that_others_may_read_make_no_table(table: Cli) -> None:
    assert table.keys is not None
    table.keys.write_text("{}")
    table.keys.chmod(0o644)

    assert "must be readable by its owner alone" in table.refused("init")
    with pytest.raises(StoreMissingError):
        items_of(table)


@needs_dynamodb_local
def test_a_second_machine_with_the_same_keys_works_on_the_same_table(table: Cli, tmp_path: Path) -> None:
    table.run("init")
    assert table.keys is not None
    elsewhere = tmp_path / "elsewhere.keys"
    elsewhere.touch(0o600)
    elsewhere.write_bytes(table.keys.read_bytes())
    second = Cli(table.store, elsewhere)

    second.ok("init")
    assert second.json("verify")["ok"] is True


def test_no_line_and_no_item_holds_a_key(kept: Cli) -> None:
    said = [kept.run("init"), kept.run("verify"), kept.run("init", "--json")]
    stored = json.dumps(items_of(kept))
    for held in json.loads(key_file(kept).read_text()).values():
        for key in held.values():
            assert key not in stored
            assert all(key not in result.output for result in said)


def test_a_command_on_a_file_needs_no_keys_of_the_environment(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/store.db"
    furnish(store)

    result = run("verify", "--store", store, env={"QUANTLEAP_KEYS": str(tmp_path / "none")})
    assert result.exit_code == 0
    assert not (tmp_path / "none").exists()
