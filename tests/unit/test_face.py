"""What `import quantleap` gives, and what it costs."""

import subprocess
import sys

import pytest

import quantleap
from quantleap.domain import errors as domain_errors
from quantleap.domain.errors import InvalidInputError, QuantleapError
from quantleap.ports import errors as port_errors

HEAVY = (
    "boto3",
    "cryptography",
    "injector",
    "pydantic",
    "rich",
    "sqlite3",
    "typer",
    "quantleap.adapters",
    "quantleap.settings",
)


def _loaded(program: str) -> set[str]:
    listing = "import sys; print(*(name for name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", f"{program}\n{listing}"], capture_output=True, text=True, check=True)  # noqa: S603
    return set(ran.stdout.split())


def test_importing_it_loads_nothing_of_it_and_naming_what_it_offers_the_domain_alone() -> None:
    assert {name for name in _loaded("import quantleap") if name.startswith("quantleap")} == {
        "quantleap",
        "quantleap._version",
    }
    assert _loaded("import quantleap; quantleap.Email").isdisjoint(HEAVY)


@pytest.mark.parametrize(
    ("store", "engine", "other"), [("memory://", "memory", "sqlite"), ("sqlite:///{folder}/m.db", "sqlite", "memory")]
)
def test_opening_loads_the_engine_that_is_named_and_no_settings(
    store: str, engine: str, other: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = store.format(folder=tmp_path_factory.mktemp("store"))
    loaded = _loaded(f"import quantleap; quantleap.open({url!r}).close()")
    assert f"quantleap.adapters.store.engines.{engine}" in loaded
    assert f"quantleap.adapters.store.engines.{other}" not in loaded
    assert loaded.isdisjoint({"boto3", "cryptography", "pydantic", "rich", "typer", "quantleap.settings"})


def test_every_name_it_promises_is_there() -> None:
    assert [name for name in dir(quantleap) if not hasattr(quantleap, name)] == []


def test_every_error_is_in_its_errors() -> None:
    trees = {
        name: value
        for module in (domain_errors, port_errors)
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, QuantleapError)
    }
    assert {name: getattr(quantleap.errors, name, None) for name in trees} == trees


@pytest.mark.parametrize(
    "store",
    [
        "",
        "memory",
        "sqlite://",
        "sqlite:///",
        "mysql://x",
        "sqlite3:///x.db",
        "dynamodb://T",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=ro",
    ],
)
def test_a_store_of_another_kind_is_refused_by_name(store: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        quantleap.open(store)
    assert refusal.value.field == "store"


def test_an_owner_that_is_no_email_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        quantleap.open("memory://", owner="nobody")
    assert refusal.value.field == "owner"
