"""What each function has imported after its first requests, to the module: whoever adds one says so here.

`python -m tests.integration.api.test_lambda_imports` writes the lists anew.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.integration.api.cold_functions import Table, run, told
from tests.integration.dynamodb_local import needs_dynamodb_local

FUNCTIONS = ("marketplace_manager", "partner_api_manager", "subscription_manager")
LISTS = Path(__file__).with_name("imports")
NEVER = {"boto3", "email_validator", "pydantic", "rich", "starlette", "typer", "uvicorn", "aws_xray_sdk", "joserfc"}
"""What would be too dear, however the lists are written."""


def imported(table: Table, function: str) -> list[str]:
    """Modules of quantleap, and packages of others, after the function's first requests."""
    events = [asked.event for asked in table.first_requests(0) if asked.module == function]
    found = told(run(f"quantleap.entrypoints.lambdas.{function}", events, table.environment))
    assert set(found["statuses"]) == {200}
    ours = {name for name in found["modules"] if name.partition(".")[0] == "quantleap"}
    packages = {name.partition(".")[0] for name in found["modules"]} - sys.stdlib_module_names - {"quantleap"}
    return sorted(ours | {name for name in packages if not name.startswith(("_", "__editable__"))})


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return Table.furnished("Imports", tmp_path_factory.mktemp("keys"), 1)


@needs_dynamodb_local
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_what_is_listed_and_no_more(table: Table, function: str) -> None:
    found = imported(table, function)
    assert found == (LISTS / f"{function}.txt").read_text().split()
    assert NEVER.isdisjoint(found)


def main() -> int:
    """Write the lists."""
    with TemporaryDirectory() as folder:
        table = Table.furnished("Imports", Path(folder), 1)
        for function in FUNCTIONS:
            (LISTS / f"{function}.txt").write_text("\n".join(imported(table, function)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
