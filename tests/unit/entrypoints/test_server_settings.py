"""What the environment says of the local server."""

import pytest

from quantleap.ports.errors import MisconfiguredError
from quantleap.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QUANTLEAP_{name.upper()}", raising=False)


ORIGINS = {
    "": (),
    "https://app.example.com": ("https://app.example.com",),
    "https://app.example.com, http://localhost:3000": ("https://app.example.com", "http://localhost:3000"),
}


@pytest.mark.parametrize(("spelled", "origins"), ORIGINS.items(), ids=["none", "one", "two"])
def test_origins_are_apart_by_commas(monkeypatch: pytest.MonkeyPatch, spelled: str, origins: tuple[str, ...]) -> None:
    monkeypatch.setenv("QUANTLEAP_ORIGINS", spelled)
    assert read_settings().page_origins == origins


WRONG = ["*", "null", "app.example.com", "https://app.example.com/", "https://*.example.com", "https://a,,https://b"]


@pytest.mark.parametrize("spelled", WRONG)
def test_what_is_no_origin_names_the_variable(monkeypatch: pytest.MonkeyPatch, spelled: str) -> None:
    monkeypatch.setenv("QUANTLEAP_ORIGINS", spelled)
    with pytest.raises(MisconfiguredError, match=r"^QUANTLEAP_ORIGINS: must be origins apart by commas"):
        read_settings()


@pytest.mark.parametrize(("spelled", "threads"), [("1", 1), ("1000", 1000)])
def test_threads_are_a_number(monkeypatch: pytest.MonkeyPatch, spelled: str, threads: int) -> None:
    assert read_settings().threads is None
    monkeypatch.setenv("QUANTLEAP_THREADS", spelled)
    assert read_settings().threads == threads


@pytest.mark.parametrize("spelled", ["0", "1001", "many"])
def test_a_number_of_threads_that_is_none_names_the_variable(monkeypatch: pytest.MonkeyPatch, spelled: str) -> None:
    monkeypatch.setenv("QUANTLEAP_THREADS", spelled)
    with pytest.raises(MisconfiguredError, match=r"^QUANTLEAP_THREADS: "):
        read_settings()
