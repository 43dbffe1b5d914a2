"""Bad input of every kind: one line that names what is wrong and why, and nothing written."""

import json
from pathlib import Path

import pytest
from tests.integration.cli.market import Cli, run

from quantleap.adapters.calendars.package_data import PackageReferenceData

SAMPLE = PackageReferenceData().sample_catalog()
PLAN = ("run", "plan")
DAY = ("--date", "2026-11-25")
CREATE = ("partner", "create")
LIST = ("subscription", "list")

WRONG_USAGE = [
    ((*CREATE, "zebu", "--mode", "live", "--commission", "300%"), "'--commission': must be from 0% to 100%"),
    ((*CREATE, "zebu", "--mode", "live", "--commission", "30"), "'--commission': must be a percentage"),
    ((*CREATE, "zebu", "--mode", "live", "--commission", "NaN%"), "'--commission': must be a percentage"),
    ((*CREATE, "zebu", "--mode", "prod"), "'--mode': must be one of live, test"),
    ((*CREATE, "zebu", "--mode", "live", "--limit", "0"), "'--limit': Input should be greater than or equal to 1"),
    ((*CREATE, "zebu", "--mode", "live", "--limit", "many"), "'--limit': Input should be a valid integer"),
    ((*CREATE, "zebu", "--mode", "live", "--broker", "ZEBU!"), "'--broker': must be 1 to 32"),
    ((*CREATE, "Zebu", "--mode", "live"), "'NAME': must be 2 to 31"),
    ((*CREATE, "direct", "--mode", "live"), "'NAME': must not be the reserved name direct"),
    ((*CREATE, "zebu"), "Missing option '--mode'"),
    (("partner", "keys", "partner_zebu"), "'PARTNER': must be a partner id such as partner_zebu_live"),
    (("partner", "rotate", "zebu", "key_1", "--overlap-days", "31"), "'--overlap-days': Input should be less than"),
    ((*PLAN, *DAY, "--at", "25:00"), "'--at': must be a time such as 09:20"),
    ((*PLAN, *DAY, "--at", "9:20"), "'--at': must be a time such as 09:20"),
    ((*PLAN, *DAY), "Missing option '--at'"),
    ((*PLAN, "--date", "2026-02-30", "--at", "09:20"), "'--date': is no day of the calendar"),
    ((*PLAN, "--date", "20261125", "--at", "09:20"), "'--date': must be a date such as 2026-11-25"),
    ((*PLAN, *DAY, "--at", "09:20", "--subscribers", "-1"), "'--subscribers': Input should be greater than"),
    (("statement", "zebu", "2026-13"), "'YYYY-MM': must be a month such as 2026-11"),
    ((*LIST, "--partner", "zebu", "--status", "active"), "'--status': must be one of ACTIVE, PAUSED"),
    ((*LIST, "--partner", "zebu", "--user", "two@a.example,b"), "'--user': must be one plain mailbox"),
    ((*LIST, "--partner", "zebu", "--limit", "0"), "'--limit': Input should be greater than"),
    (("demo", "--subscribers", "1"), "'--subscribers': Input should be greater than or equal to 2"),
    (("catalog", "lst"), "No such command 'lst'. Did you mean 'list'?"),
    (("catalog", "list", "--colour"), "No such option: --colour"),
    (("subscription", "show", "sub_zebu_1", "bob@example.com"), "unexpected extra argument(s) (...)"),
    (("subscription", "show", "sub_zebu_1", "sk_zebu_live_0123"), "unexpected extra argument(s) (...)"),
]

