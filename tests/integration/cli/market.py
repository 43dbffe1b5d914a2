"""The command line in this process, and a small market for it to work on."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import frozen
from typer.testing import CliRunner, Result

from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.seam import Item
from quantleap.composition import DEFAULT_OWNER, compose
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.principals import Admin
from quantleap.entrypoints.cli.main import app
from quantleap.settings import Settings

BASKET_ID = "basket_admin_8f3e2a1b"
ADMIN = Admin(Email(DEFAULT_OWNER))
USERS = ("asha@example.com", "bina@example.com", "chand@example.com")


@frozen
class Cli:
    """Runs commands on one store, with the platform's keys in that file where it is a table."""

    store: str
    keys: Path | None = None

    @classmethod
    def on_file(cls, path: Path) -> "Cli":
        """On a SQLite file."""
        return cls(f"sqlite:///{path}")

    @property
    def path(self) -> Path:
        """The SQLite file."""
        return Path(self.store.removeprefix("sqlite:///"))

    def run(self, *words: str) -> Result:
        """The command with this store, whatever the environment says."""
        env = None if self.keys is None else {"QUANTLEAP_KEYS": str(self.keys)}
        return run(*words, "--store", self.store, env=env)

    def ok(self, *words: str) -> str:
        """What people are shown by a command that succeeds."""
        result = self.run(*words)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    def json(self, *words: str, exit_code: int = 0) -> Any:
        """The one JSON document on stdout, its fractions exact."""
        result = self.run(*words, "--json")
        assert (result.exit_code, result.stderr) == (exit_code, "")
        return json.loads(result.stdout, parse_float=Decimal)

    def refused(self, *words: str, exit_code: int = 1) -> str:
        """The one line on stderr of a command that fails and says nothing else."""
        result = self.run(*words)
        assert (result.exit_code, result.stdout) == (exit_code, "")
        [line] = result.stderr.splitlines()
        return line

    def items(self) -> list[Item]:
        """Everything in the store."""
        with closing(SqliteEngine(self.path)) as engine:
            engine.prepare()
            return list(_scanned(engine))


SILENT = dict.fromkeys(f"QUANTLEAP_{name.upper()}" for name in Settings.model_fields)
"""No variable that the command line reads."""


def run(*words: str, env: Mapping[str, str | None] | None = None) -> Result:
    """The command line in this process, in an environment that says nothing unless told."""
    return CliRunner().invoke(app, words, env={**SILENT, **(env or {})})


def furnish(store: str, mode: Mode = Mode.LIVE, *, keys: Path | None = None) -> list[str]:
    """The sample catalog, the partner zebu, and its three subscribers at twice the lots; gives their ids."""
    partner = PartnerId("zebu", mode)
    with compose(store, keys=keys) as house:
        sample = json.loads(house.reference_data.sample_catalog(), parse_float=Decimal)
        house.authoring.load_catalog(ADMIN, sample)
        issued = house.partners.create(ADMIN, partner).issued
        backend = house.authentication.partner(issued.key.api_key, issued.secret)
        made = [
            house.subscribing.for_partner(
                backend,
                user=Email(user),
                basket_id=BASKET_ID,
                broker_account_id=f"ZB{number}",
                multiplier=Multiplier.parse(2),
            )
            for number, user in enumerate(USERS, 1)
        ]
        return [each.terms.subscription_id for each in made]


def _scanned(engine: SqliteEngine) -> Iterator[Item]:
    page = engine.scan()
    yield from page.items
    while page.next is not None:
        page = engine.scan(page.next)
        yield from page.items
