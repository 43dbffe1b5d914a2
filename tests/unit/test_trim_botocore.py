"""The copy of botocore that a bundle takes makes the same clients from less data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.trim_botocore import SERVICES, trim


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trim(tmp_path_factory.mktemp("bundle"))


def told(program: str, path: Path | None) -> str:
    """What the program prints, with that folder before all others on the path."""
    environment = {**os.environ, "PYTHONPATH": "" if path is None else str(path)}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)  # noqa: S603 - ours
    return ran.stdout


def test_it_holds_the_few_services_and_none_else(copy: Path) -> None:
    assert {each.name for each in (copy / "data").iterdir() if each.is_dir()} == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_client_of_it_has_the_endpoint_and_the_operations_of_the_whole_one(copy: Path, service: str) -> None:
    program = (
        "from botocore.session import get_session; import botocore\n"
        f"client = get_session().create_client({service!r}, region_name='ap-south-1')\n"
        "print(client.meta.endpoint_url, sorted(client.meta.method_to_api_mapping), client.meta.service_model.metadata)"
    )
    assert told(program, copy.parent) == told(program, None)


def test_it_is_the_copy_that_is_imported(copy: Path) -> None:
    assert told("import botocore; print(botocore.__file__)", copy.parent).startswith(str(copy))


def test_a_copy_is_not_made_over_another(copy: Path) -> None:
    with pytest.raises(FileExistsError):
        trim(copy.parent)
