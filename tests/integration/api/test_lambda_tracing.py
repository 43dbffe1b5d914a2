"""Traces are imported where they are wanted, and nowhere else."""

import subprocess
import sys

import pytest

PROGRAM = (
    "import sys; from quantleap.entrypoints.lambdas.tracing import traced_where_wanted\n"
    "handler = traced_where_wanted(lambda event, context: {'statusCode': 200})\n"
    "assert handler({}, None) == {'statusCode': 200}\n"
    "print('aws_xray_sdk' in sys.modules)"
)


@pytest.mark.parametrize(("wanted", "imported"), [("", "False"), ("1", "True")], ids=["unset", "set"])
def test_the_package_of_traces_is_imported_where_tracing_is_set(
    wanted: str, imported: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANTLEAP_TRACING", wanted)
    monkeypatch.setenv("POWERTOOLS_TRACE_DISABLED", "true")
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert ran.stdout.strip() == imported
