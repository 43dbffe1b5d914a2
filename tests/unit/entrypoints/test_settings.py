"""The environment, read once."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from quantleap.environment import staleness
from quantleap.ports.errors import MisconfiguredError
from quantleap.ports.system import Staleness
from quantleap.ports.tokens import ExpectedTokens
from quantleap.settings import Settings, default_store, read_settings


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QUANTLEAP_{name.upper()}", raising=False)


def test_the_environment_says_store_and_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANTLEAP_STORE", "memory://")
    monkeypatch.setenv("QUANTLEAP_OWNER", "Boss@Example.com")

    assert read_settings() == Settings(store="memory://", owner="boss@example.com")


@pytest.mark.parametrize("value", [None, ""])
def test_a_silent_environment_means_a_file_in_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    for name in ("QUANTLEAP_STORE", "QUANTLEAP_OWNER"):
        if value is not None:
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_DATA_HOME", "/data")

    assert read_settings() == Settings(store="sqlite:////data/quantleap/quantleap.db", owner=None)
    assert default_store() == "sqlite:////data/quantleap/quantleap.db"


def test_settings_are_frozen() -> None:
    settings = read_settings()

    with pytest.raises(ValidationError, match="frozen"):
        settings.store = "memory://"


def test_a_bad_owner_names_the_variable_and_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANTLEAP_OWNER", "not a mailbox")

    with pytest.raises(MisconfiguredError) as raised:
        read_settings()
    assert str(raised.value) == "QUANTLEAP_OWNER: must be one plain mailbox such as name@example.com"


def test_whose_tokens_are_taken_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().expected_tokens == ExpectedTokens()
    for name, value in (("ISSUER", "https://issuer.example"), ("AUDIENCE", "client"), ("JWKS", "jwks.json")):
        monkeypatch.setenv(f"QUANTLEAP_{name}", value)
    assert read_settings().expected_tokens == ExpectedTokens("https://issuer.example", "client", "jwks.json")


SPELLED = {None: 5, "": 5, "0": 0, "7": 7, "60": 60}


@pytest.mark.parametrize(("spelled", "seconds"), SPELLED.items())
def test_the_staleness_is_the_same_whoever_reads_the_environment(
    monkeypatch: pytest.MonkeyPatch, spelled: str | None, seconds: int
) -> None:
    if spelled is not None:
        monkeypatch.setenv("QUANTLEAP_STALENESS", spelled)
    assert read_settings().as_staleness == staleness() == Staleness(timedelta(seconds=seconds))


@pytest.mark.parametrize("spelled", ["61", "-1", "5s", "five", "\u0665", "1.5"])
def test_a_staleness_that_is_none_names_the_variable(monkeypatch: pytest.MonkeyPatch, spelled: str) -> None:
    monkeypatch.setenv("QUANTLEAP_STALENESS", spelled)
    for read in (read_settings, staleness):
        with pytest.raises(MisconfiguredError, match=r"^QUANTLEAP_STALENESS: "):
            read()


@pytest.mark.parametrize(("spelled", "days"), [(None, 5 * 366), ("7", 7), ("36600", 36_600)])
def test_audit_entries_are_kept_for_as_many_days_as_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, spelled: str | None, days: int
) -> None:
    if spelled is not None:
        monkeypatch.setenv("QUANTLEAP_AUDIT_DAYS", spelled)
    assert read_settings().audit_days == days


@pytest.mark.parametrize("spelled", ["0", "36601", "a week"])
def test_days_of_the_audit_trail_that_are_none_name_the_variable(monkeypatch: pytest.MonkeyPatch, spelled: str) -> None:
    monkeypatch.setenv("QUANTLEAP_AUDIT_DAYS", spelled)
    with pytest.raises(MisconfiguredError, match=r"^QUANTLEAP_AUDIT_DAYS: "):
        read_settings()
