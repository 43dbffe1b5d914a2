"""What the engine's import costs whoever uses it, and that nobody else pays for it."""

import subprocess
import sys
from functools import cache

import pytest

ENGINE = "import quantleap.adapters.store.engines.dynamodb"
CLIENT_LIBRARIES = {"boto3", "botocore"}
CLIENT = "import botocore.session"
ELSEWHERE = {
    "cryptography",
    "injector",
    "pandas",
    "pydantic",
    "quantleap.adapters.store.engines.memory",
    "quantleap.adapters.store.engines.sqlite",
    "quantleap.application",
    "quantleap.composition",
    "rich",
    "sqlite3",
    "typer",
    "types_boto3_dynamodb",
    "types_boto3_dynamodbstreams",
}


@cache
def loaded(program: str) -> frozenset[str]:
    """The modules a process has after the program."""
    listing = "import sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", f"{program}\n{listing}"], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return frozenset(ran.stdout.split())


def test_the_engine_loads_no_other_engine_no_entrypoint_and_no_types() -> None:
    assert loaded(ENGINE) & ELSEWHERE == set()


def test_beyond_the_client_s_library_the_engine_loads_what_it_names_and_the_domain_needs() -> None:
    packages = {name.partition(".")[0] for name in loaded(ENGINE) - loaded(CLIENT)}
    packages -= sys.stdlib_module_names
    assert packages == {"attr", "attrs", "msgspec", "quantleap", "typing_extensions"}


def test_the_engine_s_import_opens_no_session() -> None:
    broken = f"{CLIENT}; botocore.session.Session.__init__ = None"
    assert "quantleap.adapters.store.engines.dynamodb" in loaded(f"{broken}; {ENGINE}")


@pytest.mark.parametrize(
    "program",
    [
        "import quantleap.composition",
        "import quantleap; quantleap.open('memory://').close()",
        "import quantleap.entrypoints.cli.script",
    ],
)
def test_nobody_else_loads_the_client_libraries(program: str) -> None:
    assert loaded(program) & CLIENT_LIBRARIES == set()
