"""`partner create`, `keys`, `rotate` and `revoke`."""

from datetime import datetime, timedelta

from tests.integration.cli.market import ADMIN, Cli

from quantleap.composition import compose
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.rates import Rate

ZEBU = PartnerId("zebu", Mode.LIVE)


def test_a_partner_is_created_as_it_was_agreed(cli: Cli) -> None:
    words = ("--mode", "test", "--commission", "12.5%", "--limit", "600", "--broker", "angelone")
    made = cli.json("partner", "create", "zebu", *words)

    assert list(made) == ["partner_id", "api_key_id", "api_key", "api_secret"]
    assert made["partner_id"] == "partner_zebu_test"
    with compose(cli.store) as app:
        partner = app.partners.get(ADMIN, PartnerId("zebu", Mode.TEST))
        assert (partner.broker_id, partner.rate_limit) == ("angelone", 600)
        assert partner.agreement.terms[0].base == Rate(1250)
        assert app.authentication.partner(made["api_key"], made["api_secret"]).partner_id == partner.partner_id


def test_the_secret_is_shown_once_and_people_are_told_so(cli: Cli) -> None:
    shown = cli.ok("partner", "create", "zebu", "--mode", "live")
    [secret] = [line.split()[-1] for line in shown.splitlines() if line.startswith("api secret")]

    assert "shown this once" in shown.splitlines()[-1]
    assert secret not in cli.ok("partner", "keys", "zebu")
    assert secret not in str(cli.items())


def test_a_rotated_pair_works_on_beside_its_successor(cli: Cli) -> None:
    first = cli.json("partner", "create", "zebu", "--mode", "live")
    second = cli.json("partner", "rotate", "zebu", first["api_key_id"], "--overlap-days", "3")

    assert second["replaces"] == first["api_key_id"]
    with compose(cli.store) as app:
        for pair in (first, second):
            assert app.authentication.partner(pair["api_key"], pair["api_secret"]).partner_id == ZEBU
    old, new = cli.json("partner", "keys", "partner_zebu_live")["keys"]
    overlap = datetime.fromisoformat(old["overlap_until"]) - datetime.fromisoformat(new["created_at"])
    assert timedelta(0) <= overlap - timedelta(days=3) < timedelta(minutes=1)


def test_a_revoked_pair_is_useless_and_revoking_again_changes_nothing(cli: Cli) -> None:
    made = cli.json("partner", "create", "zebu", "--mode", "live")
    first = cli.json("partner", "revoke", "zebu", made["api_key_id"])
    before = cli.items()

    assert cli.json("partner", "revoke", "zebu", made["api_key_id"]) == first
    assert cli.items() == before
    assert f"{made['api_key_id']} of partner_zebu_live is revoked." in cli.ok(
        "partner", "revoke", "zebu", made["api_key_id"]
    )
    [key] = cli.json("partner", "keys", "zebu")["keys"]
    assert key["revoked_at"] == first["revoked_at"]


def test_keys_of_an_unknown_partner_are_not_found(cli: Cli) -> None:
    assert cli.refused("partner", "keys", "partner_nobody_live") == "quantleap: No partner partner_nobody_live"


def test_a_partner_whose_keys_are_all_revoked_gets_a_further_one(cli: Cli) -> None:
    first = cli.json("partner", "create", "zebu", "--mode", "live")
    cli.ok("partner", "revoke", "zebu", first["api_key_id"])
    further = cli.json("partner", "issue", "zebu")
    with compose(cli.store) as app:
        proved = app.authentication.partner(further["api_key"], further["api_secret"])
    assert str(proved.partner_id) == first["partner_id"]
