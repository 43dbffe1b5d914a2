"""`token`: who is proved to the local server, and where there is no such thing."""

import stat
from pathlib import Path

import pytest
from tests.integration.cli.market import Cli, run

from quantleap.composition import compose
from quantleap.domain.identifiers import Email
from quantleap.domain.principals import Admin, User

REAL = "dynamodb://TradingConfigurations?region=ap-south-1"
REFUSED = (
    "quantleap: the development issuer of tokens refuses to start beside a real store: "
    "QUANTLEAP_ISSUER and QUANTLEAP_AUDIENCE name the issuer there"
)
BOSS = "Boss@Example.com"


def test_the_token_proves_the_user_to_whoever_serves_the_store(cli: Cli) -> None:
    shown = cli.ok("token", BOSS).rstrip("\n")
    document = cli.json("token", BOSS)
    assert document.keys() == {"token"}
    with compose(cli.store) as app:
        for token in (shown, document["token"]):
            assert app.authentication.user(token) == User(Email("boss@example.com"))


def test_an_admin_s_proves_an_admin(cli: Cli) -> None:
    token = cli.json("token", BOSS, "--admin")["token"]
    with compose(cli.store) as app:
        assert app.authentication.admin(token) == Admin(Email("boss@example.com"))


def test_its_key_is_beside_the_store_for_its_owner_alone(cli: Cli) -> None:
    cli.ok("token", BOSS)
    key = cli.path.with_name(f"{cli.path.name}.issuer")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.parametrize("keys", ["file", "secret"])
def test_a_real_store_has_none_and_nothing_is_made(keys: str, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "platform.keys"
    env = {"QUANTLEAP_KEYS": str(file) if keys == "file" else "secretsmanager://quantleap/keys?region=ap-south-1"}
    result = run("token", BOSS, "--store", REAL, env=env)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{REFUSED}\n")
    assert not file.parent.exists()


@pytest.mark.parametrize("address", ["boss", "boss@", "two words@example.com", "a@b@example.com"])
def test_what_is_no_email_is_refused_and_not_repeated(cli: Cli, address: str) -> None:
    line = cli.refused("token", address, exit_code=2)
    assert (
        line == "quantleap: Invalid value for 'EMAIL': must be one plain mailbox such as name@example.com (see --help)"
    )


def test_a_store_that_is_not_there_is_not_made(missing: Cli) -> None:
    assert "does not exist: create it with `quantleap init`" in missing.refused("token", BOSS)
    assert list(missing.path.parent.iterdir()) == []


def test_its_help_says_how_a_token_is_sent() -> None:
    shown = " ".join(run("token", "--help").stdout.split())
    assert "Authorization: Bearer TOKEN" in shown
    assert "Example: quantleap token anita@example.com" in shown