REFUSED = [
    (("catalog", "show", "Basket!"), "basket_id: must be 1 to 64 lower-case letters, digits, _ or -"),
    (("catalog", "show", "basket_none"), "No template basket basket_none"),
    (("partner", "keys", "nobody"), "No partner partner_nobody_live"),
    (("partner", "revoke", "zebu", "key_none"), "No API key key_none"),
    (("partner", "create", "zebu", "--mode", "live"), "Partner partner_zebu_live already exists"),
    (("subscription", "show", "bob@example.com"), "subscription_id: must be a subscription id such as"),
    (("subscription", "cancel", "sub_zebu_none"), "No subscription sub_zebu_none"),
    (("subscription", "pause", "sub_zebu_none", "--reason", "a\nb"), "reason: must not hold control"),
    (("subscription", "pause", "sub_zebu_none", "--reason", "x" * 121), "reason: must have 1 to 120 characters"),
    (("statement", "nobody", "2026-01"), "No partner partner_nobody_live"),
    (("statement", "zebu", "2999-01"), "month: has not begun yet"),
]

LEG = "templates[0].strategies[0].legs[0]"
CATALOGS = [
    (b"", "FILE: is not JSON at line 1, column 1"),
    (b'{"owner": }', "FILE: is not JSON at line 1, column 11"),
    (b"\xff\xfe", "FILE: must be UTF-8 text; byte 1 is not"),
    (b"[" * 100_000, "FILE: is nested too deeply"),
    (b"[" + b"9" * 5_000 + b"]", "FILE: holds a number with too many digits"),
    (b"[1e99999999999999999999]", "FILE: holds a number with too many digits"),
    (b" " * (1024 * 1024 + 1), "FILE: must be at most 1 MiB"),
    (b"[]", "document: must be an object, not a list"),
    (b"NaN", "document: must be an object, not Decimal"),
    (b'{"owner": "admin@quantleap.in"}', "templates: is required"),
    (SAMPLE.replace("admin@quantleap.in", "boss@example.com").encode(), "owner: must be the owner"),
    (SAMPLE.replace('"lots": 2,', '"lots": 2, "lots": 3,', 1).encode(), f"{LEG}.lots: is given twice"),
    (SAMPLE.replace('"lots": 2,', '"lots": 0,', 1).encode(), f"{LEG}.lots: must be from 1 to 1000"),
    (SAMPLE.replace('"lots": 2,', '"lots": true,', 1).encode(), f"{LEG}.lots: must be a whole number, not a boolean"),
    (SAMPLE.replace('"lots": 2,', '"lots": NaN,', 1).encode(), f"{LEG}.lots: must be a whole number, not Decimal"),
    (SAMPLE.replace('"lots": 2,', '"lot": 2,', 1).encode(), f"{LEG}.lot: is not a known field"),
    (SAMPLE.replace('"value": 30', '"value": Infinity', 1).encode(), f"{LEG}.stop_loss.value: must be finite"),
    (SAMPLE.replace('"selection_value": 200', '"selection_value": NaN').encode(), "selection_value: must be finite"),
    (SAMPLE.replace('"999.00"', '"999.001"').encode(), "templates[0].subscription_price: must have at most 2"),
    (SAMPLE.replace('"09:20"', '"25:00"', 1).encode(), "templates[0].strategies[0].entry_time: must be a time"),
    (SAMPLE.replace('"MONDAY"', '"FUNDAY"', 1).encode(), "templates[0].strategies[0].entry_days[0]: must be one of"),
    (SAMPLE.replace('"underlying": "NIFTY"', '"underlying": "SENSEX"').encode(), "underlying: must be one of NIFTY"),
    (SAMPLE.replace("MONTHLY", "WEEKLY", 1).encode(), "expiry_type: BANKNIFTY has no weekly contracts"),
    (b'{"a@b.example": 1, "a@b.example": 2}', "(not a field name): is given twice"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "line"), WRONG_USAGE, ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_wrong_usage_names_the_option_and_ends_with_2(missing: Cli, words: tuple[str, ...], line: str) -> None:
    assert line in missing.refused(*words, exit_code=2)
    assert not missing.path.exists()


@pytest.mark.parametrize(
    "words",
    [("verify",), ("recount",), ("catalog", "list"), ("catalog", "load", "--sample"), ("partner", "keys", "zebu")],
)
def test_a_mistyped_store_is_refused_and_not_created(missing: Cli, words: tuple[str, ...]) -> None:
    assert "does not exist: create it with `quantleap init`" in missing.refused(*words)
    assert list(missing.path.parent.iterdir()) == []


def test_a_list_of_an_unknown_partner_is_an_error(cli: Cli) -> None:
    assert "No partner partner_nobody_live" in cli.refused("subscription", "list", "--partner", "nobody")


def test_a_statement_of_an_unknown_currency_is_wrong_usage(cli: Cli) -> None:
    words = ("statement", "zebu", "2026-11", "--currency", "EUR")
    assert "'--currency': must be one of INR" in cli.refused(*words, exit_code=2)


@pytest.mark.parametrize(("words", "line"), REFUSED, ids=lambda value: value[:40] if isinstance(value, str) else "")
@pytest.mark.usefixtures("subscriptions")
def test_what_is_refused_writes_nothing(cli: Cli, words: tuple[str, ...], line: str) -> None:
    before = cli.items()

    assert line in cli.refused(*words)
    assert cli.items() == before


@pytest.mark.parametrize(("content", "line"), CATALOGS, ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_a_bad_catalog_is_one_line_with_its_path_and_writes_nothing(
    cli: Cli, tmp_path: Path, content: bytes, line: str
) -> None:
    file = tmp_path / "catalog.json"
    file.write_bytes(content)

    assert line in cli.refused("catalog", "load", str(file))
    assert cli.items() == []


@pytest.mark.parametrize(
    ("name", "line"),
    [("none.json", "cannot be read: No such file or directory"), (".", "cannot be read: Is a directory")],
)
def test_a_catalog_that_cannot_be_read_says_why(cli: Cli, tmp_path: Path, name: str, line: str) -> None:
    assert cli.refused("catalog", "load", str(tmp_path / name)) == f"quantleap: FILE: {line}"


@pytest.mark.parametrize(
    ("store", "line"),
    [
        ("", "store: must be memory://, sqlite:///path/to.db or dynamodb://TABLE?region=REGION"),
        ("http://127.0.0.1", "store: must be memory://, sqlite:///path/to.db or dynamodb://TABLE?region=REGION"),
        ("sqlite:////proc/none/store.db", "/proc/none/store.db"),
    ],
)
def test_a_store_that_cannot_be_used_is_one_line(store: str, line: str) -> None:
    result = run("catalog", "list", "--store", store)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("quantleap: ")
    assert line in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_owner_that_is_no_mailbox_is_named_by_its_variable_and_not_repeated() -> None:
    result = run("catalog", "list", "--store", "memory://", env={"QUANTLEAP_OWNER": "a b@c"})

    assert result.exit_code == 1
    assert result.stderr == "quantleap: QUANTLEAP_OWNER: must be one plain mailbox such as name@example.com\n"


@pytest.mark.parametrize(
    ("words", "exit_code", "expected"),
    [
        (
            ("catalog", "show", "basket_none"),
            1,
            {
                "error": "not_found",
                "code": "TEMPLATE_NOT_FOUND",
                "message": "No template basket basket_none",
                "details": {"basket_id": "basket_none"},
            },
        ),
        (
            (*PLAN, "--date", "2026-11-28", "--at", "09:20"),
            1,
            {
                "error": "bad_request",
                "code": "NOT_A_TRADING_DAY",
                "message": "2026-11-28 is not a trading day: weekend",
                "details": {"on": "2026-11-28", "reason": "weekend"},
            },
        ),
        (
            (*PLAN, *DAY, "--at", "25:00"),
            2,
            {
                "error": "bad_request",
                "code": "USAGE",
                "message": "Invalid value for '--at': must be a time such as 09:20",
                "details": {},
            },
        ),
    ],
)
def test_with_json_the_failure_is_one_json_line_on_stderr(
    cli: Cli, words: tuple[str, ...], exit_code: int, expected: dict[str, object]
) -> None:
    result = cli.run(*words, "--json")

    assert (result.exit_code, result.stdout) == (exit_code, "")
    [line] = result.stderr.splitlines()
    assert json.loads(line) == expected
