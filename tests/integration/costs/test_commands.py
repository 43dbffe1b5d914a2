"""Every command of the program, on DynamoDB Local: none reads everything but those that check or count everything."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from attrs import frozen
from tests.integration.cli.market import BASKET_ID, furnish, run
from tests.integration.contracts.stores import KEYS, STORES
from tests.integration.dynamodb.wire import Wire
from tests.integration.dynamodb_local import needs_dynamodb_local
from typer import Typer

from quantleap import composition
from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.seam import Engine
from quantleap.adapters.system.clock import SystemWaiting
from quantleap.composition import compose
from quantleap.composition.stores import open_store
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.periods import Month, kolkata_date
from quantleap.domain.principals import Admin
from quantleap.entrypoints.cli.main import app
from quantleap.ports.secrets import Secrets

ADMIN, ZEBU = Admin(Email(composition.DEFAULT_OWNER)), PartnerId("zebu", Mode.LIVE)

COMMANDS: Mapping[str, str] = {
    "init": "",
    "catalog load": "--sample",
    "catalog list": "",
    "catalog show": BASKET_ID,
    "partner create": "dhan --mode live",
    "partner keys": "zebu",
    "partner issue": "zebu",
    "partner rotate": "zebu {key}",
    "partner revoke": "zebu {key}",
    "subscription list": "--partner zebu",
    "subscription show": "{active}",
    "subscription pause": "{active}",
    "subscription resume": "{paused}",
    "subscription cancel": "{leaving}",
    "run plan": "--date 2026-11-25 --at 09:20",
    "statement": "zebu {month}",
    "recount": "",
    "verify": "",
    "demo": "--subscribers 2",
}
"""What each is given, in an order in which all succeed in one market."""

APART: Mapping[str, str] = {
    "serve": "what it asks is what its routes ask",
    "token": "it asks the store nothing",
    "openapi": "it has no store",
}
"""Commands that are not run here, and why."""

READS_EVERYTHING = {"recount", "verify", "demo"}
"""The demo asks whether its store is empty, and ends by verifying it."""


@frozen
class Market:
    """A store, the names of what is in it, and what every engine opened meanwhile sends."""

    url: str
    names: Mapping[str, str]
    wires: list[Wire]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """One for all commands."""
    url = STORES["dynamodb"](tmp_path_factory.mktemp("dynamodb"))
    active, paused, leaving = furnish(url, keys=KEYS)
    with compose(url, keys=KEYS) as made:
        made.subscriptions.pause(ADMIN, paused)
        [key] = made.partners.keys(ADMIN, ZEBU)
    names = {
        "active": active,
        "paused": paused,
        "leaving": leaving,
        "key": key.api_key_id,
        "month": str(Month.of(kolkata_date(key.created_at))),
    }
    wires: list[Wire] = []

    def opened(url: str, *, keys: Path | None, may_create: bool) -> tuple[Engine, Secrets]:
        engine, secrets = open_store(url, keys=keys, may_create=may_create)
        assert isinstance(engine, DynamoDbEngine)
        wires.append(Wire(engine))
        return engine, secrets

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "open_store", opened)
        patch.setattr(SystemWaiting, "wait", lambda *_: None)  # a recount would let the feed come in
        yield Market(url, names, wires)


@needs_dynamodb_local
@pytest.mark.parametrize("command", COMMANDS)
def test_only_a_command_that_checks_or_counts_everything_reads_everything(
    market: Market, command: str, tmp_path: Path
) -> None:
    market.wires.clear()
    url = STORES["dynamodb"](tmp_path) if command == "demo" else market.url
    words = (*command.split(), *COMMANDS[command].format_map(market.names).split())
    result = run(*words, "--store", url, env={"QUANTLEAP_KEYS": str(KEYS)})
    assert result.exit_code == 0, result.stderr
    [wire] = market.wires
    assert wire.operations
    assert ("Scan" in wire.operations) == (command in READS_EVERYTHING)


def test_every_command_that_there_is_was_run_or_asks_nothing_of_its_own() -> None:
    assert set(names_of(app)) == COMMANDS.keys() | APART.keys()


def names_of(group: Typer, *before: str) -> Iterator[str]:
    for command in group.registered_commands:
        yield " ".join((*before, str(command.name)))
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from names_of(inner.typer_instance, *before, str(inner.typer_instance.info.name))
