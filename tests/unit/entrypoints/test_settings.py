"""The environment, read once."""

import pytest
from pydantic import ValidationError

from quantleap.ports.errors import MisconfiguredError
from quantleap.settings import Settings, default_store, read_settings


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUANTLEAP_STORE", "QUANTLEAP_OWNER"):
        monkeypatch.delenv(name, raising=False)


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
